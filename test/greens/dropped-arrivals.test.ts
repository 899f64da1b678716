// A rival drops most of the arrivals that are due while its target stalls: the stall is missing from the percentiles.
import { expect, test } from 'vitest'
import { end, SMALL, told } from './green.ts'

const STALL = 'faults: [{kind: host.pause, host: analyser, at: 2m, for: 45s}]'
const CLOSED = 'load: {kind: closed, users: 4, for: 5m, think: 1s}'

test('a stall is in the percentiles: an item is as old as when it was due', async () => {
  const { code, runs } = await end(`${SMALL}
${STALL}
thresholds: {item_duration: [p(95)<5s], item_lost: [rate<0.01]}
variants:
  arrivals: {}
  poisson: {load: {process: poisson}}
  ramp: {load: {kind: ramp, from: 2/s, stages: [{to: 2/s, for: 5m}]}}
`)
  expect(code).toBe(99)
  for (const { verdict, metrics, items } of runs) {
    expect(verdict).toBe('fail')
    expect(items.offered).toBeGreaterThan(550)
    expect(metrics.item_duration?.['p(95)']).toBeGreaterThan(30_000)
  }
})

test('users who wait do not hide it', async () => {
  const { code, runs } = await end(`${SMALL.replace(/load.*/, CLOSED)}
${STALL}
thresholds: {item_duration: [p(95)<5s], item_lost: [rate<0.01]}
variants:
  users: {}
  after-a-warm-up: {warmup: 1m}
  expected: {expect: {breach: [item_duration]}}
  longest: {thresholds: {item_duration: [max<5s]}}
  no-stall: {faults: []}
  no-pause-between: {faults: [], load: {think: 0s, users: 40}}
`)
  const waited = expect.stringMatching(
    /^item_duration p\(95\)<5s: holds only because users waited instead of offering more, 3\d(\.\d)?s if they had not; use an open load, or max$/,
  )
  expect(code).toBe(99)
  expect(told(runs)).toEqual({
    users: ['inconclusive', waited],
    'after-a-warm-up': ['inconclusive', waited],
    expected: ['fail', 'incident did not reproduce: item_duration held', waited],
    longest: [
      'fail',
      expect.stringMatching(/^item_duration max<5s: breached, observed 45(\.\d)?s$/),
    ],
    'no-stall': ['pass'],
    'no-pause-between': ['pass'],
  })
})

test('a load that was withheld is not the load that was asked for', async () => {
  const { code, runs } = await end(`${SMALL}
faults: [{kind: load.stop, at: 1s}]
thresholds: {item_lost: [rate<0.01], item_duration: [p(95)<5s]}
variants:
  nearly-all: {}
  all: {faults: [{kind: load.stop}]}
  in-small-too: {brief: {load: {for: 1m}}}
`)
  const late = (items: number, at: string) =>
    `all but ${items} of the items had ended before fault load.stop, at ${at}`
  expect(code).toBe(111)
  expect(told(runs)).toEqual({
    'nearly-all': ['inconclusive', late(2, '1s')],
    all: [
      'inconclusive',
      'no item was offered',
      'item_lost rate<0.01: nothing was measured',
      'item_duration p(95)<5s: nothing was measured',
      late(0, '0s'),
    ],
    'in-small-too': ['inconclusive', late(2, '1s')],
  })
})
