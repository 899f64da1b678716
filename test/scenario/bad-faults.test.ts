// Faults that cannot be: of no kind, never due, or about what no part of the scenario has.
import { expect, test } from 'vitest'
import { listed } from '../../src/base/suggest.ts'
import { FAULT_KINDS, FAULTS, RIGHT, refusal } from './reading.ts'

/** What is written, and every line that is said about it. */
type Row = [text: string, ...expected: string[]]

test.each<Row>([
  ['at: 10s', `x.yaml:4:10: faults[0]: has no \`kind\`; known: ${FAULTS}`],
  [
    'kind: clock.skw, offset: -8h',
    "x.yaml:4:17: faults[0].kind: unknown kind 'clock.skw'; did you mean 'clock.skew'?",
  ],
  [
    'kind: clockSkew, offset: -8h',
    "x.yaml:4:17: faults[0].kind: unknown kind 'clockSkew'; did you mean 'clock.skew'?",
  ],
  [
    'kind: network.chaos',
    `x.yaml:4:17: faults[0].kind: unknown kind 'network.chaos'; known: ${listed(FAULT_KINDS)}`,
  ],
  [
    'type: hang',
    "x.yaml:4:11: faults[0].type: unknown key 'type'; it is called 'kind' here: write kind: hang",
  ],
  [
    'kind: clock.skew, ofset: -8h',
    "x.yaml:4:29: faults[0].ofset: unknown key 'ofset'; did you mean 'offset'? Known: name, at, for, every, mayMiss, host, offset, jump, affects",
  ],
  [
    'kind: clock.skew, offset: 0s',
    'x.yaml:4:37: faults[0].offset: an offset of zero changes nothing',
  ],
  ['kind: clock.skew, offset: 8', 'x.yaml:4:37: faults[0].offset: 8 has no unit; write 8s or 8ms'],
  [
    'kind: clock.skew, offset: 1h, jump: 1h',
    'x.yaml:4:10: faults[0]: needs either `offset` or `jump`',
  ],
  [
    'kind: clock.skew, offset: 1h, affects: presigning',
    "x.yaml:4:50: faults[0].affects: unknown word 'presigning'; did you mean 'presign'? Known: all, presign",
  ],
  ['kind: latency', 'x.yaml:4:10: faults[0]: needs either `add` or `replace`'],
  ['kind: latency, add: {p50: 2s, p99: 1s}', 'x.yaml:4:31: faults[0].add: p99 must be above p50'],
  ['kind: latency, add: 100', 'x.yaml:4:31: faults[0].add: 100 has no unit; write 100s or 100ms'],
  [
    'kind: hang, probability: 1.5',
    'x.yaml:4:36: faults[0].probability: must be at most 1, not 1.5',
  ],
  [
    'kind: hang, probability: 50%',
    "x.yaml:4:36: faults[0].probability: needs a number, not '50%'; write 0.5",
  ],
  ['kind: hang, nth: 0', 'x.yaml:4:28: faults[0].nth: must be at least 1, not 0'],
  [
    'kind: hang, mayMiss: sometimes',
    "x.yaml:4:32: faults[0].mayMiss: needs true or false, not 'sometimes'",
  ],
  ['kind: hang, key: ""', 'x.yaml:4:28: faults[0].key: must not be empty'],
  ['kind: status', 'x.yaml:4:10: faults[0].status: missing; needs a whole number'],
  ['kind: status, status: 200', 'x.yaml:4:33: faults[0].status: must be at least 400, not 200'],
  [
    'kind: status, status: 404, code: 404',
    "x.yaml:4:44: faults[0].code: needs text, not 404; write '404', in quotes",
  ],
  ['kind: object.delete', 'x.yaml:4:10: faults[0]: needs either `before` or `after`'],
  [
    'kind: object.delete, before: fetsh',
    "x.yaml:4:40: faults[0].before: unknown word 'fetsh'; did you mean 'fetch'? Known: fetch, head",
  ],
  [
    'kind: object.delete, before: fetch, after: put',
    'x.yaml:4:10: faults[0]: needs either `before` or `after`',
  ],
  [
    'kind: capacity, service: service-*, factor: -1',
    'x.yaml:4:55: faults[0].factor: must be at least 0, not -1',
  ],
  [
    'kind: host.crash',
    'x.yaml:4:10: faults[0].host: missing; needs a name or a glob such as service-*',
  ],
  [
    'kind: heartbeat.loss, services: everyone',
    "x.yaml:4:43: faults[0].services: needs 'all', a whole number or a list, not 'everyone'",
  ],
  [
    'kind: heartbeat.loss, services: al',
    "x.yaml:4:43: faults[0].services: unknown word 'al'; did you mean 'all'? Known: all",
  ],
  [
    'kind: heartbeat.loss, services: []',
    'x.yaml:4:43: faults[0].services: needs at least one entry',
  ],
  [
    'kind: heartbeat.loss, services: 0',
    'x.yaml:4:43: faults[0].services: must be at least 1, not 0',
  ],
  [
    'kind: partition, between: analyser',
    'x.yaml:4:10: faults[0].and: missing; needs a name or a glob such as service-* or a list',
  ],
])('a fault: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': `${RIGHT}faults: [{${text}}]\n` })).toEqual(expected)
})

