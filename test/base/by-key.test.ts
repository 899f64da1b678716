// Things by key: several may be of one item, and those of none are found by name.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByKey, type Keyed } from '../../src/base/by-key.ts'

class Thing implements Keyed<Thing> {
  readonly key: string
  readonly item: number
  sameItem: Thing | undefined

  constructor(key: string, item: number) {
    this.key = key
    this.item = item
  }
}

/** `b2` is one of the keys of item 2; keys that begin with `x` are of no item. */
const itemOf = (key: string) => (key.startsWith('x') ? -1 : Number(key.slice(1)))
const key = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'x'), fc.constantFrom(0, 1, 2, 1_024))
  .map(([letter, item]) => `${letter}${item}`)

test('holds what a map would hold', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 60, size: 'max' }), (keys) => {
      const things = new ByKey<Thing>()
      const map = new Map<string, Thing>()
      // A key that is there is taken out, one that is not is added.
      for (const name of keys) {
        const found = things.get(name, itemOf(name))
        expect(found).toBe(map.get(name))
        if (found === undefined) {
          const thing = new Thing(name, itemOf(name))
          things.add(thing)
          map.set(name, thing)
        } else {
          things.remove(found)
          map.delete(name)
        }
        expect(things.size).toBe(map.size)
      }
      expect(new Set(things)).toEqual(new Set(map.values()))
    }),
    { numRuns: 500 },
  )
})
