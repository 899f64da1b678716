// The series: never more than its most points, and nothing lost when neighbours merge.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOST_POINTS, type Point, Series } from '../../src/metrics/series.ts'

interface Sample {
  readonly atUs: number
  readonly value: number
}

/** The same by definition: bins of `widthUs`, grouped from the samples. */
function binned(samples: readonly Sample[], widthUs: number): Point[] {
  const groups = Map.groupBy(samples, (sample) => Math.floor(sample.atUs / widthUs))
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([bin, inside]) => {
      const values = inside.map((sample) => sample.value)
      return {
        atMs: (bin * widthUs) / 1_000,
        sum: values.reduce((a, b) => a + b, 0),
        count: values.length,
        min: Math.min(...values),
        max: Math.max(...values),
      }
    })
}

/** The narrowest width, doubled from the first, that fits the latest sample into so many bins. */
function fittingWidth(samples: readonly Sample[], firstUs: number, mostPoints: number): number {
  const lastUs = Math.max(...samples.map((sample) => sample.atUs))
  let widthUs = firstUs
  while (Math.floor(lastUs / widthUs) >= mostPoints) widthUs *= 2
  return widthUs
}

function recorded(samples: readonly Sample[], series: Series): Series {
  for (const { atUs, value } of samples) series.record(atUs, value)
  return series
}

const samples = fc.array(
  fc.record({
    atUs: fc.oneof(fc.nat(100), fc.nat(100_000), fc.nat(2 ** 31 - 1)),
    value: fc.integer({ min: -1_000, max: 1_000 }),
  }),
  { minLength: 1, maxLength: 100, size: 'max' },
)

test('holds what the definition says, in whatever order samples come and however often it merges', () => {
  fc.assert(
    fc.property(
      samples,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 50 }),
      (given, widthUs, most) => {
        const series = recorded(given, new Series(widthUs, most))
        expect(series.points()).toEqual(binned(given, fittingWidth(given, widthUs, most)))
        expect(series.length).toBeLessThanOrEqual(most)
      },
    ),
    { numRuns: 500 },
  )
})

test('sums, counts, least and most survive every merge', () => {
  fc.assert(
    fc.property(samples, (given) => {
      const points = recorded(given, new Series(1, 3)).points()
      const values = given.map((sample) => sample.value)
      expect({
        sum: points.reduce((sum, p) => sum + p.sum, 0),
        count: points.reduce((sum, p) => sum + p.count, 0),
        min: Math.min(...points.map((p) => p.min)),
        max: Math.max(...points.map((p) => p.max)),
      }).toEqual({
        sum: values.reduce((a, b) => a + b, 0),
        count: values.length,
        min: Math.min(...values),
        max: Math.max(...values),
      })
    }),
  )
})

test('a month of seconds stays within 20,000 points', () => {
  const series = new Series()
  let longest = 0
  for (let second = 0; second < 30 * 86_400; second++) {
    series.record(second * 1_000_000, second % 7)
    longest = Math.max(longest, series.length)
  }
  expect(MOST_POINTS).toBe(20_000)
  expect(longest).toBe(MOST_POINTS)
  const points = series.points()
  expect(points.length).toBeLessThanOrEqual(MOST_POINTS)
  expect(points.slice(0, 2)).toEqual([
    { atMs: 0, sum: 762, count: 256, min: 0, max: 6 },
    { atMs: 256_000, sum: 771, count: 256, min: 0, max: 6 },
  ])
  expect(points.reduce((sum, p) => sum + p.count, 0)).toBe(30 * 86_400)
})

test('an empty one has no points, and bins without samples are left out', () => {
  expect(new Series().points()).toEqual([])
  const points = recorded(
    [
      { atUs: 500, value: 2 },
      { atUs: 9_000_001, value: 3 },
    ],
    new Series(),
  ).points()
  expect(points).toEqual([
    { atMs: 0, sum: 2, count: 1, min: 2, max: 2 },
    { atMs: 9_000, sum: 3, count: 1, min: 3, max: 3 },
  ])
})
