// Gauges and counters by window: extremes and time-weighted means of what was held, sums of what was added.
import { describe, expect, test } from 'vitest'
import { CounterStats, GaugeStats } from '../../src/metrics/gauge.ts'
import { Series } from '../../src/metrics/series.ts'
import { type Span, type WindowFilter, Windows } from '../../src/metrics/windows.ts'

const span = (fromUs: number, toUs: number, name?: string): Span => ({ fromUs, toUs, name })

type Change = readonly [atUs: number, value: number]

/** `15=5 35=1`: set to 5 at 15 µs, to 1 at 35 µs. */
const changes = (text: string): Change[] =>
  text.split(' ').map((change) => {
    const [atUs, value] = change.split('=').map(Number)
    return [atUs ?? Number.NaN, value ?? Number.NaN]
  })

function settled(windows: Windows, sets: readonly Change[], endUs: number): GaugeStats {
  const gauge = new GaugeStats(windows)
  for (const [atUs, value] of sets) gauge.set(atUs, value)
  gauge.settle(endUs)
  return gauge
}

describe('a gauge', () => {
  const windows = () => new Windows(10, [span(20, 40, 'x'), span(30, 50)])

  test('is weighted by the time it was held, across all slices it crossed', () => {
    // 5 from 15 to 35, then 1 until the end.
    const gauge = settled(windows(), changes('15=5 35=1'), 60)
    expect(gauge.summary({ phase: 'before' })).toEqual({ min: 5, max: 5, avg: 5, value: 5 })
    expect(gauge.summary({ phase: 'fault' })).toEqual({
      min: 1,
      max: 5,
      avg: (5 * 15 + 1 * 15) / 30,
      value: 1,
    })
    expect(gauge.summary({ fault: 'x' })).toEqual({
      min: 1,
      max: 5,
      avg: (5 * 15 + 1 * 5) / 20,
      value: 1,
    })
    expect(gauge.summary({ phase: 'after' })).toEqual({ min: 1, max: 1, avg: 1, value: 1 })
    expect(gauge.summary({})).toEqual({ min: 1, max: 5, avg: (5 * 20 + 1 * 25) / 45, value: 1 })
  })

  test('a value that was held when a slice began counts in its extremes', () => {
    const gauge = settled(windows(), changes('0=9 21=2'), 60)
    expect(gauge.summary({ phase: 'fault' })).toMatchObject({
      min: 2,
      max: 9,
      avg: (9 * 1 + 2 * 29) / 30,
    })
    expect(gauge.summary({ phase: 'warmup' })).toEqual({ min: 9, max: 9, avg: 9, value: 9 })
  })

  test('has no summary where nothing was held', () => {
    const gauge = settled(windows(), changes('35=1'), 45)
    const filters: WindowFilter[] = [
      { phase: 'warmup' },
      { phase: 'before' },
      { phase: 'after' },
      { fault: 'y' },
    ]
    expect(filters.map((filter) => gauge.summary(filter))).toEqual(filters.map(() => undefined))
    expect(new GaugeStats(windows()).summary({})).toBeUndefined()
  })

  test('a value held for no time counts in the extremes, and is the mean where it is all there is', () => {
    const gauge = settled(windows(), changes('30=1 30=8 30=2'), 30)
    expect(gauge.summary({ fault: 'x' })).toEqual({ min: 1, max: 8, avg: 2, value: 2 })
  })

  test('the last value is the latest, also where kinds of window come again', () => {
    const twice = new Windows(0, [span(10, 20, 'x'), span(30, 40, 'x')])
    const gauge = settled(twice, changes('10=1 25=2 35=3'), 60)
    expect(gauge.summary({ phase: 'fault' })).toEqual({
      min: 1,
      max: 3,
      avg: (15 + 20 + 15) / 30,
      value: 3,
    })
  })

  test('its series notes each change, once', () => {
    const gauge = new GaugeStats(windows(), new Series())
    for (const [atUs, value] of changes('0=4 1=4 2000000=6')) gauge.set(atUs, value)
    expect(gauge.points()).toEqual([
      { atMs: 0, sum: 4, count: 1, min: 4, max: 4 },
      { atMs: 2_000, sum: 6, count: 1, min: 6, max: 6 },
    ])
  })
})

test('a counter adds up by window, and in total', () => {
  const counter = new CounterStats(new Windows(10, [span(20, 30, 'x'), span(40, 50)]))
  for (let us = 0; us < 60; us++) counter.add(us, us === 25 ? 100 : 1)
  expect(counter.total).toBe(159)
  const counts = [
    {},
    { phase: 'warmup' },
    { phase: 'before' },
    { phase: 'fault' },
    { fault: 'x' },
    { fault: 'y' },
  ].map((f) => counter.count(f))
  expect(counts).toEqual([149, 10, 10, 129, 109, 0])
})
