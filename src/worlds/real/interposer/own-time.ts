// What of each call's time is real, not asked for: parts' and sockets' own milliseconds do not shrink at a speed.
import { STORE_NAME } from '../../world.ts'
import { WARM_UP } from '../warm-up.ts'

/** Of the calls of one route. */
export interface AskedFor {
  /** Delays by rules, and what our own hosts took, of all calls together, ms of the world. */
  readonly askedMs: number
  /** How long the store itself took, median, ms on the wall; null where it was not asked. */
  readonly storeMs: number | null
  /** The same while nothing else was asked of it. */
  readonly storeAloneMs: number | null
}

interface Route {
  askedMs: number
  readonly ownMs: number[]
  readonly aloneMs: number[]
}

export class OwnTime {
  readonly #routes = new Map<string, Route>()

  /** A call that was answered. `upstreamMs`: on the wall, from its passing on to the answer's head. */
  answered(
    call: { readonly from: string; readonly to: string; readonly route: string },
    askedMs: number,
    upstreamMs: number,
  ): void {
    const route = this.#of(call.route)
    if (call.from === WARM_UP) {
      if (call.to === STORE_NAME) route.aloneMs.push(upstreamMs)
      return
    }
    route.askedMs += askedMs
    if (call.to === STORE_NAME) route.ownMs.push(upstreamMs)
  }

  #of(name: string): Route {
    let route = this.#routes.get(name)
    if (route === undefined) {
      route = { askedMs: 0, ownMs: [], aloneMs: [] }
      this.#routes.set(name, route)
    }
    return route
  }

  sum(): Readonly<Record<string, AskedFor>> {
    return Object.fromEntries(
      Array.from(this.#routes, ([name, { askedMs, ownMs, aloneMs }]) => [
        name,
        { askedMs, storeMs: median(ownMs), storeAloneMs: median(aloneMs) },
      ]),
    )
  }
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}
