// Which items were lost, by fate and cause: neighbours are told together, as one loss mostly takes many in a row.

/** The indices of the first and the last of items that follow each other. */
export type Stretch = readonly [first: number, last: number]

export class WhichLost {
  /** By fate and the number of the cause. */
  readonly #stretches = new Map<string, [number, number][][]>()

  /** In the order of their indices. */
  add(index: number, fate: string, cause: number): void {
    const byCause = this.#stretches.get(fate) ?? []
    const all = byCause[cause] ?? []
    const last = all.at(-1)
    if (last?.[1] === index - 1) last[1] = index
    else all.push([index, index])
    byCause[cause] = all
    this.#stretches.set(fate, byCause)
  }

  of(fate: string, cause: number): readonly Stretch[] {
    return this.#stretches.get(fate)?.[cause] ?? []
  }
}
