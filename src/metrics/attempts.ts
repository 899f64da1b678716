// Calls and their answers, per route: how many ended how, and how long they took. Attempts are never items.
import type { CallResult } from '../worlds/world.ts'
import { Histogram } from './histogram.ts'
import type { WindowFilter, Windows } from './windows.ts'

/** A call's result with a number of its own, so that counting needs no text. All are of one shape, for speed. */
export interface Result {
  readonly id: number
  readonly class: string
  readonly code: string | undefined
  /** The server's own words, where it had any. */
  readonly message: string | undefined
}

/** Only what was said: as it stands in a summary. */
export function wordsOf({ code, message }: Pick<Result, 'code' | 'message'>): {
  code?: string
  message?: string
} {
  return { ...(code === undefined ? {} : { code }), ...(message === undefined ? {} : { message }) }
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
      result = { id: this.all.length, class: klass, code, message }
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
  /** By kind of window, then by the result's number. */
  readonly #counts: readonly number[][]
  readonly #durations: (Histogram | undefined)[]

  constructor(route: string, index: number, windows: Windows, results: Results) {
    this.route = route
    this.index = index
    this.#windows = windows
    this.#results = results
    this.#counts = windows.kinds.map(() => [])
    this.#durations = windows.kinds.map(() => undefined)
  }

  /** An attempt belongs to the window of its own start. */
  record(startUs: number, endUs: number, result: Result): void {
    const kind = this.#windows.at(startUs)
    const counts = this.#counts[kind] as number[]
    while (counts.length <= result.id) counts.push(0)
    counts[result.id] = (counts[result.id] as number) + 1
    let durations = this.#durations[kind]
    if (durations === undefined) durations = this.#durations[kind] = new Histogram()
    durations.record((endUs - startUs) / 1_000)
  }

  counts(filter: WindowFilter): AttemptCount[] {
    const kinds = this.#windows.matching(filter)
    return this.#results.all.flatMap((result) => {
      const { id, class: klass } = result
      const count = kinds.reduce((sum, kind) => sum + (this.#counts[kind]?.[id] ?? 0), 0)
      return count === 0 ? [] : [{ route: this.route, class: klass, ...wordsOf(result), count }]
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
