// Counts by number are those of a Map, however many numbers and wherever they lie.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Tally } from '../../src/base/tally.ts'

const NUMBERS = fc.array(
  fc.oneof(fc.nat(300), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constant(-1 << 10)),
  { maxLength: 1_000 },
)

test('how often each was added', () => {
  fc.assert(
    fc.property(NUMBERS, (numbers) => {
      const tally = new Tally()
      const counts = new Map<number, number>()
      for (const number of numbers) {
        counts.set(number, (counts.get(number) ?? 0) + 1)
        expect(tally.add(number)).toBe(counts.get(number))
      }
    }),
  )
})
