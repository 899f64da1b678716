// Loads that cannot be: of no kind, in k6's words, without a unit, or too large to count.
import { expect, test } from 'vitest'
import { refusal, withLoad } from './reading.ts'

/** What is written, and every line that is said about it. */
type Row = [text: string, ...expected: string[]]

test.each<Row>([
  ['', 'x.yaml:3:7: load: has no `kind`; known: arrivals, closed, ramp, saturate, trace'],
  [
    'rate: 1/s, for: 1m',
    'x.yaml:3:7: load: has no `kind`; known: arrivals, closed, ramp, saturate, trace',
  ],
  [
    'kind: arivals, rate: 1/s, for: 1m',
    "x.yaml:3:14: load.kind: unknown kind 'arivals'; did you mean 'arrivals'? Known: arrivals, closed, ramp, saturate, trace",
  ],
  [
    'kind: arrivals',
    'x.yaml:3:7: load.rate: missing; needs a rate such as 12/s or 90/m',
    'x.yaml:3:7: load.for: missing; needs a duration such as 10s or 1h30m',
  ],
  [
    'kind: arrivals, rte: 1/s, for: 1m',
    "x.yaml:3:24: load.rte: unknown key 'rte'; did you mean 'rate'? Known: rate, process, bursts",
  ],
  [
    'kind: arrivals, rate: 1, for: 60',
    'x.yaml:3:30: load.rate: 1 has no unit; write 1/s or 1/m',
    'x.yaml:3:38: load.for: 60 has no unit; write 60s or 60ms',
  ],
  [
    'kind: arrivals, rate: -1/s, for: -5m',
    "x.yaml:3:30: load.rate: '-1/s' is not a rate; write 12/s, 90/m or 500/h",
    'x.yaml:3:41: load.for: a duration must be longer than zero here',
  ],
  [
    'kind: arrivals, rate: 0/s, for: 0s',
    "x.yaml:3:30: load.rate: '0/s' is not a positive rate; write 12/s, 90/m or 500/h",
    'x.yaml:3:40: load.for: a duration must be longer than zero here',
  ],
  [
    'kind: arrivals, rate: 1/sec, for: 1min',
    "x.yaml:3:30: load.rate: '1/sec' is not a rate; write 12/s, 90/m or 500/h",
    "x.yaml:3:42: load.for: '1min' has the unknown unit 'min'; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
  ],
  [
    'kind: arrivals, rate: 1e400, for: .inf',
    'x.yaml:3:30: load.rate: needs a rate such as 12/s or 90/m, not Infinity',
    'x.yaml:3:42: load.for: needs a duration such as 10s or 1h30m, not Infinity',
  ],
  [
    'kind: arrivals, rate: 2000000/s, for: 400d',
    "x.yaml:3:30: load.rate: '2000000/s' is more than a million a second",
    "x.yaml:3:46: load.for: '400d' is longer than a year; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
  ],
  [
    'kind: arrivals, rate: 1/s, for: 1m, process: possion',
    "x.yaml:3:53: load.process: unknown word 'possion'; did you mean 'poisson'? Known: constant, poisson",
  ],
  [
    'kind: arrivals, rate: 1/s, for: 1m, bursts: {evry: 10s, size: 3}',
    "x.yaml:3:53: load.bursts.evry: unknown key 'evry'; did you mean 'every'? Known: every, over, from",
  ],
  [
    'kind: arrivals, rate: 1/s, for: 1m, bursts: {every: 0s, size: 0}',
    'x.yaml:3:60: load.bursts.every: a duration must be longer than zero here',
    'x.yaml:3:70: load.bursts.size: must be at least 1, not 0',
  ],
  [
    'kind: arrivals, rate: 1/s, for: 1m, users: 3',
    "x.yaml:3:44: load.users: unknown key 'users'; known: kind, rate, for, process, bursts",
  ],
  ['kind: closed, users: 0, for: 1m', 'x.yaml:3:29: load.users: must be at least 1, not 0'],
  [
    'kind: closed, users: 1000000, for: 1m',
    'x.yaml:3:29: load.users: must be at most 100,000, not 1000000',
  ],
  [
    'kind: closed, vus: 3, for: 1m',
    "x.yaml:3:22: load.vus: unknown key 'vus'; it is called 'users' here",
  ],
  [
    'kind: closed, users: 3, for: 1m, think: 1',
    'x.yaml:3:48: load.think: 1 has no unit; write 1s or 1ms',
  ],
  ['kind: ramp, stages: []', 'x.yaml:3:28: load.stages: needs at least one entry'],
  [
    'kind: ramp, stages: [{to: 10, for: 1m}]',
    'x.yaml:3:34: load.stages[0].to: 10 has no unit; write 10/s or 10/m',
  ],
  [
    'kind: ramp, stages: {to: 10/s, for: 1m}',
    'x.yaml:3:28: load.stages: needs a list, not a mapping; write [{…}]',
  ],
  [
    'kind: ramp, from: 3, stages: [{to: 10/s, for: 1m}]',
    'x.yaml:3:26: load.from: 3 has no unit; write 3/s or 3/m',
  ],
  ['kind: trace', 'x.yaml:3:7: load: needs a `file` that holds at least one row'],
  ['kind: trace, file: ""', 'x.yaml:3:27: load.file: must not be empty'],
  [
    'kind: trace, file: t.csv, scale: 0',
    "x.yaml:3:27: load.file: cannot read 't.csv': there is no such file beside the scenario",
    'x.yaml:3:41: load.scale: must be above 0, not 0',
  ],
])('a load: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': withLoad(text) })).toEqual(expected)
})

