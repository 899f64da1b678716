// The histogram: quantiles within half a percent of the exact ones, and merging that loses nothing.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileDistribution, type DistributionSpec } from '../../src/base/distribution.ts'
import { Random } from '../../src/base/random.ts'
import { Histogram } from '../../src/metrics/histogram.ts'

/** Half a bucket: buckets are 1 % wide and their geometric middle is reported. */
const WORST = Math.sqrt(1.01) - 1 + 1e-9
const QUANTILES = [0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1]

function recorded(values: Iterable<number>): Histogram {
  const histogram = new Histogram()
  for (const value of values) histogram.record(value)
  return histogram
}

/** All that can be read from it. */
const shown = (h: Histogram) => ({
  count: h.count,
  sum: h.sum,
  min: h.min,
  max: h.max,
  mean: h.mean,
  quantiles: QUANTILES.map((q) => h.quantile(q)),
})

function merged(...parts: readonly Histogram[]): Histogram {
  const all = new Histogram()
  for (const part of parts) all.merge(part)
  return all
}

/** The smallest value that at least a share `q` of the sorted values does not exceed. */
const exact = (sorted: ArrayLike<number>, q: number) =>
  sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? Number.NaN

function expectClose(values: readonly number[]): void {
  const sorted = Float64Array.from(values).sort()
  const histogram = recorded(values)
  for (const q of QUANTILES)
    expect(
      Math.abs(histogram.quantile(q) / exact(sorted, q) - 1),
      `quantile ${q}`,
    ).toBeLessThanOrEqual(WORST)
}

const SPECS: readonly DistributionSpec[] = [
  { dist: 'constant', value: 42 },
  { dist: 'uniform', min: 1, max: 1_000 },
  { dist: 'uniform', min: 0.002, max: 0.02 },
  { dist: 'exponential', mean: 250 },
  { dist: 'lognormal', mean: 500, p99: 2_000 },
  { dist: 'lognormal', p50: 10, p99: 100_000 },
  {
    dist: 'mix',
    of: [
      { weight: 99, is: { dist: 'uniform', min: 1, max: 2 } },
      { weight: 1, is: { dist: 'constant', value: 30_000 } },
    ],
  },
]

describe('quantiles are within half a percent of the exact ones', () => {
  test.each(SPECS)('$dist %#', (spec) => {
    const { sample } = compileDistribution(spec)
    const random = new Random(7)
    expectClose(
      Array.from({ length: 50_000 }, (_, i) => Math.max(0.002, sample(random.at('value', i)))),
    )
  })

  test('for any values from 1 µs to 11 days', () => {
    const value = fc.double({ min: -3, max: 9, noNaN: true }).map((e) => 10 ** e)
    fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), expectClose), {
      numRuns: 500,
    })
  })

  test('on the bounds between buckets', () => {
    expectClose(Array.from({ length: 2_700 }, (_, i) => 1e-3 * 1.01 ** i))
  })

  test('never outside of what was recorded, the largest included', () => {
    const histogram = recorded([100.3, 100.1, 100.2])
    expect(QUANTILES.map((q) => histogram.quantile(q)).every((v) => v >= 100.1 && v <= 100.3)).toBe(
      true,
    )
    expect(histogram.quantile(1)).toBe(100.3)
  })
})

test('less than a microsecond counts as zero, and more than 11 days is still counted', () => {
  const histogram = recorded([0, 0, 1e-4, 5, 1e12])
  expect([0.1, 0.6, 0.8, 1].map((q) => histogram.quantile(q).toPrecision(2))).toEqual([
    '0.0',
    '0.0',
    '5.0',
    '1.0e+12',
  ])
  expect([histogram.min, histogram.max, histogram.count]).toEqual([0, 1e12, 5])
})

test('an empty one has no quantile, and merging it changes nothing', () => {
  const empty = new Histogram()
  expect([empty.quantile(0.5), empty.mean, empty.count]).toEqual([Number.NaN, Number.NaN, 0])
  const histogram = recorded([1, 2, 3])
  expect(shown(merged(empty, histogram, empty))).toEqual(shown(histogram))
})

describe('merging', () => {
  // Whole numbers, so that sums are exact in any order.
  const values = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 60 })

  test('is the same as recording everything in one', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 6 }), (parts) => {
        expect(shown(merged(...parts.map(recorded)))).toEqual(shown(recorded(parts.flat())))
      }),
    )
  })

  test('does not depend on grouping or order, and leaves its argument alone', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const [x, y, z] = [recorded(a), recorded(b), recorded(c)]
        const before = shown(z)
        expect(shown(merged(merged(x, y), z))).toEqual(shown(merged(x, merged(y, z))))
        expect(shown(merged(z, y, x))).toEqual(shown(merged(x, y, z)))
        expect(shown(z)).toEqual(before)
      }),
    )
  })
})

describe('as if nobody had waited', () => {
  test('every value brings those that were due meanwhile', () => {
    const corrected = recorded([1, 1, 10]).asIfDueEvery(3)
    expect([corrected.count, corrected.min, corrected.max]).toEqual([5, 1, 10])
    expect([0.5, 0.8].map((q) => Math.round(corrected.quantile(q)))).toEqual([4, 7])
    expect(corrected.mean).toBeCloseTo((1 + 1 + 10 + 7 + 4) / 5, 1)
  })

  test('what is shorter than the interval stays as it is', () => {
    const histogram = recorded([0, 1, 2.5, 5.9])
    expect(shown(histogram.asIfDueEvery(3))).toEqual(shown(histogram))
    expect(new Histogram().asIfDueEvery(3).count).toBe(0)
  })

  test('a long stall is taken apart into no more than can be counted', () => {
    expect(recorded([3_600_000]).asIfDueEvery(1e-3).count).toBeLessThanOrEqual(10_000)
  })
})

describe('what was recorded since', () => {
  const value = fc.double({ min: 0.001, max: 1e6, noNaN: true })

  test('has the quantiles of those values alone, the largest included', () => {
    fc.assert(
      fc.property(fc.array(value), fc.array(value, { minLength: 1 }), (before, after) => {
        const earlier = recorded(before)
        const since = merged(earlier, recorded(after)).since(earlier)
        const alone = recorded(after)
        expect(since.count).toBe(alone.count)
        for (const q of QUANTILES)
          expect(Math.abs(since.quantile(q) - alone.quantile(q))).toBeLessThanOrEqual(
            WORST * alone.quantile(q),
          )
      }),
    )
  })

  test('is empty where nothing was', () => {
    const earlier = recorded([3, 5])
    expect(shown(recorded([3, 5]).since(earlier))).toEqual({ ...shown(new Histogram()), mean: NaN })
  })
})
