// How long the store itself takes, with nothing else to do and during the run.
import { STORE_NAME } from '../../world.ts'
import { WARM_UP } from '../warm-up.ts'

/** Medians, ms on the wall; null where it was not asked. */
export interface StoreTime {
  readonly storeMs: number | null
  /** While the world was being made ready. */
  readonly storeAloneMs: number | null
}

interface Route {
  readonly ownMs: number[]
  readonly aloneMs: number[]
}

export class StoreTimes {
  readonly #routes = new Map<string, Route>()

  /** From a call's passing on to the head of its answer. */
  answered(
    { from, to, route }: { readonly from: string; readonly to: string; readonly route: string },
    ms: number,
  ): void {
    if (to !== STORE_NAME || route === '') return
    const { ownMs, aloneMs } = this.#of(route)
    if (from === WARM_UP) aloneMs.push(ms)
    else ownMs.push(ms)
  }

  #of(name: string): Route {
    let route = this.#routes.get(name)
    if (route === undefined) {
      route = { ownMs: [], aloneMs: [] }
      this.#routes.set(name, route)
    }
    return route
  }

  medians(): Readonly<Record<string, StoreTime>> {
    return Object.fromEntries(
      Array.from(this.#routes, ([name, { ownMs, aloneMs }]) => [
        name,
        { storeMs: median(ownMs), storeAloneMs: median(aloneMs) },
      ]),
    )
  }
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}
