// A beat that keeps time, as Go's ticker does: neither what is done at a tick nor how late one comes puts off the next.
import type { Clock } from './world.ts'

/**
 * Loops that sleep after their work are late by what it takes, each time a little more; and what real calls take by
 * themselves weighs the more the faster a world runs. Ticks that were missed are not made up for.
 */
export class Ticker {
  readonly #clock: Clock
  readonly #everyMs: number
  #lastMs: number

  /** `firstMs`: until the first tick, from now. */
  constructor(clock: Clock, everyMs: number, firstMs = everyMs) {
    this.#clock = clock
    this.#everyMs = everyMs
    this.#lastMs = clock.monotonic() + firstMs - everyMs
  }

  /** Resolves at the next tick; at once where that is past. */
  next(): Promise<void> {
    const nowMs = this.#clock.monotonic()
    this.#lastMs = Math.max(this.#lastMs + this.#everyMs, nowMs)
    return this.#clock.sleep(this.#lastMs - nowMs)
  }

  /** Leaves out the ticks that are past; those to come keep their times. */
  skip(): void {
    const missed = Math.floor((this.#clock.monotonic() - this.#lastMs) / this.#everyMs)
    if (missed > 0) this.#lastMs += missed * this.#everyMs
  }

  /** As if there had been a tick now. */
  restart(): void {
    this.#lastMs = this.#clock.monotonic()
  }
}
