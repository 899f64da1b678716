// M/M/c: Poisson arrivals, exponential times, c slots. Erlang C by who finds all slots taken and how long they wait,
// Little's law and the utilisation by the gauges.
import { test } from 'vitest'
import { erlangC, meanWait, meanWaiting } from './formulas.ts'
import { expectMean } from './intervals.ts'
import { asking, ms, of, runs, STEADY, steady, UNHURRIED } from './runs.ts'
import { SERVICE_MS, station } from './station.ts'

const ASKED = {
  waitMs: `part_wait{part:service,${STEADY}} avg`,
  utilisation: `part_utilisation{part:service,${STEADY}} avg`,
  waiting: `part_queue{part:service,${STEADY}} avg`,
  foundBusy: `found_busy{${STEADY}} count`,
  offered: `items_offered{${STEADY}} count`,
}

test.each([
  { c: 1, rho: 0.6, first: 1 },
  { c: 1, rho: 0.8, first: 101 },
  { c: 4, rho: 0.6, first: 201 },
  { c: 4, rho: 0.8, first: 301 },
  { c: 12, rho: 0.6, first: 401 },
  { c: 12, rho: 0.8, first: 501 },
])('$c slots at ρ = $rho wait as Erlang C says', UNHURRIED, async ({ c, rho, first }) => {
  const a = c * rho
  const load = steady({ load: a, serviceMs: SERVICE_MS, measured: 3_000, warmup: 500 })
  const time = { dist: 'exponential', mean: ms(SERVICE_MS) }
  const seen = await runs(of(station, { slots: c, time }, asking(ASKED, load)), { first })
  const wrong = (law: (slots: number, load: number) => number) => ({
    'a slot more': law(c + 1, a),
    'a tenth less load': law(c, 0.9 * a),
    'a tenth more load': law(c, 1.1 * a),
  })
  const shareBusy = seen.foundBusy.map((count, i) => count / (seen.offered[i] ?? 0))
  expectMean(shareBusy, erlangC(c, a), wrong(erlangC))
  const waits = seen.waitMs.map((waitMs) => waitMs / SERVICE_MS)
  expectMean(waits, meanWait(c, a), wrong(meanWait))
  expectMean(seen.waiting, meanWaiting(c, a), wrong(meanWaiting))
  const utilisation = (slots: number, load: number) => load / slots
  expectMean(seen.utilisation, rho, wrong(utilisation))
})
