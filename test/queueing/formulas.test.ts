// The yardsticks themselves: published values, and what one formula must be where it meets another.
import { describe, expect, test } from 'vitest'
import {
  drainTime,
  drainTimeInServices,
  erlangB,
  erlangC,
  inSystem,
  lossShare,
  meanWait,
  meanWaiting,
  pollaczekKhinchine,
  tries,
  waitDropNewest,
  waitDropOldest,
} from './formulas.ts'
import { expectMean, interval, isBinomial, studentT } from './intervals.ts'

describe('the formulas', () => {
  test('Erlang C: tables, and M/M/1', () => {
    expect(erlangC(3, 2.4)).toBeCloseTo(0.6472, 4)
    expect(erlangC(14, 10)).toBeCloseTo(0.1741, 4)
    expect(erlangC(1, 0.6)).toBeCloseTo(0.6, 12)
    expect(meanWait(1, 0.8)).toBeCloseTo(0.8 / 0.2, 12)
    expect(meanWaiting(1, 0.8)).toBeCloseTo(0.8 ** 2 / 0.2, 12)
  })

  test('Pollaczek and Khinchine: exponential times make M/M/1, constant ones wait half as long', () => {
    expect(pollaczekKhinchine(0.8, 2)).toBeCloseTo(meanWait(1, 0.8), 12)
    expect(pollaczekKhinchine(0.8, 1)).toBeCloseTo(meanWait(1, 0.8) / 2, 12)
  })

  test('blocking: no queue makes Erlang B, a long one Erlang C', () => {
    expect(lossShare(5, 5, 4)).toBeCloseTo(erlangB(5, 4), 12)
    const long = inSystem(5, 400, 4)
    expect(long.slice(5).reduce((sum, share) => sum + share, 0)).toBeCloseTo(erlangC(5, 4), 12)
    expect(waitDropNewest(5, 400, 4)).toBeCloseTo(meanWait(5, 4), 12)
    // M/M/1/K at ρ = 1: all numbers alike.
    expect(inSystem(1, 4, 1)).toEqual([0.2, 0.2, 0.2, 0.2, 0.2])
  })

  test('dropping the oldest: one place by hand, a long queue that drops nothing', () => {
    // The one that waits is served before the next comes with probability c ÷ (c + a), after 1 ÷ (c + a).
    const [c, a] = [2, 3]
    const one = waitDropOldest({ slots: c, droppable: 1, kept: 0 }, a)
    const system = inSystem(c, c + 1, a)
    const waiters = ((system[2] ?? 0) + (system[3] ?? 0)) * (c / (c + a))
    const served = (system[0] ?? 0) + (system[1] ?? 0) + waiters
    expect(one.droppable).toBeCloseTo(waiters / (c + a) / served, 12)
    expect(one.whole).toBe(one.droppable)
    expect(waitDropOldest({ slots: 1, droppable: 12, kept: 0 }, 0.1).whole).toBeCloseTo(
      meanWait(1, 0.1),
      9,
    )
    expect(waitDropOldest({ slots: 1, droppable: 12, kept: 1 }, 0.1).whole).toBeCloseTo(
      meanWait(1, 0.1),
      9,
    )
    // Served are as many as where the newest is refused: c·E[busy] ÷ a, which is 1 − the loss.
    expect(served).toBeCloseTo(1 - lossShare(c, c + 1, a), 12)
  })

  test('tries: added up by hand', () => {
    expect(tries(0.5, 3)).toEqual({ mean: 1 + 0.5 + 0.25, failed: 0.125 })
    // Two tries that make three each are six, the first try of the second made when the first three failed.
    expect(tries(0.5, 6).mean).toBeCloseTo(tries(0.5 ** 3, 2).mean * tries(0.5, 3).mean, 12)
  })

  test('drain: 10 jobs stood, of each 5 services 4 were for newer ones', () => {
    expect(drainTime(0.8, 12.5)).toBeCloseTo(10 / (1 - 0.8), 12)
    expect(drainTimeInServices(1.25, 12.5)).toBe(50)
    expect(drainTimeInServices(1.25, 12.49)).toBe(50)
    expect(drainTimeInServices(1.25, 12.51)).toBe(51)
  })
})

describe('the intervals', () => {
  test("Student's t as the tables have it, two-sided 99.9 %", () => {
    const table = { 1: 636.619, 4: 8.61, 9: 4.781, 19: 3.883, 59: 3.463, 1000000: 3.291 }
    const found = Object.keys(table).map((freedom) => [
      freedom,
      Number(studentT(Number(freedom)).toFixed(3)),
    ])
    expect(Object.fromEntries(found)).toEqual(table)
  })

  test('a mean: 1 … 5 is 3 ± 8.610 × √(2.5 ÷ 5)', () => {
    const { low, high } = interval([1, 2, 3, 4, 5])
    expect([low, high]).toEqual([expect.closeTo(-3.088, 3), expect.closeTo(9.088, 3)])
  })

  test('a formula outside is refused, and so is an interval that lets a wrong one in', () => {
    const samples = [9, 10, 11, 10, 10, 9, 11, 10]
    expect(() => expectMean(samples, 10, { twice: 20 })).not.toThrow()
    expect(() => expectMean(samples, 12, {})).toThrow()
    expect(() => expectMean(samples, 10, { nearly: 10.1 })).toThrow()
    expect(() => expectMean(samples, Number.NaN, {})).toThrow()
  })

  test('a count: of a hundred at one half 34 to 66 are believed', () => {
    const believed = Array.from({ length: 101 }, (_, k) => k).filter((k) => isBinomial(k, 100, 0.5))
    expect([believed[0], believed.at(-1), believed.length]).toEqual([34, 66, 33])
    // Of ten at one thousandth, two are one in twenty thousand.
    expect([0, 1, 2].map((k) => isBinomial(k, 10, 0.001))).toEqual([true, true, false])
    expect([0, 10].map((k) => isBinomial(k, 10, 0))).toEqual([true, false])
  })
})
