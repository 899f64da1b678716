// Variants and briefs: each thing is said once, where it stands, and for which of them it is wrong.
import { expect, test } from 'vitest'
import { RIGHT, refusal } from './reading.ts'

/** What is written, and every line that is said about it. */
type Row = [text: string, ...expected: string[]]

test.each<Row>([
  ['variants: [a, b]\n', 'x.yaml:4:11: variants: needs a mapping, not a list'],
  ['variants: a\n', "x.yaml:4:11: variants: needs a mapping, not 'a'"],
  ['variants: {}\n', 'x.yaml:4:11: variants: names no variant; leave it out'],
  ['variants:\n', 'x.yaml:4:1: variants: needs a mapping, not nothing'],
  ['variants:\n  a:\n', 'x.yaml:5:3: variants.a: needs a mapping, not nothing; write {}'],
  ['variants:\n  a: 3\n', 'x.yaml:5:6: variants.a: needs a mapping, not 3'],
  [
    'variants:\n  a b: {}\n',
    "x.yaml:5:3: variants.a b: 'a b' is no name for a variant: it takes letters, digits, _ . -",
  ],
  [
    `variants:\n  "": {}\n`,
    'x.yaml:5:3: variants[""]: \'\' is no name for a variant: it takes letters, digits, _ . -',
  ],
  [
    'variants:\n  a:\n    pipline: {}\n',
    "x.yaml:6:5: variants.a.pipline: unknown key 'pipline'; did you mean 'pipeline'?",
  ],
  [
    'variants:\n  a: {name: b}\n',
    "x.yaml:5:7: variants.a.name: 'name' stands at the top of the file only",
  ],
  [
    'variants:\n  a: {variants: {}}\n',
    "x.yaml:5:7: variants.a.variants: 'variants' stands at the top of the file only",
  ],
  [
    'variants:\n  a:\n    pipeline: {heartbeat: {timeot: 3s}}\n',
    "x.yaml:6:28: variants.a.pipeline.heartbeat.timeot: unknown key 'timeot'; did you mean 'timeout'? Known: every, timeout, spread, sweep",
  ],
  ['variants:\n  a:\n    brief: 3\n', 'x.yaml:6:12: variants.a.brief: needs a mapping, not 3'],
  [
    'variants:\n  a:\n    brief:\n      lod: {}\n',
    "x.yaml:7:7: variants.a.brief.lod: unknown key 'lod'; did you mean 'load'?",
  ],
  [
    'variants:\n  a:\n    brief:\n      load: {rte: 3/s}\n',
    "x.yaml:7:14: variants.a.brief.load.rte: unknown key 'rte'; did you mean 'rate'? Known: kind, rate, for, process, bursts",
  ],
  [
    'variants:\n  a:\n    brief:\n      pipeline: {queue: {mx: 3}}\n  b: {}\n',
    "x.yaml:7:26: variants.a.brief.pipeline.queue.mx: unknown key 'mx'; did you mean 'max'? Known: max",
  ],
  [
    'variants:\n  a:\n    brief:\n      faults:\n        - {kind: hang, route: infr}\n',
    "x.yaml:8:31: variants.a.brief.faults[0].route: no route of this scenario is called or matches 'infr'; did you mean 'infer'?",
  ],
  [
    'variants:\n  a: {load: {kind: closed}}\n',
    'x.yaml:5:13: variants.a.load.users: missing; needs a whole number',
    'x.yaml:5:13: variants.a.load.for: missing; needs a duration such as 10s or 1h30m',
  ],
  [
    'variants:\n  a: {load: {kind: clsed, users: 3}}\n',
    "x.yaml:5:20: variants.a.load.kind: unknown kind 'clsed'; did you mean 'closed'? Known: arrivals, closed, ramp, saturate, trace",
  ],
])('variants: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': RIGHT + text })).toEqual(expected)
})

test.each<Row>([
  ['brief:\n', 'x.yaml:4:1: brief: needs a mapping, not nothing'],
  ['brief: 3\n', 'x.yaml:4:8: brief: needs a mapping, not 3'],
  ['brief: {brief: {}}\n', "x.yaml:4:9: brief.brief: 'brief' stands at the top of the file only"],
  ['brief: {name: y}\n', "x.yaml:4:9: brief.name: 'name' stands at the top of the file only"],
  ['brief: {lod: {}}\n', "x.yaml:4:9: brief.lod: unknown key 'lod'; did you mean 'load'?"],
  ['brief: {load: {for: 10}}\n', 'x.yaml:4:21: brief.load.for: 10 has no unit; write 10s or 10ms'],
  [
    'faults: [{kind: load.stop, at: 30s}]\nbrief:\n  load: {for: 10s}\n',
    'x.yaml:4:32: faults[0].at (in the brief): starts at 30s, but the load ends at 10s',
  ],
  [
    'warmup: 20s\nbrief:\n  load: {for: 10s}\n',
    'x.yaml:4:9: warmup (in the brief): the warm-up of 20s leaves nothing of the load of 10s',
  ],
  [
    'brief: {faults: [{kind: hang, to: objetcs}]}\n',
    "x.yaml:4:35: brief.faults[0].to: no host or part of this scenario is called or matches 'objetcs'; did you mean 'objects'?",
  ],
])('a brief: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': RIGHT + text })).toEqual(expected)
})

