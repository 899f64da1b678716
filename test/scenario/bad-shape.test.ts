// What is not of the shape of a scenario: wrong types, unknown keys and words, values out of bounds.
import { expect, test } from 'vitest'
import { RIGHT, refusal, withPipeline } from './reading.ts'

/** What is written, and every line that is said about it. */
type Row = [text: string, ...expected: string[]]

test.each<Row>([
  ['fautls: []\n', "x.yaml:4:1: fautls: unknown key 'fautls'; did you mean 'faults'?"],
  ['pipleine: {}\n', "x.yaml:4:1: pipleine: unknown key 'pipleine'; did you mean 'pipeline'?"],
  [
    '12: 3\n',
    "x.yaml:4:1: 12: unknown key '12'; known: name, incident, symptoms, about, pipeline, load, start, warmup, settle, pending, faults, windows, fingerprint, thresholds, alerts, expect, holds, brief, variants",
  ],
  ['__proto__: {a: 1}\n', "x.yaml:4:12: __proto__: '__proto__' is no name for a key"],
  ['Faults: []\n', "x.yaml:4:1: Faults: unknown key 'Faults'; did you mean 'faults'?"],
  ['faults: {kind: latency}\n', 'x.yaml:4:9: faults: needs a list, not a mapping; write [{…}]'],
  ['faults:\n', 'x.yaml:4:1: faults: needs a list, not nothing; leave it out'],
  [
    'faults: [latency]\n',
    "x.yaml:4:10: faults[0]: needs a mapping with a `kind`, not 'latency'; write {kind: latency}",
  ],
  ['faults: []\nwarmup: -1s\n', 'x.yaml:5:9: warmup: a duration cannot be negative here'],
  ['settle: 0s\n', 'x.yaml:4:9: settle: a duration must be longer than zero here'],
  ['settle: 10\n', 'x.yaml:4:9: settle: 10 has no unit; write 10s or 10ms'],
  [
    'pending: allow\n',
    "x.yaml:4:10: pending: unknown word 'allow'; did you mean 'allowed'? Known: forbidden, allowed",
  ],
  ['pending: true\n', "x.yaml:4:10: pending: needs 'forbidden' or 'allowed', not true"],
  ['symptoms: foo\n', "x.yaml:4:11: symptoms: needs a list, not 'foo'; write ['foo']"],
  ['symptoms: [404]\n', "x.yaml:4:12: symptoms[0]: needs text, not 404; write '404', in quotes"],
  [`symptoms: [""]\n`, 'x.yaml:4:12: symptoms[0]: must not be empty'],
  ['incident: 3\n', "x.yaml:4:11: incident: needs text, not 3; write '3', in quotes"],
  ['about: [a]\n', 'x.yaml:4:8: about: needs text, not a list'],
  [
    'start: yesterday\n',
    'x.yaml:4:8: start: not a date; write 2025-11-12 or, with its zone, 2025-11-12T03:37:41+08:00',
  ],
  ['start: 2025\n', "x.yaml:4:8: start: needs text, not 2025; write '2025', in quotes"],
  [
    'start: 2025-13-45\n',
    'x.yaml:4:8: start: not a date; write 2025-11-12 or, with its zone, 2025-11-12T03:37:41+08:00',
  ],
  [
    'start: 2025-11-12T03:37:41\n',
    'x.yaml:4:8: start: not a date; write 2025-11-12 or, with its zone, 2025-11-12T03:37:41+08:00',
  ],
  ['warmup: 10m\n', 'x.yaml:4:9: warmup: the warm-up of 10m leaves nothing of the load of 1m'],
  [
    'warmup: 1 minute\n',
    "x.yaml:4:9: warmup: '1 minute' has the unknown unit 'minute'; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
  ],
  ['warmup: 1m\n', 'x.yaml:4:9: warmup: the warm-up of 1m leaves nothing of the load of 1m'],
])('a setting: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': RIGHT + text })).toEqual(expected)
})

