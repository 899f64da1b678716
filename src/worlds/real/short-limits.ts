// Time limits that are so short on the wall that what a real call takes by itself may pass them: they shrink with the speed, it does not.
import type { CallFact } from './fact.ts'
import type { PartFact } from './write-part.ts'

type Seen = Pick<CallFact, 'route' | 'class' | 'startUs' | 'atUs'>

export interface ShortLimit {
  readonly route: string
  /** Calls that were given up so soon. */
  readonly calls: number
  /** Calls of the route in all. */
  readonly of: number
  /** The soonest, on the wall. */
  readonly shortestMs: number
}

/** About what a call takes by itself on a machine with other things to do, wall ms. */
const OWN_TIME_MS = 20
/** Fewer change nothing. */
const FEWEST_SHARE = 0.01

export class ShortLimits {
  readonly #speed: number
  readonly #routes = new Map<string, { calls: number; of: number; shortestMs: number }>()

  constructor(speed: number) {
    this.#speed = speed
  }

  /** Somebody waited for a place in a part, and got it or gave up. */
  waited({ name, what, by, atUs }: PartFact): void {
    if (what !== 'waited' && what !== 'gave up') return
    const klass = what === 'waited' ? 'ok' : 'acquire-timeout'
    this.see({ route: name, class: klass, startUs: atUs - by * 1_000, atUs })
  }

  see({ route, class: klass, startUs, atUs }: Seen): void {
    const seen = this.#routes.get(route) ?? { calls: 0, of: 0, shortestMs: OWN_TIME_MS }
    this.#routes.set(route, seen)
    seen.of++
    const wallMs = (atUs - startUs) / 1_000 / this.#speed
    if (!klass.endsWith('-timeout') || wallMs >= OWN_TIME_MS) return
    seen.calls++
    seen.shortestMs = Math.min(seen.shortestMs, wallMs)
  }

  list(): ShortLimit[] {
    return Array.from(this.#routes, ([route, seen]) => ({ route, ...seen })).filter(
      ({ calls, of }) => calls > 0 && calls >= of * FEWEST_SHARE,
    )
  }
}

/** Why they tell nothing. At the wall's own speed a limit is what it is. */
export function unkept(limits: readonly ShortLimit[], speed: number): string[] {
  if (speed === 1) return []
  return limits.map(
    ({ route, calls, of, shortestMs }) =>
      `${calls} of ${of} calls of ${route} were given up after ${shortestMs.toFixed(1)} ms on the wall or little more, which a real call may take by itself: such a limit cannot be kept at --speed ${speed}`,
  )
}
