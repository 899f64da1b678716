// What a system asks of its upstreams: how many calls, how many of them again, and how many were of use.
import type { OpenItem } from './open-items.ts'
import { Series } from './series.ts'
import type { WindowFilter, Windows } from './windows.ts'

/** Whether a call of a route to a host is asked of an upstream. */
export type IsUpstream = (to: string, route: string) => boolean

/** Calls by kind of window, of one route. */
interface Counts {
  readonly calls: number[]
  /** An item's first of the route, and those about no item. */
  readonly firsts: number[]
}

export class UpstreamCalls {
  readonly series = new Series()
  readonly firstsSeries = new Series()
  readonly #windows: Windows
  readonly #byRoute: (Counts | undefined)[]
  /** The routes that are called, by number. */
  readonly #routes: number[] = []
  /** By kind of window, of the items' own starts: their calls until they ended, and those of use. */
  readonly #spent: number[]
  readonly #useful: number[]

  /** Which calls count. */
  readonly isUpstream: IsUpstream

  constructor(windows: Windows, routes: number, isUpstream: IsUpstream) {
    this.isUpstream = isUpstream
    this.#windows = windows
    this.#byRoute = new Array(routes).fill(undefined)
    this.#spent = windows.kinds.map(() => 0)
    this.#useful = windows.kinds.map(() => 0)
  }

  /** `nth`: of its item's calls of this route, from 1; of a call about no open item any number. */
  started(nowUs: number, route: number, item: OpenItem | undefined, nth: number): void {
    const kind = this.#windows.at(nowUs)
    const { calls, firsts } = this.#byRoute[route] ?? this.#begin(route)
    calls[kind] = (calls[kind] as number) + 1
    this.series.record(nowUs, 1)
    if (nth === 1 && item !== undefined) {
      firsts[kind] = (firsts[kind] as number) + 1
      this.firstsSeries.record(nowUs, 1)
    }
    // Of an item that has ended nothing more is of use.
    if (item === undefined) this.#spent[kind] = (this.#spent[kind] as number) + 1
  }

  #begin(route: number): Counts {
    const none = () => this.#windows.kinds.map(() => 0)
    const counts = { calls: none(), firsts: none() }
    this.#byRoute[route] = counts
    this.#routes.push(route)
    return counts
  }

  /** Of a success one call of each route is of use, the one that ended well; of any other end none is. */
  itemEnded({ calls, window }: OpenItem, succeeded: boolean): void {
    for (const route of this.#routes) {
      const made = calls[route] as number
      this.#spent[window] = (this.#spent[window] as number) + (made >> 2)
      if (succeeded && (made & 3) === 1) this.#useful[window] = (this.#useful[window] as number) + 1
    }
  }

  count(filter: WindowFilter, route?: number): number {
    return this.#sum(filter, route, ({ calls }) => calls)
  }

  /** Calls ÷ first calls: 1 where nothing is ever called again. Null where there was none. */
  amplification(filter: WindowFilter, route?: number): number | null {
    const firsts = this.#sum(filter, route, (counts) => counts.firsts)
    return firsts === 0 ? null : this.count(filter, route) / firsts
  }

  /** Of the calls that were made for items that have ended, or after that: the share that was of use. */
  useful(filter: WindowFilter): number | null {
    const kinds = this.#windows.matching(filter)
    const sum = (of: readonly number[]) => kinds.reduce((n, kind) => n + (of[kind] ?? 0), 0)
    const spent = sum(this.#spent)
    return spent === 0 ? null : sum(this.#useful) / spent
  }

  /** Those that were made for items until they ended, by the items' own windows, and what came after their end. */
  spent(filter: WindowFilter): number {
    return this.#windows.matching(filter).reduce((n, kind) => n + (this.#spent[kind] ?? 0), 0)
  }

  #sum(
    filter: WindowFilter,
    route: number | undefined,
    of: (counts: Counts) => readonly number[],
  ): number {
    const kinds = this.#windows.matching(filter)
    const routes = route === undefined ? this.#routes : [route]
    return routes.reduce((sum, one) => {
      const counts = this.#byRoute[one]
      return counts === undefined
        ? sum
        : sum + kinds.reduce((n, kind) => n + (of(counts)[kind] ?? 0), 0)
    }, 0)
  }
}
