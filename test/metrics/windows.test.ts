// The run's windows: phases around the faults, the warm-up before them, which named faults are on and which windows open.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Span, type WindowFilter, Windows } from '../../src/metrics/windows.ts'

const span = (fromUs: number, toUs: number, name?: string): Span => ({ fromUs, toUs, name })

/** Each stretch of one kind up to `endUs`, asked for microsecond by microsecond. */
function stretches(windows: Windows, endUs: number): string[] {
  const found: string[] = []
  let last = ''
  for (let us = 0; us < endUs; us++) {
    const kind = windows.kinds[windows.at(us)]
    const text = [kind?.phase, ...(kind?.faults ?? []), ...(kind?.windows ?? [])].join(' ')
    if (text !== last) found.push(`${us} ${text}`)
    last = text
  }
  return found
}

describe('phases', () => {
  test.each<[string, number, readonly Span[], string[]]>([
    ['no fault', 0, [], ['0 before']],
    ['a warm-up and no fault', 10, [], ['0 warmup', '10 before']],
    ['one fault', 10, [span(20, 30)], ['0 warmup', '10 before', '20 fault', '30 after']],
    [
      'faults until the last heals',
      0,
      [span(20, 30), span(50, 60)],
      ['0 before', '20 fault', '60 after'],
    ],
    ['a fault from the start', 0, [span(0, 30)], ['0 fault', '30 after']],
    ['a fault during the warm-up', 10, [span(5, 30)], ['0 warmup', '10 fault', '30 after']],
    ['a fault over before the warm-up is', 10, [span(2, 5)], ['0 warmup', '10 after']],
    ['a fault that never heals', 0, [span(20, Number.POSITIVE_INFINITY)], ['0 before', '20 fault']],
    ['a named fault', 0, [span(20, 30, 'x')], ['0 before', '20 fault x', '30 after']],
    [
      'overlapping named faults',
      0,
      [span(20, 40, 'x'), span(30, 50, 'y'), span(35, 45, 'x')],
      ['0 before', '20 fault x', '30 fault x y', '45 fault y', '50 after'],
    ],
    [
      'a named fault that comes again',
      0,
      [span(20, 25, 'x'), span(30, 35, 'x')],
      ['0 before', '20 fault x', '25 fault', '30 fault x', '35 after'],
    ],
  ])('%s', (_, warmupUs, spans, expected) => {
    expect(stretches(new Windows(warmupUs, spans), 100)).toEqual(expected)
  })

  test('a fault that comes a thousand times is still one kind', () => {
    const spans = Array.from({ length: 1_000 }, (_, i) => span(100 + i * 10, 105 + i * 10, 'x'))
    expect(new Windows(0, spans).kinds).toEqual([
      { phase: 'before', faults: [], windows: [] },
      { phase: 'fault', faults: ['x'], windows: [] },
      { phase: 'fault', faults: [], windows: [] },
      { phase: 'after', faults: [], windows: [] },
    ])
  })

  test('do not depend on the windows that a scenario names', () => {
    const windows = [span(5, 15, 'early'), span(35, Number.POSITIVE_INFINITY, 'rest')]
    expect(stretches(new Windows(10, [span(20, 30)], windows), 100)).toEqual([
      '0 warmup',
      '5 warmup early',
      '10 before early',
      '15 before',
      '20 fault',
      '30 after',
      '35 after rest',
    ])
  })
})

const FILTERS: readonly WindowFilter[] = [
  {},
  { phase: 'warmup' },
  { phase: 'before' },
  { phase: 'fault' },
  { phase: 'after' },
  { fault: 'x' },
  { fault: 'y' },
  { phase: 'fault', fault: 'x' },
  { fault: 'unknown' },
  { window: 'x' },
  { window: 'y', fault: 'y' },
  { window: 'z', phase: 'fault' },
  { window: 'unknown' },
]

/** Straight from the words: what a filter asks of one instant. */
function holds(
  filter: WindowFilter,
  us: number,
  warmupUs: number,
  spans: readonly Span[],
  named: readonly Span[],
): boolean {
  const first = Math.min(...spans.map((s) => s.fromUs))
  const last = Math.max(...spans.map((s) => s.toUs))
  const phase = us < warmupUs ? 'warmup' : us < first ? 'before' : us < last ? 'fault' : 'after'
  const isOn = (all: readonly Span[], name: string) =>
    all.some((s) => s.name === name && s.fromUs <= us && us < s.toUs)
  return (
    (filter.phase === undefined ? phase !== 'warmup' : phase === filter.phase) &&
    (filter.fault === undefined || isOn(spans, filter.fault)) &&
    (filter.window === undefined || isOn(named, filter.window))
  )
}

const END_US = 60
const spans = fc.array(
  fc
    .tuple(fc.nat(40), fc.nat(15), fc.constantFrom('x', 'y', 'z', undefined))
    .map(([fromUs, length, name]) => ({ fromUs, toUs: fromUs + length, name })),
  { maxLength: 6 },
)

test('filters match the instants that they describe, and no others', () => {
  fc.assert(
    fc.property(
      fc.nat(20),
      spans,
      spans,
      fc.array(fc.nat(END_US), { maxLength: 20 }),
      (warmupUs, given, named, jumps) => {
        const windows = new Windows(warmupUs, given, named)
        // The look-up keeps its place, so it is asked out of order first.
        for (const us of jumps) windows.at(us)
        for (const filter of FILTERS) {
          const matching = new Set(windows.matching(filter))
          const wanted = Array.from({ length: END_US }, (_, us) =>
            holds(filter, us, warmupUs, given, named),
          )
          expect(wanted.map((_, us) => matching.has(windows.at(us)))).toEqual(wanted)
          expect(windows.lengthUs(filter, END_US)).toBe(wanted.filter(Boolean).length)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('slices follow each other without a gap, and the last has no end', () => {
  const windows = new Windows(10, [span(20, 30, 'x'), span(25, 40)])
  const ends: number[] = []
  for (let us = 0; us < Number.POSITIVE_INFINITY; us = ends.at(-1) ?? Number.NaN)
    ends.push(windows.endOf(windows.slice(us)))
  expect(ends).toEqual([10, 20, 30, 40, Number.POSITIVE_INFINITY])
  expect(() => windows.kindOf(99)).toThrow('internal error: slices come from slice()')
})
