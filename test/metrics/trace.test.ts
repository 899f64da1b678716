// The trace's digest: any event added, dropped, moved or changed gives another one.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Trace, TraceEvent } from '../../src/metrics/trace.ts'

type Noted = readonly [event: TraceEvent, atUs: number, x: number, y: number, z: number]

function digestOf(events: readonly Noted[]): string {
  const trace = new Trace()
  for (const event of events) trace.note(...event)
  expect(trace.events).toBe(events.length)
  return trace.digest()
}

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 })
const noted: fc.Arbitrary<Noted> = fc.tuple(
  fc.constantFrom(...Object.values(TraceEvent)),
  fc.nat({ max: 2 ** 45 }),
  word,
  word,
  word,
)
const events = fc.array(noted, { minLength: 1, maxLength: 30 })
const RUNS = { numRuns: 2_000 }

test('is 16 hexadecimal digits, and the same for the same events', () => {
  fc.assert(
    fc.property(events, (list) => {
      expect(digestOf(list)).toMatch(/^[0-9a-f]{16}$/)
      expect(digestOf(list)).toBe(digestOf(list))
    }),
  )
})

test('changes with any field of any event', () => {
  // Of the time every bit counts, of the others the 32 that are folded in.
  const change = fc.record({
    field: fc.integer({ min: 0, max: 4 }),
    bit: fc.nat(31),
    timeBit: fc.nat(44),
    which: fc.nat(),
  })
  fc.assert(
    fc.property(events, change, (list, { field, bit, timeBit, which }) => {
      const index = which % list.length
      const changed = list.map((event, i) => {
        if (i !== index) return event
        const fields = [...event] as [TraceEvent, number, number, number, number]
        if (field === 0) fields[0] = ((fields[0] % 8) + 1) as TraceEvent
        else if (field === 1) fields[1] = Number(BigInt(fields[1]) ^ (1n << BigInt(timeBit)))
        else fields[field] = (fields[field] ?? 0) ^ (1 << bit)
        return fields
      })
      expect(digestOf(changed)).not.toBe(digestOf(list))
    }),
    RUNS,
  )
})

test('changes when two different events change places', () => {
  fc.assert(
    fc.property(events, noted, noted, fc.nat(), (list, a, b, at) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b))
      const place = at % (list.length + 1)
      expect(digestOf(list.toSpliced(place, 0, a, b))).not.toBe(
        digestOf(list.toSpliced(place, 0, b, a)),
      )
    }),
    RUNS,
  )
})

test('changes when an event is added, dropped or repeated', () => {
  fc.assert(
    fc.property(events, noted, fc.nat(), (list, extra, at) => {
      const place = at % list.length
      const digests = [list, list.toSpliced(place, 0, extra), list.toSpliced(place, 1)].map(
        digestOf,
      )
      expect(new Set(digests).size).toBe(3)
    }),
    RUNS,
  )
})

test('no two of a hundred thousand near neighbours share one', () => {
  const seen = new Set<string>()
  for (let x = 0; x < 50; x++)
    for (let y = 0; y < 50; y++)
      for (let z = 0; z < 40; z++)
        seen.add(
          digestOf([
            [TraceEvent.call, 1_000 + z, x, y, 0],
            [TraceEvent.fate, 1_000, 0, x, y],
          ]),
        )
  expect(seen.size).toBe(100_000)
})

test('recorded digests do not change: replays are kept by them', () => {
  const first: Noted = [TraceEvent.offer, 1_500, 0, 1_500, 2]
  expect(digestOf([])).toBe('811c9dc51b873593')
  expect(digestOf([first, [TraceEvent.call, 2 ** 33 + 7, 0, 4_097, 1_500]])).toBe(
    '40755cedbaad1be1',
  )
})
