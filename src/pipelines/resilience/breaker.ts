// A circuit breaker: while most calls to an upstream fail it makes none, and now and then lets one through to see.
//
// Own, as are the waits between tries: cockatiel and opossum read Date.now and set timers of their own, and take no clock.
import type { BreakerOptions } from './options.ts'

const SLICES = 10

export class Breaker {
  readonly #options: BreakerOptions
  readonly #nowMs: () => number
  readonly #ok = new Array<number>(SLICES).fill(0)
  readonly #failed = new Array<number>(SLICES).fill(0)
  #slice = 0
  #openedMs: number | undefined
  #isProbing = false

  constructor(options: BreakerOptions, nowMs: () => number) {
    this.#options = options
    this.#nowMs = nowMs
  }

  get isOpen(): boolean {
    return this.#openedMs !== undefined
  }

  /** Whether a call may be made now. Whoever is let through tells how it ended. */
  allows(): boolean {
    if (this.#openedMs === undefined) return true
    if (this.#isProbing || this.#nowMs() - this.#openedMs < this.#options.open) return false
    this.#isProbing = true
    return true
  }

  ended(isOk: boolean): void {
    if (this.#openedMs !== undefined) {
      // Calls from before it opened tell nothing new.
      if (this.#isProbing) this.#probed(isOk)
      return
    }
    this.#turn()
    const counts = isOk ? this.#ok : this.#failed
    const at = this.#slice % SLICES
    counts[at] = (counts[at] ?? 0) + 1
    if (isOk) return
    const failed = sum(this.#failed)
    const all = failed + sum(this.#ok)
    if (all >= this.#options.least && failed / all >= this.#options.failures) this.#open()
  }

  #probed(isOk: boolean): void {
    this.#isProbing = false
    if (isOk) this.#openedMs = undefined
    else this.#open()
  }

  #open(): void {
    this.#openedMs = this.#nowMs()
    this.#ok.fill(0)
    this.#failed.fill(0)
  }

  /** Forgets what is older than the time it looks back. */
  #turn(): void {
    const now = Math.floor((this.#nowMs() * SLICES) / this.#options.within)
    const passed = Math.min(SLICES, now - this.#slice)
    for (let i = 1; i <= passed; i++) {
      const at = (now - passed + i) % SLICES
      this.#ok[at] = 0
      this.#failed[at] = 0
    }
    this.#slice = Math.max(now, this.#slice)
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, one) => total + one, 0)
}
