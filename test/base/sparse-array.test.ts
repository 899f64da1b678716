// The sparse array: a map by numbers, however far apart they lie and in whatever order they go.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SparseArray } from '../../src/base/sparse-array.ts'

// Within a chunk, at the edges of several, and far out.
const index = fc.oneof(
  fc.nat(5),
  fc.constantFrom(1_023, 1_024, 1_025, 2_047, 2_048, 3_071, 9_000, 1_000_000),
)
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), index }),
  fc.record({ do: fc.constant('delete' as const), index }),
)

test('holds what a map would hold', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const array = new SparseArray<string>()
      const map = new Map<number, string>()
      for (const [turn, { do: what, index: at }] of steps.entries()) {
        if (what === 'set') {
          array.set(at, `${at} in turn ${turn}`)
          map.set(at, `${at} in turn ${turn}`)
        } else {
          array.delete(at)
          map.delete(at)
        }
        expect(array.size).toBe(map.size)
      }
      const inOrder = [...map].sort(([a], [b]) => a - b)
      expect([...array]).toEqual(inOrder.map(([, value]) => value))
      for (const { index: at } of steps) expect(array.get(at)).toBe(map.get(at))
    }),
    { numRuns: 500 },
  )
})
