// A rival draws a seeded probability once for all calls: p = 0.3 touches none of 40, or all.
import { expect, test } from 'vitest'
import type { RunResult } from '../../src/run/result.ts'
import { end, SMALL } from './green.ts'

/** Five standard deviations of a share of so many calls: the seeds are fixed, so no run is unlucky by chance. */
const spread = (calls: number) => 5 * Math.sqrt((0.3 * 0.7) / calls)

function share({ attempts, faults }: RunResult, route: string): { calls: number; share: number } {
  const calls = attempts.filter((a) => a.route === route).reduce((n, a) => n + a.count, 0)
  return { calls, share: (faults[0]?.touched ?? 0) / calls }
}

test('a probability is drawn for every call, and anew for every seed', async () => {
  const seeds = 8
  const { code, runs } = await end(
    `${SMALL}
faults: [{kind: status, status: 500, route: infer, probability: 0.3}]
thresholds: {"attempt_failed{route:infer}": [rate<0.2]}
`,
    '--seeds',
    String(seeds),
  )
  expect(code).toBe(99)
  const touched = runs.map((run) => share(run, 'infer'))
  for (const { calls, share } of touched) expect(Math.abs(share - 0.3)).toBeLessThan(spread(calls))
  expect(new Set(touched.map((one) => one.share)).size).toBe(seeds)
  // Three tries in a row fail as often as three draws do.
  const failed = runs.reduce((n, { items }) => n + items.failed, 0)
  expect(failed / (seeds * 600)).toBeGreaterThan(0.015)
  expect(failed / (seeds * 600)).toBeLessThan(0.04)
})

test('of calls about no item too', async () => {
  const { code, runs } = await end(`
pipeline: {kind: inference, services: 12}
load: {kind: arrivals, rate: 1/m, for: 2h}
faults: [{kind: heartbeat.loss, probability: 0.3}]
thresholds: {"attempt_failed{route:heartbeat}": [rate<0.2]}
`)
  expect(code).toBe(99)
  for (const run of runs) {
    const { calls, share: touched } = share(run, 'heartbeat')
    expect(calls).toBeGreaterThan(2_000)
    expect(Math.abs(touched - 0.3)).toBeLessThan(spread(calls))
  }
})

test('one so small that it touches nothing in all of the seeds proves nothing', async () => {
  const { code, runs } = await end(
    `${SMALL}
faults: [{kind: status, status: 500, route: infer, probability: 0.000001}]
thresholds: {item_lost: [rate<0.01]}
`,
    '--seeds',
    '3',
  )
  expect(code).toBe(111)
  expect(runs.map(({ verdict, reasons }) => [verdict, ...reasons])).toEqual(
    new Array(3).fill(['inconclusive', 'fault status touched nothing']),
  )
})