test.each<Row>([
  ['kind: load.stop, at: 5', 'x.yaml:4:32: faults[0].at: 5 has no unit; write 5s or 5ms'],
  ['kind: load.stop, at: -5s', 'x.yaml:4:32: faults[0].at: a duration cannot be negative here'],
  [
    'kind: load.stop, at: 5 s',
    "x.yaml:4:32: faults[0].at: '5 s' is not a duration; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
  ],
  [
    'kind: load.stop, startTime: 5s',
    "x.yaml:4:28: faults[0].startTime: unknown key 'startTime'; it is called 'at' here",
  ],
  [
    'kind: load.stop, duration: 5s',
    "x.yaml:4:28: faults[0].duration: unknown key 'duration'; it is called 'for' here",
  ],
  [
    'kind: load.stop, for: 0s',
    'x.yaml:4:33: faults[0].for: a duration must be longer than zero here',
  ],
  [
    'kind: load.stop, for: 0',
    'x.yaml:4:33: faults[0].for: needs a duration such as 10s or 1h30m, not 0',
  ],
  ['kind: load.stop, at: 10h', 'x.yaml:4:32: faults[0].at: starts at 10h, but the load ends at 1m'],
  ['kind: load.stop, at: 1m', 'x.yaml:4:32: faults[0].at: starts at 1m, but the load ends at 1m'],
  [
    'kind: load.stop, every: 10s',
    'x.yaml:4:35: faults[0].every: comes again before it is healed; say how long it lasts: `for`, shorter than `every`',
  ],
  [
    'kind: load.stop, every: 10s, for: 10s',
    'x.yaml:4:45: faults[0].for: lasts 10s, but comes again every 10s; it must be shorter',
  ],
  [
    'kind: host.restart, host: sink, every: 5s, for: 10s',
    'x.yaml:4:59: faults[0].for: lasts 10s, but comes again every 5s; it must be shorter',
  ],
  ['kind: host.restart, host: sink, every: 5s', 'it was accepted'],
  ['kind: clock.skew, jump: 1s, every: 5s', 'it was accepted'],
  [
    'kind: load.stop, name: a b, for: 1s',
    'x.yaml:4:34: faults[0].name: a name is letters, digits, _ . -',
  ],
  [
    'kind: host.restart, host: sink, every: 0.1ms',
    'x.yaml:4:50: faults[0].every: comes 600,000 times; at most 100,000 are possible',
  ],
])('a time: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': `${RIGHT}faults: [{${text}}]\n` })).toEqual(expected)
})

