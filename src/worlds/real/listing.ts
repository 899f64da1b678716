// A snapshot of a bucket's keys, as one listing brought them.
import type { Listing, ObjectInfo } from '../world.ts'

export class Snapshot implements Listing {
  /** In key order, as the store lists them. */
  readonly #all: readonly ObjectInfo[]
  #byAge: readonly ObjectInfo[] | undefined
  #stamps: ReadonlyMap<string, number> | undefined

  constructor(all: readonly ObjectInfo[]) {
    this.#all = all
  }

  get count(): number {
    return this.#all.length
  }

  entries(): readonly ObjectInfo[] {
    return this.#all
  }

  oldest(n: number): readonly ObjectInfo[] {
    return this.#aged().slice(0, n)
  }

  since(earlier: Listing | undefined): Iterable<ObjectInfo> {
    if (!(earlier instanceof Snapshot)) return this.#aged()
    const known = earlier.#stamped()
    return this.#aged().filter(({ key, modifiedMs }) => known.get(key) !== modifiedMs)
  }

  #aged(): readonly ObjectInfo[] {
    this.#byAge ??= this.#all.toSorted(
      (a, b) => a.modifiedMs - b.modifiedMs || (a.key < b.key ? -1 : 1),
    )
    return this.#byAge
  }

  #stamped(): ReadonlyMap<string, number> {
    this.#stamps ??= new Map(this.#all.map(({ key, modifiedMs }) => [key, modifiedMs]))
    return this.#stamps
  }
}
