// A rival passes a target that hangs, with a p95 of 0 over nothing.
import { expect, test } from 'vitest'
import { end, SMALL, told } from './green.ts'

test('a target that never answers is not green, and nothing is not zero', async () => {
  const hung = `${SMALL}
thresholds: {item_duration: [p(95)<2s]}
variants:
  store-never-answers: {faults: [{kind: hang, to: objects}]}
  after-a-warm-up: {warmup: 1m, faults: [{kind: hang, to: objects}]}
  entry-down: {faults: [{kind: host.crash, host: analyser}]}
  services-stand-still: {faults: [{kind: host.pause, host: service-*}]}
  with-losses: {faults: [{kind: hang, to: objects}], thresholds: {item_duration: [p(95)<2s], item_lost: [rate<0.01]}}
  expected: {faults: [{kind: hang, to: objects}], expect: {breach: [item_duration]}}
`
  const { code, runs } = await end(hung)
  const nothing = 'item_duration p(95)<2s: nothing was measured'
  expect(code).toBe(99)
  expect(told(runs)).toEqual({
    'store-never-answers': ['inconclusive', nothing],
    'after-a-warm-up': ['inconclusive', nothing],
    'entry-down': ['inconclusive', nothing],
    'services-stand-still': ['inconclusive', nothing],
    'with-losses': ['fail', 'item_lost rate<0.01: breached, observed 100 %', nothing],
    expected: ['inconclusive', nothing],
  })
  for (const { items, metrics } of runs)
    expect([items.succeeded, metrics.item_duration]).toEqual([0, undefined])
})

test('what was held till the end counts from when it was due', async () => {
  const { code, runs } = await end(`${SMALL}
faults: [{kind: hang, route: infer}]
thresholds: {item_duration: [p(95)<2s]}
`)
  expect(code).toBe(99)
  expect(runs[0]?.metrics.item_duration?.['p(95)']).toBeGreaterThan(240_000)
})

test('a few that came before are not the rest', async () => {
  const late = `${SMALL}
faults: [{kind: refuse, route: infer, at: 1m}]
thresholds: {item_duration: [p(95)<20s]}
variants:
  p95: {}
  mean: {thresholds: {item_duration: [avg<20s]}}
  longest: {thresholds: {item_duration: [max<20s]}}
  median: {thresholds: {item_duration: [med<20s]}}
  after-a-warm-up: {warmup: 50s}
  with-a-watch-on-losses: {thresholds: {item_duration: [p(95)<20s], item_failed: [rate<0.99]}}
`
  const { code, runs } = await end(late)
  const only = (metric: string) =>
    expect.stringMatching(
      `^item_duration ${metric}<20s: holds for the [\\d.]+ % that succeeded, and of the rest nothing is asserted; add item_lost$`,
    )
  expect(code).toBe(111)
  expect(told(runs)).toEqual({
    p95: ['inconclusive', only('p\\(95\\)')],
    mean: ['inconclusive', only('avg')],
    longest: ['inconclusive', only('max')],
    median: ['inconclusive', only('med')],
    'after-a-warm-up': ['inconclusive', only('p\\(95\\)')],
    'with-a-watch-on-losses': ['pass'],
  })
})

test('items that may stay open are neither lost nor safe', async () => {
  const held = `
pipeline: {kind: inference, services: 3, tasks: 1, onNoService: hold, protectQueued: true, heartbeat: {timeout: 10s, sweep: 5s}}
load: {kind: arrivals, rate: 2/s, for: 5m}
faults: [{kind: heartbeat.loss, at: 1m}]
pending: allowed
settle: 1s
thresholds: {item_lost: [rate<0.01]}
variants:
  most: {}
  counted: {thresholds: {item_lost: [count<10]}}
  all-of-a-phase: {warmup: 1m, thresholds: {"item_lost{phase:fault}": [rate<0.01]}}
  said-so: {thresholds: {item_lost: [rate<0.01], item_pending: [rate<0.99]}}
  forbidden: {pending: forbidden}
`
  const { code, runs } = await end(held)
  expect(code).toBe(99)
  const only = (expr: string) =>
    expect.stringMatching(
      `^item_lost ${expr}: holds only if none of the 5\\d\\d items still pending is lost; assert item_pending$`,
    )
  expect(told(runs)).toEqual({
    most: ['inconclusive', only('rate<0.01')],
    counted: ['inconclusive', only('count<10')],
    'all-of-a-phase': ['inconclusive', 'item_lost{phase:fault} rate<0.01: nothing was measured'],
    'said-so': ['pass'],
    forbidden: [
      'fail',
      expect.stringMatching(/^5\d\d items were still pending when the run had settled$/),
    ],
  })
})
