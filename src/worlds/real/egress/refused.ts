// The calls to the world outside that came to nothing, counted by who made them and where they went.
import type { EgressFact } from '../fact.ts'

export interface Refused {
  readonly from: string
  readonly to: string
  readonly why: EgressFact['why']
  readonly calls: number
}

/** Of more places than this only the calls are counted: a process that scans would fill every report. */
const MOST_PLACES = 50

export class RefusedEgress {
  readonly #refused = new Map<string, Refused>()

  add({ from, to, why }: EgressFact): void {
    const key = `${from} ${to} ${why}`
    const known = this.#refused.get(key)
    if (known === undefined && this.#refused.size >= MOST_PLACES) return
    this.#refused.set(key, { from, to, why, calls: (known?.calls ?? 0) + 1 })
  }

  /** The most called first. */
  list(): Refused[] {
    return [...this.#refused.values()].toSorted((a, b) => b.calls - a.calls)
  }
}
