// What share of each latency is a real call's own: it does not shrink at a speed, so it weighs more the faster a run is.
import type { StoreTime } from './interposer/store-time.ts'

/** What nobody asked for of a call's time, ms of the world; NaN where nobody told what was, as no answer came. */
export function ownMsOf(atUs: number, startUs: number, askedMs: number): number {
  return Math.max(0, (atUs - startUs) / 1_000 - askedMs)
}

/** Of the answered calls of one route. */
export interface Answered {
  readonly calls: number
  readonly totalMs: number
  readonly ownMs: number
}

export interface OwnLatency {
  /** Answered calls of the route. */
  readonly calls: number
  /** Mean, on the wall: sockets, proxies and parts, without delays that were asked for and what our own hosts took. */
  readonly ownMs: number
  /** Of the latency that was measured. */
  readonly share: number
  /** The store's part of it, median, and the same while nothing else was asked of it. */
  readonly storeMs?: number
  readonly storeAloneMs?: number
}

export function ownLatencies(
  answered: ReadonlyMap<string, Answered>,
  store: Readonly<Record<string, StoreTime>>,
  speed: number,
): Readonly<Record<string, OwnLatency>> {
  return Object.fromEntries(
    Array.from(answered, ([route, { calls, totalMs, ownMs }]) => {
      const { storeMs = null, storeAloneMs = null } = store[route] ?? {}
      const latency: OwnLatency = {
        calls,
        ownMs: ownMs / calls / speed,
        share: totalMs === 0 ? 0 : ownMs / totalMs,
        ...(storeMs === null ? {} : { storeMs }),
        ...(storeMs === null || storeAloneMs === null ? {} : { storeAloneMs }),
      }
      return [route, latency]
    }),
  )
}

/** A store that takes so many times as long as alone has more to do than it can. */
const MOST_TIMES_AS_LONG = 5
/** Slower by less than this, in ms of the world, it changes nothing. */
export const WORTH_TELLING_MS = 250
const FEWEST_CALLS = 20

/** Of which routes the store could not keep up. */
export function overloaded(
  latencies: Readonly<Record<string, OwnLatency>>,
  speed: number,
): string[] {
  return Object.entries(latencies).flatMap(([route, { calls, storeMs, storeAloneMs }]) => {
    if (storeMs === undefined || storeAloneMs === undefined || calls < FEWEST_CALLS) return []
    const times = storeMs / storeAloneMs
    if (times <= MOST_TIMES_AS_LONG || storeMs * speed <= WORTH_TELLING_MS) return []
    return [
      `the object store took ${storeMs.toFixed(0)} ms for a ${route} (median), ${times.toFixed(0)} times as long as alone: it cannot keep up at --speed ${speed}`,
    ]
  })
}