test.each<Row>([
  [
    'kind: clock.skew, host: analyzer, offset: -8h',
    "x.yaml:4:35: faults[0].host: no host or part of this scenario is called or matches 'analyzer'; did you mean 'analyser'?",
  ],
  [
    'kind: host.crash, host: service-99',
    "x.yaml:4:35: faults[0].host: no host or part of this scenario is called or matches 'service-99'; did you mean 'service-7909'?",
  ],
  [
    'kind: host.crash, host: worker-*',
    "x.yaml:4:35: faults[0].host: no host or part of this scenario is called or matches 'worker-*'; known: analyser, sink, service-7901 … service-7912, objects",
  ],
  [
    'kind: hang, route: infr',
    "x.yaml:4:30: faults[0].route: no route of this scenario is called or matches 'infr'; did you mean 'infer'?",
  ],
  [
    'kind: hang, route: upload',
    "x.yaml:4:30: faults[0].route: no route of this scenario is called or matches 'upload'; known: put, head, fetch, delete, deleteMany, list, infer, publish, register, heartbeat, unregister, services, inference_stats",
  ],
  [
    'kind: hang, key: nope/**',
    "x.yaml:4:28: faults[0].key: no object key of this scenario is called or matches 'nope/**'; keys look like '人数统计/cam1/00000000.jpg'",
  ],
  [
    'kind: hang, key: "cam[/**"',
    "x.yaml:4:28: faults[0].key: no object key of this scenario is called or matches 'cam[/**'; keys look like '人数统计/cam1/00000000.jpg'",
  ],
  [
    'kind: latency, to: objetcs, add: 5s',
    "x.yaml:4:30: faults[0].to: no host or part of this scenario is called or matches 'objetcs'; did you mean 'objects'?",
  ],
  [
    'kind: latency, from: minio, add: 5s',
    "x.yaml:4:32: faults[0].from: no host or part of this scenario is called or matches 'minio'; known: analyser, sink, service-7901 … service-7912, objects",
  ],
  [
    'kind: heartbeat.loss, services: [service-7901, servce-7902]',
    "x.yaml:4:58: faults[0].services[1]: no host or part of this scenario is called or matches 'servce-7902'; did you mean 'service-7902'?",
  ],
  [
    'kind: heartbeat.loss, route: hartbeat',
    "x.yaml:4:40: faults[0].route: no route of this scenario is called or matches 'hartbeat'; did you mean 'heartbeat'?",
  ],
  [
    'kind: partition, between: analyser, and: [objects, snk]',
    "x.yaml:4:62: faults[0].and[1]: no host or part of this scenario is called or matches 'snk'; did you mean 'sink'?",
  ],
  [
    'kind: sink.down, sink: webhook',
    "x.yaml:4:34: faults[0].sink: no host or part of this scenario is called or matches 'webhook'; known: analyser, sink, service-7901 … service-7912, objects",
  ],
  [
    'kind: capacity, service: "{service-1,service-2}", factor: 1',
    "x.yaml:4:36: faults[0].service: no host or part of this scenario is called or matches '{service-1,service-2}'; known: analyser, sink, service-7901 … service-7912, objects",
  ],
])('a name: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': `${RIGHT}faults: [{${text}}]\n` })).toEqual(expected)
})

test.each<Row>([
  [
    'faults:\n  - {kind: load.stop, name: a, for: 1s}\n  - {kind: load.stop, name: a, at: 10s, for: 1s}\n  - {kind: load.stop, name: a, at: 20s, for: 1s}\n',
    'x.yaml:6:29: faults[1].name: faults[0] has this name too',
    'x.yaml:7:29: faults[2].name: faults[0] has this name too',
  ],
  [
    'warmup: 10s\nfaults:\n  - kind: load.stop\n    at: 5s\n',
    'x.yaml:7:9: faults[0].at: starts at 5s, inside the warm-up of 10s, where nothing is measured',
  ],
  [
    'faults:\n  - kind: hang\n    route: infr\n    at: 2h\n  - kind: hang\n    rout: infer\n',
    "x.yaml:9:5: faults[1].rout: unknown key 'rout'; did you mean 'route'?",
  ],
])('several faults: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': RIGHT + text })).toEqual(expected)
})
