// The items that have not ended, by index: in chunks, so that looking one up is two array reads.

import type { Cause } from './cause.ts'
import type { ObjectState } from './outcomes.ts'

const BITS = 12
const CHUNK = 1 << BITS

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

interface Chunk {
  readonly items: (OpenItem | undefined)[]
  count: number
}

export class OpenItems {
  size = 0
  readonly #routes: number
  readonly #chunks: (Chunk | undefined)[] = []
  readonly #spare: OpenItem[] = []

  constructor(routes: number) {
    this.#routes = routes
  }

  get(index: number): OpenItem | undefined {
    return this.#chunks[index >> BITS]?.items[index & (CHUNK - 1)]
  }

  add(index: number, intendedUs: number, window: number): void {
    const at = index >> BITS
    while (this.#chunks.length <= at) this.#chunks.push(undefined)
    let chunk = this.#chunks[at]
    if (chunk === undefined)
      this.#chunks[at] = chunk = { items: new Array(CHUNK).fill(undefined), count: 0 }
    const item = this.#spare.pop() ?? new OpenItem(this.#routes)
    item.begin(index, intendedUs, window)
    chunk.items[index & (CHUNK - 1)] = item
    chunk.count++
    this.size++
  }

  remove(item: OpenItem): void {
    const { index } = item
    const chunk = this.#chunks[index >> BITS]
    if (chunk === undefined) return
    chunk.items[index & (CHUNK - 1)] = undefined
    // An empty chunk that is still being filled is taken up again by the next item of it.
    if (--chunk.count === 0) this.#chunks[index >> BITS] = undefined
    this.size--
    item.index = -1
    this.#spare.push(item)
  }

  *[Symbol.iterator](): Generator<OpenItem> {
    for (const chunk of this.#chunks)
      for (const item of chunk?.items ?? []) if (item !== undefined) yield item
  }
}
