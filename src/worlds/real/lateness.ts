// How late items were offered, in ms of the world: what a run says of its own load.

export class Lateness {
  readonly #all: number[] = []

  add(ms: number): void {
    this.#all.push(ms)
  }

  /** Null where there were none. */
  get p99Ms(): number | null {
    const sorted = this.#all.toSorted((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? null
  }
}
