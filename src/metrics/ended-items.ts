// How many items ended in which fate and why, by the window of their intended start.
import type { Cause, Causes } from './cause.ts'
import { SUCCEEDED } from './compiled-rules.ts'
import { FATES, type Fate, LOST } from './outcomes.ts'
import type { WindowFilter, Windows } from './windows.ts'

/** Successes have no cause: they are counted where the first cause would be. */
const SUCCESS: Cause = { id: 0, stage: '', class: 'ok', code: undefined, message: undefined }

export type EndedCause = Cause & { readonly fate: Fate; readonly count: number }

export class EndedItems {
  readonly #windows: Windows
  readonly #causes: Causes
  /** [window][fate][cause] */
  readonly #counts: readonly (readonly number[][])[]

  constructor(windows: Windows, causes: Causes) {
    this.#windows = windows
    this.#causes = causes
    this.#counts = windows.kinds.map(() => FATES.map(() => []))
  }

  add(window: number, fate: number, cause: Cause, by: number): void {
    const causes = this.#counts[window]?.[fate] as number[]
    const cell = fate === SUCCEEDED ? 0 : cause.id
    while (causes.length <= cell) causes.push(0)
    causes[cell] = (causes[cell] as number) + by
  }

  count(
    filter: WindowFilter,
    fates: readonly Fate[],
    which: (cause: Cause) => boolean = () => true,
  ): number {
    return this.causes(filter, fates).reduce((sum, c) => (which(c) ? sum + c.count : sum), 0)
  }

  /** Of these fates by root cause. A success has no cause: it counts under the first. */
  causes(filter: WindowFilter, fates: readonly Fate[] = LOST): EndedCause[] {
    const windows = this.#windows.matching(filter)
    return fates.flatMap((fate) => {
      const id = FATES.indexOf(fate)
      const cells = fate === 'succeeded' ? [SUCCESS] : this.#causes.all
      return cells.flatMap((cause) => {
        const count = windows.reduce((sum, w) => sum + (this.#counts[w]?.[id]?.[cause.id] ?? 0), 0)
        return count === 0 ? [] : [{ ...cause, fate, count }]
      })
    })
  }
}
