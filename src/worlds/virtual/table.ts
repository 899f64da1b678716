// A table of the database: rows by key, and in the order in which they were inserted.
import { ByKey, type Keyed } from '../../base/by-key.ts'
import type { KeyedRow, Row } from '../world.ts'

interface Entry extends Keyed<Entry> {
  row: Row
  before: Entry | undefined
  after: Entry | undefined
}

/** No `Map`: with as many rows as a run has items, most of what it looks at would be in no cache. */
export class Table {
  readonly #itemOf: (key: string) => number
  readonly #rows = new ByKey<Entry>()
  #first: Entry | undefined
  #last: Entry | undefined

  constructor(itemOf: (key: string) => number) {
    this.#itemOf = itemOf
  }

  get size(): number {
    return this.#rows.size
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key, this.#itemOf(key))?.row
  }

  /** A row that is there keeps its place. */
  set(key: string, row: Row): void {
    const item = this.#itemOf(key)
    const known = this.#rows.get(key, item)
    if (known !== undefined) {
      known.row = row
      return
    }
    const before = this.#last
    const entry = { key, item, sameItem: undefined, row, before, after: undefined }
    this.#rows.add(entry)
    if (before === undefined) this.#first = entry
    else before.after = entry
    this.#last = entry
  }

  /** Harmless where there is none. */
  delete(key: string): void {
    const entry = this.#rows.get(key, this.#itemOf(key))
    if (entry === undefined) return
    const { before, after } = entry
    this.#rows.remove(entry)
    if (before === undefined) this.#first = after
    else before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
  }

  oldest(limit: number): KeyedRow[] {
    const rows: KeyedRow[] = []
    for (let at = this.#first; at !== undefined && rows.length < limit; at = at.after)
      rows.push({ key: at.key, row: at.row })
    return rows
  }
}
