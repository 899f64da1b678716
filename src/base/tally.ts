// How often each of many numbers was seen.

const FIRST_PLACES = 64

/**
 * Of 32-bit integers, such as the numbers of items. In place of a `Map`: a count costs less than half of it,
 * leaves nothing for the collector, and those of neighbouring numbers lie beside each other.
 */
export class Tally {
  #keys = new Int32Array(FIRST_PLACES)
  /** 0: the place is free. */
  #counts = new Int32Array(FIRST_PLACES)
  #size = 0

  /** Once more; how often by now. */
  add(key: number): number {
    const at = this.#placeOf(key)
    const count = (this.#counts[at] as number) + 1
    this.#counts[at] = count
    if (count > 1) return count
    this.#keys[at] = key
    // Half of the places stay free, so that a key is found within a step or two.
    if (2 * ++this.#size > this.#keys.length) this.#grow()
    return 1
  }

  /** Its own, or the free one where it belongs. */
  #placeOf(key: number): number {
    const keys = this.#keys
    const counts = this.#counts
    const last = keys.length - 1
    let at = key & last
    while (counts[at] !== 0 && keys[at] !== key) at = (at + 1) & last
    return at
  }

  #grow(): void {
    const [keys, counts] = [this.#keys, this.#counts]
    this.#keys = new Int32Array(2 * keys.length)
    this.#counts = new Int32Array(2 * counts.length)
    for (let i = 0; i < keys.length; i++) {
      if (counts[i] === 0) continue
      const at = this.#placeOf(keys[i] as number)
      this.#keys[at] = keys[i] as number
      this.#counts[at] = counts[i] as number
    }
  }
}
