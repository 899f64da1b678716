// Intervals at one level, and what it takes to believe a formula: it lies within, and wrong ones lie without.
import { expect } from 'vitest'
import { incompleteBeta } from '../../src/verdict/statistics.ts'

/** Seeds are fixed, so what passes goes on passing; of a thousand true formulas one would be refused at first. */
export const LEVEL = 0.999

/** Student's t, two-sided at `LEVEL`: P(|T| > t) = I_x(ν ÷ 2, 1 ÷ 2) with x = ν ÷ (ν + t²). */
export function studentT(freedom: number): number {
  let [low, high] = [0, 1_000]
  for (let i = 0; i < 60; i++) {
    const t = (low + high) / 2
    const beyond = incompleteBeta(freedom / (freedom + t ** 2), freedom / 2, 0.5)
    if (beyond > 1 - LEVEL) low = t
    else high = t
  }
  return low
}

/**
 * The interval of a mean by independent samples: one run for each seed where the items of a run depend on each other
 * (A. M. Law, Simulation Modeling and Analysis, 5th ed. 2015, § 9.5.2, the replication/deletion approach).
 */
export function interval(samples: readonly number[]): { low: number; high: number } {
  const n = samples.length
  const mean = samples.reduce((sum, x) => sum + x, 0) / n
  const variance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1)
  const half = studentT(n - 1) * Math.sqrt(variance / n)
  return { low: mean - half, high: mean + half }
}

/** The formula's value lies in the interval. So that this says something, none of the `wrong` ones does. */
export function expectMean(
  samples: readonly number[],
  formula: number,
  wrong: Readonly<Record<string, number>>,
): void {
  const { low, high } = interval(samples)
  const isIn = (value: number) => low < value && value < high
  const seen = { low, high, formula, isIn: isIn(formula) }
  expect(seen).toEqual({ ...seen, isIn: true })
  const passing = Object.entries(wrong).filter(([, value]) => isIn(value))
  expect({ low, high, passing }).toEqual({ low, high, passing: [] })
}

/** Of `n` independent trials that each hit with probability `p`: whether so many hits are not too few nor too many. */
export function isBinomial(hits: number, n: number, p: number): boolean {
  const tail = (1 - LEVEL) / 2
  // P(X ≥ k) = I_p(k, n − k + 1): NIST Digital Library of Mathematical Functions, § 8.17.5.
  const atLeast = (k: number) => (k <= 0 ? 1 : k > n ? 0 : incompleteBeta(p, k, n - k + 1))
  return atLeast(hits) > tail && 1 - atLeast(hits + 1) > tail
}
