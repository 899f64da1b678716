// Things by key: those of items by the item's number, which costs no hashing, all others by name.
import { SparseArray } from './sparse-array.ts'

export interface Keyed<T> {
  readonly key: string
  /** The number of the item that the key is about, or -1. */
  readonly item: number
  /** Another of the same item. */
  sameItem: T | undefined
}

export class ByKey<T extends Keyed<T>> {
  size = 0
  readonly #ofItems = new SparseArray<T>()
  readonly #others = new Map<string, T>()

  get(key: string, item: number): T | undefined {
    if (item < 0) return this.#others.get(key)
    let found = this.#ofItems.get(item)
    while (found !== undefined && found.key !== key) found = found.sameItem
    return found
  }

  /** Adds what is not there yet. */
  add(thing: T): void {
    const { key, item } = thing
    this.size++
    if (item < 0) this.#others.set(key, thing)
    else {
      thing.sameItem = this.#ofItems.get(item)
      this.#ofItems.set(item, thing)
    }
  }

  /** Takes out what is there. */
  remove(thing: T): void {
    const { key, item } = thing
    this.size--
    if (item < 0) {
      this.#others.delete(key)
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
