// Distributions of times: known quantiles, the lognormal's two roots, and samples that keep their promised mean.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compileDistribution,
  type DistributionSpec,
  LARGEST_P99_OVER_MEAN,
  lognormalByMean,
  normalQuantile,
} from '../../src/base/distribution.ts'

/** Draws that cover [0, 1) evenly: the middle of each of `many` equal strata. */
const stratified = (many: number) => Array.from({ length: many }, (_, i) => (i + 0.5) / many)

describe('the normal quantile', () => {
  // To 10 decimals, from tables of the standard normal distribution.
  test.each([
    [0.5, 0],
    [0.6, 0.2533471031],
    [0.75, 0.6744897502],
    [0.8, 0.8416212336],
    [0.9, 1.2815515655],
    [0.95, 1.644853627],
    [0.975, 1.9599639845],
    [0.99, 2.326347874],
    [0.999, 3.0902323062],
    [0.9999, 3.7190164855],
    [0.999999, 4.7534243088],
    [1e-9, -5.997807015],
    [1e-15, -7.9413453262],
  ])('of %d is %d', (u, z) => {
    // AS 241's shorter form is right to about 1 part in 10⁷.
    expect(Math.abs(normalQuantile(u) - z)).toBeLessThanOrEqual(1.2e-7 * Math.abs(z))
  })

  test('is odd, rises, and stays finite over all of [0, 1)', () => {
    const draws = stratified(10_000)
    const values = [0, 2 ** -53, ...draws, 1 - 2 ** -53].map(normalQuantile)
    expect(values.every(Number.isFinite)).toBe(true)
    expect(values).toEqual(values.toSorted((a, b) => a - b))
    for (const u of draws)
      expect(Math.abs(normalQuantile(u) + normalQuantile(1 - u))).toBeLessThan(1e-6)
  })
})

describe('a lognormal by its mean and p99', () => {
  test('takes the smaller of the two roots: mean 0.5 s and p99 2 s', () => {
    const { mu, sigma } = lognormalByMean(0.5, 2)
    expect([mu.toFixed(4), sigma.toFixed(4)]).toEqual(['-0.9394', '0.7018'])
  })

  test('has that mean and that p99, and a median below the mean, up to the largest ratio', () => {
    const ratio = fc.double({ min: 1.001, max: LARGEST_P99_OVER_MEAN, noNaN: true })
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e6, noNaN: true }), ratio, (mean, p99OverMean) => {
        const { mu, sigma } = lognormalByMean(mean, mean * p99OverMean)
        expect(Math.exp(mu + sigma ** 2 / 2) / mean).toBeCloseTo(1, 6)
        expect(Math.exp(mu + 2.3263478740408408 * sigma) / (mean * p99OverMean)).toBeCloseTo(1, 6)
        expect(sigma).toBeLessThanOrEqual(2.3263478740408408)
      }),
    )
  })

  test('the largest ratio is 14.97', () => {
    expect(LARGEST_P99_OVER_MEAN.toFixed(2)).toBe('14.97')
    expect(lognormalByMean(1, LARGEST_P99_OVER_MEAN).sigma).toBeCloseTo(2.3263, 3)
  })
})

const SPECS: readonly DistributionSpec[] = [
  { dist: 'constant', value: 250 },
  { dist: 'uniform', min: 100, max: 300 },
  { dist: 'exponential', mean: 40 },
  { dist: 'lognormal', mean: 500, p99: 2_000 },
  { dist: 'lognormal', p50: 120, p99: 600 },
  { dist: 'empirical', values: [5, 1, 4, 1, 9] },
  {
    dist: 'mix',
    of: [
      { weight: 9, is: { dist: 'lognormal', p50: 100, p99: 300 } },
      { weight: 1, is: { dist: 'uniform', min: 4_000, max: 6_000 } },
    ],
  },
]

describe.each(SPECS)('$dist %#', (spec) => {
  const { sample, meanMs } = compileDistribution(spec)

  test('has the mean it promises', () => {
    const draws = stratified(200_000)
    const mean = draws.reduce((sum, u) => sum + sample(u), 0) / draws.length
    expect(Math.abs(mean / meanMs - 1)).toBeLessThan(5e-4)
  })

  test('gives a time that is finite and not negative for any draw', () => {
    for (const u of [0, 2 ** -53, 0.5, 1 - 2 ** -53]) {
      expect(Number.isFinite(sample(u))).toBe(true)
      expect(sample(u)).toBeGreaterThanOrEqual(0)
    }
  })
})

const at = (spec: DistributionSpec, draws: readonly number[]) =>
  draws.map(compileDistribution(spec).sample)

test('quantiles are those of the specification', () => {
  expect(at({ dist: 'constant', value: 7 }, [0, 0.5, 0.999])).toEqual([7, 7, 7])
  expect(at({ dist: 'uniform', min: 10, max: 30 }, [0, 0.25, 0.5])).toEqual([10, 15, 20])
  const [p50, p99] = at({ dist: 'lognormal', p50: 200, p99: 900 }, [0.5, 0.99])
  expect([p50?.toFixed(3), p99?.toFixed(3)]).toEqual(['200.000', '900.000'])
  expect(at({ dist: 'exponential', mean: 100 }, [1 - Math.exp(-1)])[0]).toBeCloseTo(100, 9)
})

test('an empirical distribution gives each of its values its equal share', () => {
  const draws = [0, 0.24, 0.25, 0.5, 0.75, 1 - 2 ** -53]
  expect(at({ dist: 'empirical', values: [30, 10, 20, 10] }, draws)).toEqual([
    10, 10, 10, 20, 30, 30,
  ])
})

test('a mix gives each part its share of the draws, and the whole of the part', () => {
  const of = [
    { weight: 3, is: { dist: 'uniform', min: 0, max: 1 } },
    { weight: 1, is: { dist: 'uniform', min: 10, max: 14 } },
  ] as const
  expect(at({ dist: 'mix', of }, [0, 0.375, 0.75, 0.875])).toEqual([0, 0.5, 10, 12])
  expect(compileDistribution({ dist: 'mix', of }).meanMs).toBe(0.75 * 0.5 + 0.25 * 12)
})