test.each<Row>([
  [
    'faults: [{kind: host.crash, host: service-7903}]\nvariants:\n  many: {}\n  few: {pipeline: {services: 2}}\n',
    "x.yaml:4:35: faults[0].host (in few): no host or part of this scenario is called or matches 'service-7903'; did you mean 'service-7901'? Known: analyser, sink, service-7901, service-7902, objects",
  ],
  [
    'faults: [{kind: host.crash, host: service-7903}]\nbrief: {pipeline: {services: 2}}\nvariants:\n  a: {}\n  b: {}\n',
    "x.yaml:4:35: faults[0].host (in the brief): no host or part of this scenario is called or matches 'service-7903'; did you mean 'service-7901'? Known: analyser, sink, service-7901, service-7902, objects",
  ],
  [
    'faults: [{kind: host.crash, host: service-7903}]\nbrief: {about: small}\nvariants:\n  a: {}\n  b: {brief: {pipeline: {services: 2}}}\n',
    "x.yaml:4:35: faults[0].host (in the brief of b): no host or part of this scenario is called or matches 'service-7903'; did you mean 'service-7901'? Known: analyser, sink, service-7901, service-7902, objects",
  ],
  [
    'faults: [{kind: hang, route: infr}]\nbrief: {load: {for: 10s}}\nvariants:\n  a: {}\n  b: {}\n',
    "x.yaml:4:30: faults[0].route: no route of this scenario is called or matches 'infr'; did you mean 'infer'?",
  ],
  [
    'thresholds: {item_lost: [rate<0.1]}\nvariants:\n  a: {expect: {breach: [item_lost]}, thresholds: {item_failed: [rate<1]}}\n  b: {expect: {breach: [item_lost]}}\n',
    "x.yaml:6:25: variants.a.expect.breach[0]: 'item_lost' is no threshold of this variant; known: item_failed",
  ],
  [
    'pipeline: {kind: inference}\nvariants: {}\n',
    'x.yaml:4:1: the key pipeline stands here a second time',
  ],
])('a base that only some variants break: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': RIGHT + text })).toEqual(expected)
})

test.each<Row>([
  [
    'faults: [{kind: load.stop}]\nbrief:\n  faults: [{kind: load.stop}]\nvariants:\n  a:\n    faults: [{kind: hang}]\n',
    'x.yaml:9:5: variants.a.faults: the brief of the scenario sets faults too and would undo this; say what it is in variants.a.brief.faults',
  ],
  [
    'brief:\n  thresholds: {item_lost: [rate<1]}\n  alerts: []\nvariants:\n  a:\n    thresholds: {item_lost: [rate<1]}\n    alerts: []\n    brief: {alerts: []}\n',
    'x.yaml:9:5: variants.a.thresholds: the brief of the scenario sets thresholds too and would undo this; say what it is in variants.a.brief.thresholds',
  ],
  [
    'brief:\n  faults: [{kind: load.stop}]\nvariants:\n  a:\n    faults: [{kind: hang}]\n    brief: {faults: [{kind: hang}]}\n',
    'it was accepted',
  ],
])('a brief that would undo a variant: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': RIGHT + text })).toEqual(expected)
})

test.each<Row>([
  [
    'warmup: 5\nfautls: []\nsettle: 0s\nvariants:\n  a:\n    pipeline: {servises: 2}\n    expect: {breech: []}\n  b:\n    pipeline: {servises: 2}\n',
    'x.yaml:4:9: warmup: 5 has no unit; write 5s or 5ms',
    "x.yaml:5:1: fautls: unknown key 'fautls'; did you mean 'faults'?",
    'x.yaml:6:9: settle: a duration must be longer than zero here',
    "x.yaml:9:16: variants.a.pipeline.servises: unknown key 'servises'; did you mean 'services'?",
    "x.yaml:10:14: variants.a.expect.breech: unknown key 'breech'; did you mean 'breach'? Known: breach, fingerprint, holds",
    "x.yaml:12:16: variants.b.pipeline.servises: unknown key 'servises'; did you mean 'services'?",
  ],
])('several mistakes, in the order of the file: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': RIGHT + text })).toEqual(expected)
})

test('of very many mistakes the first twenty', async () => {
  const faults = Array.from({ length: 25 }, (_, i) => `  - {kind: fault-${i}x}\n`).join('')
  const lines = await refusal({ 'x.yaml': `${RIGHT}faults:\n${faults}` })
  expect(lines.map((line) => line.split(';')[0])).toEqual([
    ...Array.from(
      { length: 20 },
      (_, i) => `x.yaml:${5 + i}:12: faults[${i}].kind: unknown kind 'fault-${i}x'`,
    ),
    'x.yaml: and 5 problems more',
  ])
})
