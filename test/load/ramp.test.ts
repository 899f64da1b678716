// Ramps: the rate moves in a straight line, and each item is due where its integral says.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ramp } from '../../src/load/ramp.ts'
import { playLoad, timesOf } from './offers.ts'

describe('ramp', () => {
  /** The integral of the rate up to `ms`: items that are due by then. */
  const integral = (
    from: number,
    stages: readonly { to: number; s: number }[],
    ms: number,
  ): number => {
    let rest = ms / 1_000
    let start = from
    let sum = 0
    for (const { to, s } of stages) {
      const t = Math.min(rest, s)
      sum += start * t + (((to - start) / s) * t * t) / 2
      rest -= t
      start = to
    }
    return sum
  }
  const play = (from: number, stages: readonly { to: number; s: number }[]) => {
    const rateOf = (perSecond: number) => (perSecond === 0 ? 0 : `${perSecond}/s`)
    return playLoad(ramp, {
      from: rateOf(from),
      stages: stages.map(({ to, s }) => ({ to: rateOf(to), for: `${s}s` })),
    })
  }

  test('a straight line: the nth item is due when the integral reaches n + ½', () => {
    const played = play(0, [{ to: 4, s: 2 }])
    // 2·t² / 2 = n + ½, so t = √(n + ½).
    expect(timesOf(played).map((ms) => (ms / 1_000) ** 2)).toEqual(
      [0.5, 1.5, 2.5, 3.5].map((n) => expect.closeTo(n, 9)),
    )
    expect([played.durationMs, played.expected, played.describe]).toEqual([
      2_000,
      4,
      '0 → 4/s over 2s',
    ])
  })

  test('any ramp: exactly so many, each at its own point of the integral', () => {
    const rate = fc.integer({ min: 0, max: 40 }).map((n) => n / 4)
    const stage = fc.record({ to: rate, s: fc.integer({ min: 1, max: 60 }) })
    fc.assert(
      fc.property(rate, fc.array(stage, { minLength: 1, maxLength: 5 }), (from, stages) => {
        const played = play(from, stages)
        const total = integral(from, stages, played.durationMs)
        expect(Math.abs(played.offers.length - total)).toBeLessThanOrEqual(0.5 + 1e-6)
        expect(Math.abs(played.offers.length - played.expected)).toBeLessThanOrEqual(1)
        const times = timesOf(played)
        const errors = times.map((ms, n) => Math.abs(integral(from, stages, ms) - (n + 0.5)))
        expect(Math.max(0, ...errors)).toBeLessThan(1e-6)
        expect(Math.max(0, ...times)).toBeLessThanOrEqual(played.durationMs)
      }),
      { numRuns: 200 },
    )
  })

  test('at rest nothing comes, and a flat stage is a constant rate', () => {
    expect(timesOf(play(0, [{ to: 0, s: 60 }]))).toEqual([])
    expect(timesOf(play(2, [{ to: 2, s: 3 }]))).toEqual([250, 750, 1_250, 1_750, 2_250, 2_750])
    expect(
      timesOf(
        play(0, [
          { to: 0, s: 5 },
          { to: 2, s: 1 },
        ]),
      ),
    ).toEqual([5_000 + 1_000 * Math.sqrt(0.5)])
  })
})
