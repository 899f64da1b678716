// An array by numbers that grow: what lies far back and is empty takes no room, and nothing is hashed.

const BITS = 10
const CHUNK = 1 << BITS

interface Chunk<T> {
  readonly values: (T | undefined)[]
  count: number
}

/** Indices count from 0. The newest chunk is kept even when empty: it is the one that is being filled. */
export class SparseArray<T> {
  size = 0
  readonly #chunks: (Chunk<T> | undefined)[] = []

  get(index: number): T | undefined {
    return this.#chunk(index >> BITS)?.values[index & (CHUNK - 1)]
  }

  set(index: number, value: T): void {
    const chunk = this.#chunk(index >> BITS) ?? this.#begin(index >> BITS)
    const place = index & (CHUNK - 1)
    if (chunk.values[place] === undefined) {
      chunk.count++
      this.size++
    }
    chunk.values[place] = value
  }

  /** Harmless where nothing is. */
  delete(index: number): void {
    const at = index >> BITS
    const chunk = this.#chunk(at)
    const place = index & (CHUNK - 1)
    if (chunk === undefined || chunk.values[place] === undefined) return
    chunk.values[place] = undefined
    this.size--
    if (--chunk.count === 0 && at < this.#chunks.length - 1) this.#chunks[at] = undefined
  }

  /** Reading beyond an array's end costs compiled code. */
  #chunk(at: number): Chunk<T> | undefined {
    return at < this.#chunks.length ? this.#chunks[at] : undefined
  }

  #begin(at: number): Chunk<T> {
    const newest = this.#chunks.length - 1
    if (at > newest && this.#chunks[newest]?.count === 0) this.#chunks[newest] = undefined
    while (this.#chunks.length <= at) this.#chunks.push(undefined)
    const chunk = { values: new Array<T | undefined>(CHUNK).fill(undefined), count: 0 }
    this.#chunks[at] = chunk
    return chunk
  }

  *[Symbol.iterator](): Generator<T> {
    for (const chunk of this.#chunks)
      for (const value of chunk?.values ?? []) if (value !== undefined) yield value
  }
}
