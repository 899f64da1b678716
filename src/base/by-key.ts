// Things by key: those of items by the item's number, which costs no hashing, all others by name.
import { SparseArray } from './sparse-array.ts'

export interface Keyed<T> {
  readonly key: string
  /** Another of the same item. */
  sameItem: T | undefined
}

/** A number with more digits than an item's id is something else. */
const MOST_ITEMS = 100_000_000

export class ByKey<T extends Keyed<T>> {
  size = 0
  readonly #itemOf: (key: string) => number
  readonly #ofItems = new SparseArray<T>()
  readonly #others = new Map<string, T>()

  /** `itemOf` says which item a key is about, or -1. */
  constructor(itemOf: (key: string) => number) {
    this.#itemOf = (key) => {
      const item = itemOf(key)
      return item < MOST_ITEMS ? item : -1
    }
  }

  get(key: string): T | undefined {
    const item = this.#itemOf(key)
    if (item < 0) return this.#others.get(key)
    let found = this.#ofItems.get(item)
    while (found !== undefined && found.key !== key) found = found.sameItem
    return found
  }

  /** Adds what is not there yet. */
  add(thing: T): void {
    this.size++
    const item = this.#itemOf(thing.key)
    if (item < 0) this.#others.set(thing.key, thing)
    else {
      thing.sameItem = this.#ofItems.get(item)
      this.#ofItems.set(item, thing)
    }
  }

  /** Takes out what is there. */
  remove(thing: T): void {
    this.size--
    const item = this.#itemOf(thing.key)
    if (item < 0) {
      this.#others.delete(thing.key)
      return
    }
    let before = this.#ofItems.get(item)
    if (before === thing) {
      if (thing.sameItem === undefined) this.#ofItems.delete(item)
      else this.#ofItems.set(item, thing.sameItem)
      return
    }
    while (before !== undefined && before.sameItem !== thing) before = before.sameItem
    if (before !== undefined) before.sameItem = thing.sameItem
  }

  /** What is taken out meanwhile is harmless. */
  *[Symbol.iterator](): Generator<T> {
    for (const first of this.#ofItems)
      for (let thing: T | undefined = first; thing !== undefined; thing = thing.sameItem)
        yield thing
    yield* this.#others.values()
  }
}
