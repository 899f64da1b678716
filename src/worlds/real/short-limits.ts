// Time limits that are so short on the wall that what a real call takes by itself may pass them: they shrink with the speed, it does not.
import type { CallFact } from './fact.ts'
import type { PartFact } from './write-part.ts'

export interface ShortLimit {
  /** Or the part, where a place in it was waited for. */
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

/** Whether a call of this class was given up for its time. */
export function isTimeout(klass: string): boolean {
  return klass.endsWith('-timeout')
}

interface Seen {
  calls: number
  of: number
  shortestMs: number
}

export class ShortLimits {
  readonly #speed: number
  readonly #routes = new Map<string, Seen>()
  /** Apart: a part may be called like a route. */
  readonly #parts = new Map<string, Seen>()

  constructor(speed: number) {
    this.#speed = speed
  }

  see({ route, class: klass, startUs, atUs }: CallFact): void {
    this.#note(this.#routes, route, isTimeout(klass), (atUs - startUs) / 1_000)
  }

  /** Somebody waited for a place in a part, and got it or gave up. */
  waited({ name, what, by }: PartFact): void {
    if (what === 'waited' || what === 'gave up')
      this.#note(this.#parts, name, what === 'gave up', by)
  }

  #note(among: Map<string, Seen>, name: string, isGivenUp: boolean, ms: number): void {
    const seen = among.get(name) ?? { calls: 0, of: 0, shortestMs: OWN_TIME_MS }
    among.set(name, seen)
    seen.of++
    const wallMs = ms / this.#speed
    if (!isGivenUp || wallMs >= OWN_TIME_MS) return
    seen.calls++
    seen.shortestMs = Math.min(seen.shortestMs, wallMs)
  }

  list(): ShortLimit[] {
    return [...this.#routes, ...this.#parts]
      .map(([route, seen]) => ({ route, ...seen }))
      .filter(({ calls, of }) => calls > 0 && calls >= of * FEWEST_SHARE)
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
