// A gauge against its definition, microsecond by microsecond, for any changes, windows and filters.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GaugeStats, type GaugeSummary } from '../../src/metrics/gauge.ts'
import { type WindowFilter, Windows } from '../../src/metrics/windows.ts'

type Change = readonly [atUs: number, value: number]

const END_US = 60

/** By definition: microsecond by microsecond, what was set in it and what was held through it. */
function bySteps(
  windows: Windows,
  sets: readonly Change[],
  filter: WindowFilter,
): GaugeSummary | undefined {
  const wanted = new Set(windows.matching(filter))
  const [seen, held]: [number[], number[]] = [[], []]
  let value: number | undefined
  for (let us = 0; us < END_US; us++) {
    const isIn = wanted.has(windows.at(us))
    for (const [, next] of sets.filter(([atUs]) => atUs === us)) {
      if (isIn && next !== value) seen.push(next)
      value = next
    }
    if (!isIn || value === undefined) continue
    seen.push(value)
    held.push(value)
  }
  const last = seen.at(-1)
  if (last === undefined) return undefined
  return {
    min: Math.min(...seen),
    max: Math.max(...seen),
    avg: held.reduce((a, b) => a + b, 0) / held.length,
    value: last,
  }
}

test('a gauge holds what its definition says, also when it is looked at on the way', () => {
  const lists = fc
    .array(fc.tuple(fc.nat(END_US - 1), fc.integer({ min: -9, max: 9 })), {
      maxLength: 12,
    })
    .map((list) => list.toSorted(([a], [b]) => a - b))
  const spans = fc.array(
    fc
      .tuple(fc.nat(40), fc.nat(15), fc.constantFrom('x', 'y', undefined))
      .map(([fromUs, us, name]) => ({ fromUs, toUs: fromUs + us, name })),
    { maxLength: 5 },
  )
  const filters: WindowFilter[] = [
    {},
    { phase: 'warmup' },
    { phase: 'fault' },
    { phase: 'after' },
    { fault: 'x' },
  ]
  fc.assert(
    fc.property(
      lists,
      spans,
      fc.nat(20),
      fc.nat(END_US),
      (given, injected, warmupUs, lookedAtUs) => {
        const windows = new Windows(warmupUs, injected)
        const gauge = new GaugeStats(windows)
        for (const [atUs, value] of given) if (atUs <= lookedAtUs) gauge.set(atUs, value)
        gauge.settle(lookedAtUs)
        for (const [atUs, value] of given) if (atUs > lookedAtUs) gauge.set(atUs, value)
        gauge.settle(END_US)
        for (const filter of filters)
          expect(gauge.summary(filter)).toEqual(bySteps(windows, given, filter))
      },
    ),
    { numRuns: 500 },
  )
})
