// A queue whose ends cost the same however long it is; the second end is for what goes back to the front.

const SWEEP = 64

export class Fifo<T> {
  /** Before the head there is nothing any more: what was taken out is not kept. */
  #values: (T | undefined)[] = []
  #head = 0
  /** Put back to the front, the latest last. */
  #front: T[] = []

  get length(): number {
    return this.#values.length - this.#head + this.#front.length
  }

  push(value: T): void {
    this.#values.push(value)
  }

  unshift(value: T): void {
    this.#front.push(value)
  }

  shift(): T | undefined {
    if (this.#front.length > 0) return this.#front.pop()
    if (this.#head === this.#values.length) return undefined
    const value = this.#values[this.#head]
    this.#values[this.#head++] = undefined
    if (this.#head > SWEEP && this.#head * 2 > this.#values.length) {
      this.#values = this.#values.slice(this.#head)
      this.#head = 0
    }
    return value
  }

  /** The `index`-th from the head, 0 the next; of those that were put back to the front none. */
  at(index: number): T | undefined {
    return this.#values[this.#head + index]
  }

  /** In order; none is left. */
  takeAll(): T[] {
    const all = [...this.#front.reverse(), ...(this.#values.slice(this.#head) as T[])]
    this.#front = []
    this.#values = []
    this.#head = 0
    return all
  }
}
