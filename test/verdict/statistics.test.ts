// Bounds and intervals against published tables and against their own definitions.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  incompleteBeta,
  pairedDifference,
  shareBounds,
  studentT,
} from '../../src/verdict/statistics.ts'

describe('the incomplete beta function', () => {
  it('has the closed forms of its simplest cases', () => {
    fc.assert(
      fc.property(
        // Nearer to 0, 1 - x is no longer the mirror of x.
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        (x, a) => {
          expect(incompleteBeta(x, a, 1)).toBeCloseTo(x ** a, 10)
          expect(incompleteBeta(x, 1, a)).toBeCloseTo(1 - (1 - x) ** a, 10)
          expect(incompleteBeta(x, a, a) + incompleteBeta(1 - x, a, a)).toBeCloseTo(1, 10)
        },
      ),
    )
  })

  it('is the tail of a binomial distribution', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k)
    const tail = (k: number, n: number, p: number) =>
      Array.from({ length: n - k + 1 }, (_, i) => k + i).reduce(
        (sum, j) => sum + choose(n, j) * p ** j * (1 - p) ** (n - j),
        0,
      )
    for (const [k, n, p] of [
      [1, 5, 0.2],
      [3, 10, 0.4],
      [18, 20, 0.9],
    ] as const)
      expect(incompleteBeta(p, k, n - k + 1)).toBeCloseTo(tail(k, n, p), 12)
  })
})

it("gives Student's t as the tables have it (two-sided 95 %)", () => {
  const table = { 1: 12.706, 2: 4.303, 4: 2.776, 9: 2.262, 29: 2.045, 1000: 1.962 }
  const found = Object.fromEntries(
    Object.keys(table).map((freedom) => [freedom, Number(studentT(Number(freedom)).toFixed(3))]),
  )
  expect(found).toEqual(table)
})

describe('the bounds of a share', () => {
  it('are exact: 59 of 59 prove 95 %, 58 of 58 do not', () => {
    expect(shareBounds(59, 59).lower).toBeGreaterThanOrEqual(0.95)
    expect(shareBounds(58, 58).lower).toBeLessThan(0.95)
    expect(shareBounds(59, 59).lower).toBeCloseTo(0.05 ** (1 / 59), 10)
    expect(shareBounds(0, 10)).toEqual({ lower: 0, upper: expect.closeTo(1 - 0.05 ** 0.1, 10) })
  })

  it('stand on either side of the share, and mirror each other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }).chain((n) => fc.tuple(fc.nat({ max: n }), fc.constant(n))),
        ([k, n]) => {
          const { lower, upper } = shareBounds(k, n)
          expect(lower).toBeLessThanOrEqual(k / n)
          expect(upper).toBeGreaterThanOrEqual(k / n)
          expect(shareBounds(n - k, n).lower).toBeCloseTo(1 - upper, 9)
        },
      ),
    )
  })
})

describe('a paired difference', () => {
  it("is Student's interval of the differences", () => {
    // Differences 1, 2, 3: mean 2, s = 1, t(2) = 4.303, half width 4.303 / √3.
    const found = pairedDifference([
      [10, 11],
      [20, 22],
      [30, 33],
    ])
    expect(found.mean).toBe(2)
    expect(found.interval?.low).toBeCloseTo(2 - 4.30265 / Math.sqrt(3), 4)
    expect(found.interval?.high).toBeCloseTo(2 + 4.30265 / Math.sqrt(3), 4)
  })

  it('has no interval from one pair', () => {
    expect(pairedDifference([[1, 4]])).toEqual({ pairs: 1, mean: 3, interval: null })
  })

  it('covers the truth in about 95 of 100 cases', () => {
    let covered = 0
    let state = 1
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
    for (let i = 0; i < 2_000; i++) {
      const pairs = Array.from({ length: 5 }, () => [0, 1 + normal()] as const)
      const { interval } = pairedDifference(pairs)
      if (interval !== null && interval.low <= 1 && interval.high >= 1) covered++
    }
    // Binomial, n = 2,000, p = 0.95: four standard deviations are 39.
    expect(Math.abs(covered - 1_900)).toBeLessThan(39)
  })
})
