// Which items were lost, by fate and cause: neighbours are told together, as one loss mostly takes many in a row.
import type { Fate } from './outcomes.ts'

/** The indices of the first and the last of items that follow each other. */
export type Stretch = readonly [first: number, last: number]

export class WhichLost {
  /** By fate and the number of the cause. */
  readonly #stretches = new Map<Fate, [number, number][][]>()
  /** Where the item that was added last belongs: mostly the next one does, too. */
  #fate: Fate | undefined
  #cause = 0
  #stretch: [number, number] = [0, 0]

  /** In the order of their indices. */
  add(index: number, fate: Fate, cause: number): void {
    if (this.#fate === fate && this.#cause === cause && this.#stretch[1] === index - 1) {
      this.#stretch[1] = index
      return
    }
    this.#fate = fate
    this.#cause = cause
    this.#stretch = [index, index]
    const byCause = this.#stretches.get(fate) ?? []
    this.#stretches.set(fate, byCause)
    byCause[cause] ??= []
    byCause[cause].push(this.#stretch)
  }

  of(fate: Fate, cause: number): readonly Stretch[] {
    return this.#stretches.get(fate)?.[cause] ?? []
  }
}