test.each<Row>([
  [
    'kind: constant-arrival-rate, rate: 1/s, for: 1m',
    "x.yaml:3:14: load.kind: unknown kind 'constant-arrival-rate'; k6's constant-arrival-rate is 'arrivals' here",
  ],
  [
    'kind: ramping-arrival-rate',
    "x.yaml:3:14: load.kind: unknown kind 'ramping-arrival-rate'; k6's ramping-arrival-rate is 'ramp' here",
  ],
  [
    'kind: constant-vus',
    "x.yaml:3:14: load.kind: unknown kind 'constant-vus'; k6's constant-vus is 'closed' here",
  ],
  [
    'kind: ramping-vus',
    "x.yaml:3:14: load.kind: unknown kind 'ramping-vus'; k6's ramping-vus is 'closed' here",
  ],
  [
    'kind: shared-iterations',
    "x.yaml:3:14: load.kind: unknown kind 'shared-iterations'; k6's shared-iterations is 'closed' here",
  ],
  [
    'executor: constant-arrival-rate, rate: 10, timeUnit: 1s, duration: 1m',
    "x.yaml:3:8: load.executor: unknown key 'executor'; it is called 'kind' here: write kind: arrivals",
  ],
  [
    'executor: per-vu-iterations',
    "x.yaml:3:8: load.executor: unknown key 'executor'; it is called 'kind' here: write kind: closed",
  ],
  [
    'type: closed',
    "x.yaml:3:8: load.type: unknown key 'type'; it is called 'kind' here: write kind: closed",
  ],
  [
    'kind: arrivals, rate: 1/s, duration: 1m',
    "x.yaml:3:35: load.duration: unknown key 'duration'; it is called 'for' here",
  ],
  [
    'kind: ramp, stages: [{target: 10/s, duration: 1m}]',
    "x.yaml:3:30: load.stages[0].target: unknown key 'target'; it is called 'to' here",
    "x.yaml:3:44: load.stages[0].duration: unknown key 'duration'; it is called 'for' here",
  ],
  [
    'kind: ramp, startRate: 3/s, stages: [{to: 10/s, for: 1m}]',
    "x.yaml:3:20: load.startRate: unknown key 'startRate'; it is called 'from' here",
  ],
])("a load in k6's words: %j", async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': withLoad(text) })).toEqual(expected)
})

test.each<Row>([
  [
    'kind: arrivals, rate: 900000/s, for: 10h',
    'x.yaml:3:7: load: offers 32,400,000,000 items; at most 100,000,000 are possible: lower the rate or the time',
  ],
  [
    'kind: arrivals, rate: 1/s, for: 1h, bursts: {every: 1s, size: 10000000}',
    'x.yaml:3:7: load: offers 35,990,003,600 items; at most 100,000,000 are possible: lower the rate or the time',
  ],
  [
    'kind: ramp, stages: [{to: 1000000/s, for: 1h}]',
    'x.yaml:3:7: load: offers 1,800,000,000 items; at most 100,000,000 are possible: lower the rate or the time',
  ],
  [
    'kind: ramp, stages: [{to: 1/d, for: 300d}, {to: 0, for: 300d}]',
    'x.yaml:3:7: load: lasts longer than a year',
  ],
])('a load too large: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': withLoad(text) })).toEqual(expected)
})
