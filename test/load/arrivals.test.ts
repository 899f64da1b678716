// Arrivals: an open model at a constant or Poisson rate, with or without bursts.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrivals } from '../../src/load/arrivals.ts'
import { playLoad, timesOf } from './offers.ts'

describe('constant', () => {
  test('the nth item is due at n ÷ rate, to the last digit', () => {
    const played = playLoad(arrivals, { rate: '3/s', for: '2s' })
    expect(timesOf(played)).toEqual([0, 1_000 / 3, 2_000 / 3, 1_000, 4_000 / 3, 5_000 / 3])
    expect(played.describe).toBe('3/s constant for 2s')
    expect([played.durationMs, played.expected]).toEqual([2_000, 6])
  })

  test('errors do not add up over a day', () => {
    const times = timesOf(playLoad(arrivals, { rate: '7/m', for: '24h' }))
    expect(times).toHaveLength(7 * 60 * 24)
    expect(times.at(-1)).toBe(((times.length - 1) * 1_000) / (7 / 60))
  })

  test('no item is due at the end, and each is offered when it is due', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 20_000 }),
        (perMinute, ms) => {
          const { offers, expected } = playLoad(arrivals, {
            rate: `${perMinute}/m`,
            for: `${ms}ms`,
          })
          expect(offers).toHaveLength(Math.ceil((perMinute * ms) / 60_000 - 1e-9))
          expect(Math.abs(offers.length - expected)).toBeLessThanOrEqual(1)
          for (const { atMs, intendedMs } of offers) expect(atMs).toBe(intendedMs)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('Poisson', () => {
  const options = { rate: '10/s', for: '1h', process: 'poisson' }
  const n = 36_000

  test('as many as expected, and gaps of mean and variance of an exponential', () => {
    for (const seed of [1, 2, 3]) {
      const times = timesOf(playLoad(arrivals, options, { seed }))
      // The count is Poisson(36,000): 4 σ are 759.
      expect(Math.abs(times.length - n)).toBeLessThan(4 * Math.sqrt(n))
      const gaps = times.map((at, i) => at - (times[i - 1] ?? 0))
      const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length
      const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (gaps.length - 1)
      // Standard errors for an exponential of mean m: of the mean m ÷ √n, of the variance m² √(8 ÷ n).
      expect(Math.abs(mean - 100)).toBeLessThan((4 * 100) / Math.sqrt(n))
      expect(Math.abs(variance - 10_000)).toBeLessThan(4 * 10_000 * Math.sqrt(8 / n))
    }
  })

  test('counts of disjoint seconds have the variance of their mean', () => {
    const counts = new Array<number>(3_600).fill(0)
    for (const at of timesOf(playLoad(arrivals, options))) {
      const second = Math.floor(at / 1_000)
      counts[second] = (counts[second] ?? 0) + 1
    }
    const mean = counts.reduce((a, b) => a + b, 0) / counts.length
    const index = counts.reduce((sum, c) => sum + (c - mean) ** 2, 0) / (counts.length - 1) / mean
    // The index of dispersion of k counts has a standard error of about √(2 ÷ k).
    expect(Math.abs(index - 1)).toBeLessThan(4 * Math.sqrt(2 / counts.length))
  })

  test('another seed, other times; the same seed, the same', () => {
    const times = (seed: number) => timesOf(playLoad(arrivals, { ...options, for: '1m' }, { seed }))
    expect(times(1)).toEqual(times(1))
    expect(times(1)).not.toEqual(times(2))
  })
})

describe('bursts', () => {
  test('come on top, each from one source', () => {
    const { offers, expected } = playLoad(arrivals, {
      rate: '1/s',
      for: '7s',
      bursts: { every: '3s', size: 4, over: '2s' },
    })
    const bursts = offers.filter(({ batch }) => batch !== undefined)
    expect(bursts.map(({ intendedMs, batch }) => `${batch}: ${intendedMs}`)).toEqual([
      '0: 3000',
      '0: 3500',
      '0: 4000',
      '0: 4500',
      '1: 6000',
      '1: 6500',
    ])
    // What would fall behind the end is not offered; about so many are expected.
    expect([offers.length, expected]).toEqual([13, 15])
    expect(offers.map(({ atMs }) => atMs)).toEqual(
      [...offers.map(({ atMs }) => atMs)].sort((a, b) => a - b),
    )
  })

  test('at once, from an instant of their own', () => {
    const { offers } = playLoad(arrivals, {
      rate: '1/h',
      for: '25s',
      bursts: { every: '10s', size: 2, from: '0s' },
    })
    expect(
      offers
        .filter(({ batch }) => batch !== undefined)
        .map(({ intendedMs, batch }) => [intendedMs, batch]),
    ).toEqual([
      [0, 0],
      [0, 0],
      [10_000, 1],
      [10_000, 1],
      [20_000, 2],
      [20_000, 2],
    ])
  })

  test('every item of a burst is of its burst, whatever the figures', () => {
    const figures = fc.record({
      every: fc.integer({ min: 1, max: 5_000 }),
      size: fc.integer({ min: 1, max: 40 }),
      from: fc.integer({ min: 0, max: 900 }),
    })
    fc.assert(
      fc.property(
        figures,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        ({ every, size, from }, share) => {
          const over = Math.floor(every * share)
          const bursts = { every: `${every}ms`, size, over: `${over}ms`, from: `${from}ms` }
          const { offers } = playLoad(arrivals, {
            rate: '1/h',
            for: `${from + 3 * every}ms`,
            bursts,
          })
          const batches = offers.flatMap(({ batch }) => batch ?? [])
          expect(batches).toEqual([0, 1, 2].flatMap((batch) => new Array(size).fill(batch)))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('that last until the next begins are refused', () => {
    const parse = (over: string) =>
      arrivals.options.safeParse({
        kind: 'arrivals',
        rate: '1/s',
        for: '1m',
        bursts: { every: '3s', size: 4, over },
      })
    expect(parse('2999ms').success).toBe(true)
    expect(parse('3s').success).toBe(false)
  })
})
