// Recorded arrivals: as they were, or scaled in the same shape.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { trace } from '../../src/load/trace.ts'
import { playLoad, timesOf } from './offers.ts'

describe('trace', () => {
  const play = (rows: readonly object[], more = {}) => playLoad(trace, { rows, ...more })

  test('times as they were recorded, in order', () => {
    const played = play([{ at: 1_500 }, { at: 0 }, { at: 700 }, { at: 700 }])
    expect(timesOf(played)).toEqual([0, 700, 700, 1_500])
    expect([played.durationMs, played.expected, played.describe]).toEqual([
      1_501,
      4,
      '4 recorded arrivals × 1 over 1.5s',
    ])
  })

  test('counts are spread over the time that they cover', () => {
    const rows = [
      { at: 0, count: 2, over: 1_000 },
      { at: 1_000, count: 0, over: 1_000 },
      { at: 2_000, count: 4, over: 1_000 },
    ]
    expect(timesOf(play(rows))).toEqual([0, 500, 2_000, 2_250, 2_500, 2_750])
    expect(play(rows).durationMs).toBe(3_000)
  })

  const row = fc.oneof(
    fc.record({ at: fc.nat(100_000) }),
    fc.record({ at: fc.nat(100_000), count: fc.nat(50), over: fc.integer({ min: 1, max: 5_000 }) }),
  )
  const recordedOf = (rows: readonly ({ at: number } | { at: number; count: number })[]) =>
    rows.reduce((sum, r) => sum + ('count' in r ? r.count : 1), 0)

  test.each([0.29, 0.5, 1, 2, 3.7])('scaled by %d, as many as that, in the same shape', (scale) => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
        const scaled = play(rows, { scale })
        expect(scaled.offers).toHaveLength(Math.floor(recordedOf(rows) * scale + 1e-9))
        expect(scaled.offers).toHaveLength(scaled.expected)
        // By any instant at which a recorded row begins, as many are due as its share of those recorded before it.
        for (const { at } of rows) {
          const before = rows.filter((r) => r.at + ('over' in r ? r.over : 1) <= at)
          const due = timesOf(scaled).filter((ms) => ms < at).length
          expect(due).toBeGreaterThanOrEqual(Math.floor(recordedOf(before) * scale + 1e-9))
        }
      }),
      { numRuns: 200 },
    )
  })

  test('at most so many', () => {
    expect(timesOf(play([{ at: 0, count: 10, over: 1_000 }], { scale: 2, limit: 3 }))).toEqual([
      0, 50, 100,
    ])
    expect(play([{ at: 0, count: 10, over: 1_000 }], { limit: 3 }).expected).toBe(3)
  })

  test('without rows it means nothing', () => {
    const parse = (more: object) => trace.options.safeParse({ kind: 'trace', ...more }).success
    expect([
      parse({}),
      parse({ rows: [] }),
      parse({ file: 'x.csv' }),
      parse({ rows: [{ at: 0 }] }),
    ]).toEqual([false, false, false, true])
  })
})