test.each<Row>([
  ['', 'x.yaml:1:1: a scenario is a mapping with pipeline and load; this file holds nothing'],
  [
    '# nothing yet\n',
    'x.yaml:1:1: a scenario is a mapping with pipeline and load; this file holds nothing',
  ],
  ['42\n', 'x.yaml:1:1: a scenario is a mapping with pipeline and load; this file holds 42'],
  ['- a\n', 'x.yaml:1:1: a scenario is a mapping with pipeline and load; this file holds a list'],
  [
    'a scenario\n',
    "x.yaml:1:1: a scenario is a mapping with pipeline and load; this file holds 'a scenario'",
  ],
  [
    'name: x\npipeline: {kind: inference}\n',
    'x.yaml:1:1: load: missing; needs a mapping with a `kind`: arrivals, closed, ramp, saturate, trace',
  ],
  [
    'load: {kind: arrivals, rate: 1/s, for: 1m}\n',
    'x.yaml:1:1: pipeline: missing; needs a mapping with a `kind`: generation, inference, process',
  ],
  [
    'name: 12\npipeline: {kind: inference}\nload: {kind: arrivals, rate: 1/s, for: 1m}\n',
    "x.yaml:1:7: name: needs text, not 12; write '12', in quotes",
  ],
  [
    'name: a/b\npipeline: {kind: inference}\nload: {kind: arrivals, rate: 1/s, for: 1m}\n',
    'x.yaml:1:7: name: a name is letters, digits, spaces, . _ -',
  ],
  [
    `name: ""\npipeline: {kind: inference}\nload: {kind: arrivals, rate: 1/s, for: 1m}\n`,
    'x.yaml:1:7: name: a name is letters, digits, spaces, . _ -',
  ],
  [
    'pipeline: inference\nload: arrivals\n',
    "x.yaml:1:11: pipeline: needs a mapping with a `kind`, not 'inference'; write {kind: inference}",
    "x.yaml:2:7: load: needs a mapping with a `kind`, not 'arrivals'; write {kind: arrivals}",
  ],
  [
    'pipeline: [inference]\nload: 12/s\n',
    'x.yaml:1:11: pipeline: needs a mapping with a `kind`, not a list',
    "x.yaml:2:7: load: needs a mapping with a `kind`, not '12/s'",
  ],
  [
    'pipeline:\nload:\n',
    'x.yaml:1:1: pipeline: needs a mapping with a `kind`, not nothing',
    'x.yaml:2:1: load: needs a mapping with a `kind`, not nothing',
  ],
  [
    'pipeline: {services: 3}\nload: {rate: 1/s}\n',
    'x.yaml:1:11: pipeline: has no `kind`; known: generation, inference, process',
    'x.yaml:2:7: load: has no `kind`; known: arrivals, closed, ramp, saturate, trace',
  ],
  [
    'pipeline: {kind: inferense}\nload: {kind: Arrivals}\n',
    "x.yaml:1:18: pipeline.kind: unknown kind 'inferense'; did you mean 'inference'? Known: generation, inference, process",
    "x.yaml:2:14: load.kind: unknown kind 'Arrivals'; did you mean 'arrivals'? Known: arrivals, closed, ramp, saturate, trace",
  ],
  [
    'pipeline: {kind: 12}\nload: {kind: }\n',
    'x.yaml:1:18: pipeline.kind: unknown kind 12; known: generation, inference, process',
    'x.yaml:2:7: load: has no `kind`; known: arrivals, closed, ramp, saturate, trace',
  ],
])('a whole file: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': text })).toEqual(expected)
})

