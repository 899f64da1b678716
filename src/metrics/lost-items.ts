// What must be known of lost items, because a success that comes later still wins: a few bytes each.
import { must } from '../base/assert.ts'

const CHUNK = 4_096

class Chunk {
  readonly windows = new Uint16Array(CHUNK)
  readonly causes = new Uint16Array(CHUNK)
  readonly intendedUs = new Float64Array(CHUNK)
}

/** By item index; a chunk of items of which none is lost takes no room. */
export class LostItems {
  readonly #chunks: (Chunk | undefined)[] = []

  add(index: number, window: number, cause: number, intendedUs: number): void {
    const at = Math.floor(index / CHUNK)
    while (this.#chunks.length <= at) this.#chunks.push(undefined)
    let chunk = this.#chunks[at]
    if (chunk === undefined) this.#chunks[at] = chunk = new Chunk()
    const i = index % CHUNK
    chunk.windows[i] = window
    chunk.causes[i] = cause
    chunk.intendedUs[i] = intendedUs
  }

  windowOf(index: number): number {
    return this.#chunkOf(index).windows[index % CHUNK] as number
  }

  causeOf(index: number): number {
    return this.#chunkOf(index).causes[index % CHUNK] as number
  }

  intendedUsOf(index: number): number {
    return this.#chunkOf(index).intendedUs[index % CHUNK] as number
  }

  #chunkOf(index: number): Chunk {
    return must(this.#chunks[Math.floor(index / CHUNK)], 'who asks for a lost item has added it')
  }
}
