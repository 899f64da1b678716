// Calls and their answers, per route: how many ended how, and how long they took. Attempts are never items.
import type { CallResult } from '../worlds/world.ts'
import { Histogram } from './histogram.ts'
import type { WindowFilter, Windows } from './windows.ts'

/** A call's result with a number of its own, so that counting needs no text. */
export interface Result extends CallResult {
  readonly id: number
  /** The server's own words, where it had any. */
  readonly message?: string
}

/** The results seen in a run, each once. */
export class Results {
  readonly all: Result[] = []
  readonly #ids = new Map<string, Result>()
  readonly ok = this.of('ok')

  of(klass: string, code?: string, message?: string): Result {
    const name = code === undefined && message === undefined ? klass : `${klass} ${code} ${message}`
    let result = this.#ids.get(name)
    if (result === undefined) {
      result = {
        id: this.all.length,
        class: klass,
        ...(code === undefined ? {} : { code }),
        ...(message === undefined ? {} : { message }),
      }
      this.#ids.set(name, result)
      this.all.push(result)
    }
    return result
  }
}

export interface AttemptCount extends CallResult {
  readonly route: string
  readonly count: number
}

export class RouteStats {
  readonly route: string
  readonly index: number
  readonly #windows: Windows
  readonly #results: Results
  readonly #counts: number[][] = []
  readonly #durations: (Histogram | undefined)[] = []

  constructor(route: string, index: number, windows: Windows, results: Results) {
    this.route = route
    this.index = index
    this.#windows = windows
    this.#results = results
  }

  /** An attempt belongs to the window of its own start. */
  record(startUs: number, endUs: number, result: Result): void {
    const kind = this.#windows.at(startUs)
    let counts = this.#counts[kind]
    if (counts === undefined) counts = this.#counts[kind] = []
    while (counts.length <= result.id) counts.push(0)
    counts[result.id] = (counts[result.id] as number) + 1
    let durations = this.#durations[kind]
    if (durations === undefined) durations = this.#durations[kind] = new Histogram()
    durations.record((endUs - startUs) / 1_000)
  }

  counts(filter: WindowFilter): AttemptCount[] {
    const kinds = this.#windows.matching(filter)
    return this.#results.all.flatMap(({ id, ...result }) => {
      const count = kinds.reduce((sum, kind) => sum + (this.#counts[kind]?.[id] ?? 0), 0)
      return count === 0 ? [] : [{ route: this.route, ...result, count }]
    })
  }

  durations(filter: WindowFilter): Histogram {
    const all = new Histogram()
    for (const kind of this.#windows.matching(filter)) {
      const durations = this.#durations[kind]
      if (durations !== undefined) all.merge(durations)
    }
    return all
  }
}