test.each<Row>([
  [
    'servises: 3',
    "x.yaml:2:29: pipeline.servises: unknown key 'servises'; did you mean 'services'?",
  ],
  ['services: many', "x.yaml:2:39: pipeline.services: needs a whole number, not 'many'"],
  [
    "services: '3'",
    "x.yaml:2:39: pipeline.services: needs a whole number, not '3'; write 3, without quotes",
  ],
  ['services: 1.5', 'x.yaml:2:39: pipeline.services: needs a whole number, not 1.5'],
  ['services: -1', 'x.yaml:2:39: pipeline.services: must be at least 1, not -1'],
  ['services: 1000', 'x.yaml:2:39: pipeline.services: must be at most 200, not 1000'],
  ['services: ', 'x.yaml:2:29: pipeline.services: needs a whole number, not nothing'],
  [
    'services: 123456789012345678901234567890',
    'x.yaml:2:39: pipeline.services: must be at most 200, not 1.2345678901234568e+29',
  ],
  ['services: 1e400', 'x.yaml:2:39: pipeline.services: needs a whole number, not Infinity'],
  ['services: .nan', 'x.yaml:2:39: pipeline.services: needs a whole number, not NaN'],
  ['services: [3]', 'x.yaml:2:39: pipeline.services: needs a whole number, not a list'],
  [
    'heartbeat: {evry: 30s}',
    "x.yaml:2:41: pipeline.heartbeat.evry: unknown key 'evry'; did you mean 'every'? Known: every, timeout, spread, sweep",
  ],
  [
    'heartbeat: {every: 30}',
    'x.yaml:2:48: pipeline.heartbeat.every: 30 has no unit; write 30s or 30ms',
  ],
  ['heartbeat: 30s', "x.yaml:2:40: pipeline.heartbeat: needs a mapping, not '30s'"],
  [
    'heartbeat: {every: 30s, timeout: 0s}',
    'x.yaml:2:62: pipeline.heartbeat.timeout: a duration must be longer than zero here',
  ],
  [
    'checks: precheck',
    "x.yaml:2:37: pipeline.checks: unknown word 'precheck'; did you mean 'precheck+stat'? Known: none, stat, precheck+stat",
  ],
  [
    'checks: true',
    "x.yaml:2:37: pipeline.checks: needs 'none', 'stat' or 'precheck+stat', not true",
  ],
  [
    "protectQueued: 'yes'",
    "x.yaml:2:44: pipeline.protectQueued: needs true or false, not 'yes'; write true",
  ],
  [
    'protectQueued: 0',
    'x.yaml:2:44: pipeline.protectQueued: needs true or false, not 0; write false',
  ],
  [
    'call: {spacing: [2s, soon]}',
    "x.yaml:2:50: pipeline.call.spacing[1]: 'soon' is not a duration; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
  ],
  ['call: {spacing: []}', 'x.yaml:2:45: pipeline.call.spacing: needs at least one entry'],
  [
    'call: {spacing: 2s}',
    "x.yaml:2:45: pipeline.call.spacing: needs a list, not '2s'; write ['2s']",
  ],
  ['taskType: a/b', 'x.yaml:2:39: pipeline.taskType: a task type is one folder name'],
  ['taskType: ""', 'x.yaml:2:39: pipeline.taskType: must not be empty'],
  ['queue: {max: 0}', 'x.yaml:2:42: pipeline.queue.max: must be at least 1, not 0'],
  [
    'service: {detections: 30%}',
    "x.yaml:2:51: pipeline.service.detections: needs a number, not '30%'; write 0.3",
  ],
  [
    'service: {detections: 1.5}',
    'x.yaml:2:51: pipeline.service.detections: must be at most 1, not 1.5',
  ],
  ['__proto__: {services: 3}', "x.yaml:2:40: pipeline.__proto__: '__proto__' is no name for a key"],
  [
    'processedFor: 400d',
    "x.yaml:2:43: pipeline.processedFor: '400d' is longer than a year; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
  ],
  [
    'processedFor: 5 parsecs',
    "x.yaml:2:43: pipeline.processedFor: '5 parsecs' has the unknown unit 'parsecs'; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
  ],
  [
    'processedFor: -24h',
    'x.yaml:2:43: pipeline.processedFor: a duration must be longer than zero here',
  ],
])('an option of the pipeline: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': withPipeline(text) })).toEqual(expected)
})

