// The items that have not ended, by index.

import { SparseArray } from '../base/sparse-array.ts'
import type { Cause } from './cause.ts'
import type { ObjectState } from './outcomes.ts'

/** What is known of an item that has not ended. Records are used again: an ended one has another index. */
export class OpenItem {
  index = -1
  /** Times begin as -0, a double: see the clock's timers. */
  intendedUs = -0
  window = 0
  /** Per route: calls made × 4 + how the last one ended (0 none, 1 ok, 2 failed). */
  readonly calls: number[]
  object: ObjectState = 'never'
  cause: Cause | undefined
  causeUs = -0

  constructor(routes: number) {
    this.calls = new Array(routes).fill(0)
  }

  begin(index: number, intendedUs: number, window: number): void {
    this.index = index
    this.intendedUs = intendedUs
    this.window = window
    const { calls } = this
    for (let i = 0; i < calls.length; i++) calls[i] = 0
    this.object = 'never'
    this.cause = undefined
    this.causeUs = -1
  }
}

export class OpenItems {
  readonly #routes: number
  readonly #items = new SparseArray<OpenItem>()
  readonly #spare: OpenItem[] = []
  /** No item before this one is open: those that have ended stay so. */
  #oldest = 0
  #next = 0

  constructor(routes: number) {
    this.#routes = routes
  }

  get size(): number {
    return this.#items.size
  }

  get(index: number): OpenItem | undefined {
    return this.#items.get(index)
  }

  add(index: number, intendedUs: number, window: number): void {
    const item = this.#spare.pop() ?? new OpenItem(this.#routes)
    item.begin(index, intendedUs, window)
    this.#items.set(index, item)
    this.#next = index + 1
  }

  /** The one of the least index. */
  oldest(): OpenItem | undefined {
    for (; this.#oldest < this.#next; this.#oldest++) {
      const item = this.get(this.#oldest)
      if (item !== undefined) return item
    }
    return undefined
  }

  remove(item: OpenItem): void {
    this.#items.delete(item.index)
    item.index = -1
    this.#spare.push(item)
  }

  [Symbol.iterator](): Iterator<OpenItem> {
    return this.#items[Symbol.iterator]()
  }
}
