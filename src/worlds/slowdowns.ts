// What makes a host's work take longer than it would: factors that faults hold, and what each has added so far.

interface Slowdown {
  readonly factor: number
  times: number
  addedMs: number
}

export class Slowdowns {
  #held: readonly Slowdown[] = []

  get size(): number {
    return this.#held.length
  }

  /** `slowed`: how often work was begun under it, and how much time it added in all. */
  hold(factor: number): Disposable & { slowed(): { times: number; addedMs: number } } {
    const own = { factor, times: 0, addedMs: 0 }
    this.#held = [...this.#held, own]
    return {
      slowed: () => own,
      [Symbol.dispose]: () => {
        this.#held = this.#held.filter((other) => other !== own)
      },
    }
  }

  /** How long work takes that is begun now. */
  workMs(costMs: number): number {
    let ms = costMs
    for (const slowdown of this.#held) {
      const slowMs = ms * slowdown.factor
      slowdown.times++
      slowdown.addedMs += slowMs - ms
      ms = slowMs
    }
    return ms
  }
}
