// Which calls could be told apart by the item that they are about: of a route where none could be, no rule ever matches.
import type { CallFact } from './fact.ts'

export interface Unidentified {
  readonly route: string
  readonly calls: number
  /** Where an id was looked for, of one of them; empty where the call had nothing there. */
  readonly key: string
}

export class Identified {
  readonly #routes = new Map<string, { calls: number; items: number; key: string }>()

  see({ route, item, key }: Pick<CallFact, 'route' | 'item' | 'key'>): void {
    const seen = this.#routes.get(route) ?? { calls: 0, items: 0, key }
    this.#routes.set(route, seen)
    seen.calls++
    if (item >= 0) seen.items++
  }

  /** Routes that were called, and never about an item. */
  never(): Unidentified[] {
    return [...this.#routes]
      .filter(([, { items }]) => items === 0)
      .map(([route, { calls, key }]) => ({ route, calls, key }))
  }
}