test.each<Row>([
  ['200', 'x.yaml:2:50: pipeline.service.inference: 200 has no unit; write 200s or 200ms'],
  [
    '200 ms',
    "x.yaml:2:50: pipeline.service.inference: '200 ms' is not a duration; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
  ],
  ['-200ms', 'x.yaml:2:50: pipeline.service.inference: a time cannot be negative'],
  [
    'fast',
    "x.yaml:2:50: pipeline.service.inference: 'fast' is not a duration; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
  ],
  [
    '{}',
    'x.yaml:2:50: pipeline.service.inference: needs a time such as 200ms, or {p50, p99}, {mean, p99} or {dist, …}, not an empty mapping',
  ],
  [
    '[200ms]',
    'x.yaml:2:50: pipeline.service.inference: needs a time such as 200ms, or {p50, p99}, {mean, p99} or {dist, …}, not a list',
  ],
  [
    'true',
    'x.yaml:2:50: pipeline.service.inference: needs a time such as 200ms, or {p50, p99}, {mean, p99} or {dist, …}, not true',
  ],
  [
    '{mean: 200ms, p99: 100ms}',
    'x.yaml:2:50: pipeline.service.inference: no lognormal has this mean and p99: p99 must be above the mean and at most 14.97 times it',
  ],
  [
    '{mean: 200ms, p99: 100s}',
    'x.yaml:2:50: pipeline.service.inference: no lognormal has this mean and p99: p99 must be above the mean and at most 14.97 times it',
  ],
  ['{p50: 200ms, p99: 100ms}', 'x.yaml:2:50: pipeline.service.inference: p99 must be above p50'],
  [
    '{p50: 200ms, mean: 100ms}',
    'x.yaml:2:50: pipeline.service.inference: needs a time such as 200ms, or {p50, p99}, {mean, p99} or {dist, …}, not {p50, mean}',
  ],
  [
    '{p50: 200ms}',
    'x.yaml:2:50: pipeline.service.inference.p99: missing; needs a duration such as 10s or 1h30m',
  ],
  [
    '{p50: 200ms, p90: 300ms}',
    "x.yaml:2:63: pipeline.service.inference.p90: unknown key 'p90'; did you mean 'p99'? Known: p99",
  ],
  [
    '{mean: 200, p99: 300}',
    'x.yaml:2:57: pipeline.service.inference.mean: 200 has no unit; write 200s or 200ms',
    'x.yaml:2:67: pipeline.service.inference.p99: 300 has no unit; write 300s or 300ms',
  ],
  [
    '{dist: gaussian, mean: 100ms}',
    "x.yaml:2:57: pipeline.service.inference.dist: unknown distribution 'gaussian'; known: constant, uniform, exponential, lognormal, empirical, mix",
  ],
  [
    '{dist: lognorml, mean: 100ms, p99: 200ms}',
    "x.yaml:2:57: pipeline.service.inference.dist: unknown distribution 'lognorml'; did you mean 'lognormal'? Known: constant, uniform, exponential, lognormal, empirical, mix",
  ],
  [
    '{dist: lognormal, mean: 100ms}',
    'x.yaml:2:50: pipeline.service.inference.p99: missing; needs a duration such as 10s or 1h30m',
  ],
  [
    '{dist: exponential}',
    'x.yaml:2:50: pipeline.service.inference.mean: missing; needs a duration such as 10s or 1h30m',
  ],
  [
    '{dist: exponential, mean: 0s}',
    'x.yaml:2:76: pipeline.service.inference.mean: a duration must be longer than zero here',
  ],
  [
    '{dist: exponential, mean: 1s, p99: 2s}',
    "x.yaml:2:80: pipeline.service.inference.p99: unknown key 'p99'; known: dist, mean",
  ],
  [
    '{dist: uniform, min: 2s, max: 1s}',
    'x.yaml:2:50: pipeline.service.inference: max must be above min',
  ],
  [
    '{dist: constant}',
    'x.yaml:2:50: pipeline.service.inference.value: missing; needs a duration such as 10s or 1h30m',
  ],
  [
    '{dist: empirical}',
    'x.yaml:2:50: pipeline.service.inference: needs `file` (one duration a line) or `values`',
  ],
  [
    '{dist: empirical, values: []}',
    'x.yaml:2:76: pipeline.service.inference.values: needs at least one entry',
  ],
  [
    '{dist: empirical, values: [1s, x]}',
    "x.yaml:2:81: pipeline.service.inference.values[1]: 'x' is not a duration; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
  ],
  ['{dist: mix, of: []}', 'x.yaml:2:66: pipeline.service.inference.of: needs at least one entry'],
  [
    '{dist: mix, of: [{weight: 0, is: 3s}]}',
    'x.yaml:2:76: pipeline.service.inference.of[0].weight: must be above 0, not 0',
  ],
  [
    '{dist: mix, of: [{wieght: 1, is: 3s}]}',
    "x.yaml:2:68: pipeline.service.inference.of[0].wieght: unknown key 'wieght'; did you mean 'weight'? Known: weight",
  ],
  [
    '{dist: mix, of: [{weight: 1, is: {p50: 3s, p99: 2s}}]}',
    'x.yaml:2:83: pipeline.service.inference.of[0].is: p99 must be above p50',
  ],
])('a distribution: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': withPipeline(`service: {inference: ${text}}`) })).toEqual(
    expected,
  )
})
