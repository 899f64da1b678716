// What a run has planned, in the order in which it is due: timers of the wall alone fire what is due together in any order.
import type { RealTime } from './time.ts'

interface Entry {
  readonly atMs: number
  readonly fire: () => void
}

export class Agenda implements Disposable {
  readonly #time: RealTime
  /** The next last; of what is due at the same time, what was planned first comes first. */
  readonly #entries: Entry[] = []
  #timer: Disposable | undefined
  #timerAtMs = Number.POSITIVE_INFINITY
  #isOver = false

  constructor(time: RealTime) {
    this.#time = time
  }

  /** What is planned for a time that is past fires soon, but never at once. */
  plan(atMs: number, fire: () => void): void {
    if (this.#isOver) return
    this.#entries.splice(this.#placeFor(atMs), 0, { atMs, fire })
    this.#wake()
  }

  #placeFor(atMs: number): number {
    let [low, high] = [0, this.#entries.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#entries[middle]?.atMs ?? 0) > atMs) low = middle + 1
      else high = middle
    }
    return low
  }

  /** One timer, for what comes next. */
  #wake(): void {
    const next = this.#entries.at(-1)
    if (next === undefined || next.atMs >= this.#timerAtMs) return
    this.#timer?.[Symbol.dispose]()
    this.#timerAtMs = next.atMs
    this.#timer = this.#time.schedule(next.atMs, () => this.#catchUp())
  }

  /** All that was due when it was called, and what that planned for a time before it. */
  #catchUp(): void {
    const { nowMs } = this.#time
    this.#timerAtMs = Number.POSITIVE_INFINITY
    try {
      for (let next = this.#entries.at(-1); next !== undefined; next = this.#entries.at(-1)) {
        if (next.atMs > nowMs) break
        this.#entries.pop()
        next.fire()
      }
    } finally {
      this.#wake()
    }
  }

  /** Nothing fires any more. */
  [Symbol.dispose](): void {
    this.#isOver = true
    this.#timer?.[Symbol.dispose]()
    this.#entries.length = 0
  }
}
