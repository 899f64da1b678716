// M/G/1: Poisson arrivals, one slot, any distribution of times. The mean wait by Pollaczek and Khinchine, which takes
// only the mean and the mean square of the times, so that it tells one distribution of a scenario from another.
import { test } from 'vitest'
import { pollaczekKhinchine } from './formulas.ts'
import { expectMean } from './intervals.ts'
import { asking, ms, of, runs, STEADY, steady, UNHURRIED } from './runs.ts'
import { SERVICE_MS, station } from './station.ts'

const RHO = 0.7
const ASKED = {
  waitMs: `part_wait{part:service,${STEADY}} avg`,
  utilisation: `part_utilisation{part:service,${STEADY}} avg`,
}

/** The 0.99 quantile of the standard normal distribution. */
const Z99 = 2.3263478740408408
const SIGMA = 0.6
/** A lognormal's E[X] = e^(μ + σ²/2) and E[X²] ÷ E[X]² = e^(σ²) (N. L. Johnson et al., Continuous Univariate Distributions 1, 2nd ed. 1994, ch. 14). */
const MEDIAN_MS = SERVICE_MS * Math.exp(-(SIGMA ** 2) / 2)
const P99_MS = MEDIAN_MS * Math.exp(Z99 * SIGMA)
/** ln(p99 ÷ mean) = z·σ − σ²/2 has this root, too. */
const OTHER_SIGMA = 2 * Z99 - SIGMA

/** In units of the mean, which is theirs: 1. */
const VALUES = [0.25, 0.25, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 1.5, 4.5]
const SQUARES = VALUES.reduce((sum, x) => sum + x ** 2, 0) / VALUES.length

const exponential = (mean: number) => ({ dist: 'exponential', mean: ms(mean * SERVICE_MS) })

test.each([
  { name: 'constant', first: 1, time: ms(SERVICE_MS), squares: 1 },
  {
    name: 'lognormal by mean and p99',
    first: 201,
    time: { mean: ms(SERVICE_MS), p99: ms(P99_MS) },
    squares: Math.exp(SIGMA ** 2),
    wrong: { 'the other root': Math.exp(OTHER_SIGMA ** 2) },
  },
  {
    name: 'lognormal by median and p99',
    first: 301,
    time: { p50: ms(MEDIAN_MS), p99: ms(P99_MS) },
    squares: Math.exp(SIGMA ** 2),
  },
  {
    name: 'empirical',
    first: 401,
    time: { dist: 'empirical', values: VALUES.map((x) => ms(x * SERVICE_MS)) },
    squares: SQUARES,
  },
  {
    name: 'a mix of two exponential ones',
    first: 501,
    time: {
      dist: 'mix',
      of: [
        { weight: 3, is: exponential(0.5) },
        { weight: 1, is: exponential(2.5) },
      ],
    },
    // E[X²] of an exponential is twice its mean's square.
    squares: 2 * (0.75 * 0.5 ** 2 + 0.25 * 2.5 ** 2),
  },
])(
  '$name times wait as Pollaczek and Khinchine say',
  UNHURRIED,
  async ({ first, time, squares, wrong }) => {
    const load = steady({ load: RHO, serviceMs: SERVICE_MS, measured: 2_500, warmup: 400 })
    const seen = await runs(of(station, { time }, asking(ASKED, load)), { first })
    const waits = seen.waitMs.map((waitMs) => waitMs / SERVICE_MS)
    const others = { 'exponential times': 2, ...wrong }
    expectMean(waits, pollaczekKhinchine(RHO, squares), {
      'a tenth less load': pollaczekKhinchine(0.9 * RHO, squares),
      'a tenth more load': pollaczekKhinchine(1.1 * RHO, squares),
      ...Object.fromEntries(
        Object.entries(others).map(([name, other]) => [name, pollaczekKhinchine(RHO, other)]),
      ),
    })
    expectMean(seen.utilisation, RHO, { less: 0.95 * RHO, more: 1.05 * RHO })
  },
)
