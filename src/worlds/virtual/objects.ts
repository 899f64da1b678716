// The object table: what a bucket holds, with snapshots of its listings.
import { must } from '../../base/assert.ts'
import type { Listing, ObjectInfo } from '../world.ts'

interface Stored extends ObjectInfo {
  readonly seq: number
  newer: Stored | undefined
  older: Stored | undefined
}

/** Keys are grouped by folder, so that listing one task does not visit the others. */
export class ObjectTable {
  readonly #folders = new Map<string, Map<string, Stored>>()
  #newest: Stored | undefined
  #seq = 0
  size = 0

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  get(key: string): ObjectInfo | undefined {
    return this.#folders.get(folderOf(key))?.get(key)
  }

  put(key: string, sizeBytes: number, modifiedMs: number): void {
    this.remove(key)
    const folder = folderOf(key)
    let objects = this.#folders.get(folder)
    if (objects === undefined) {
      objects = new Map()
      this.#folders.set(folder, objects)
    }
    const stored: Stored = { key, sizeBytes, modifiedMs, seq: ++this.#seq, newer: undefined, older: this.#newest }
    if (this.#newest !== undefined) this.#newest.newer = stored
    this.#newest = stored
    objects.set(key, stored)
    this.size++
  }

  /** False when there was nothing to remove. */
  remove(key: string): boolean {
    const folder = folderOf(key)
    const objects = this.#folders.get(folder)
    const stored = objects?.get(key)
    if (objects === undefined || stored === undefined) return false
    objects.delete(key)
    if (objects.size === 0) this.#folders.delete(folder)
    if (stored.older !== undefined) stored.older.newer = stored.newer
    if (stored.newer !== undefined) stored.newer.older = stored.older
    else this.#newest = stored.older
    this.size--
    return true
  }

  list(prefix: string): TableListing {
    const folders = [...this.#folders].filter(([name]) => name.startsWith(prefix) || prefix.startsWith(name))
    const whole = folders.every(([name]) => name.startsWith(prefix))
    const objects = folders.map(([, inside]) => inside)
    const count = whole
      ? objects.reduce((sum, inside) => sum + inside.size, 0)
      : objects.reduce((sum, inside) => sum + [...inside.keys()].filter((k) => k.startsWith(prefix)).length, 0)
    return new TableListing(prefix, this.#seq, count, objects, () => this.#newest)
  }
}

/** Reads the table when asked, but shows nothing newer than itself; `freeze` before it is delivered late. */
export class TableListing implements Listing {
  readonly count: number
  readonly seq: number
  readonly #prefix: string
  readonly #objects: readonly ReadonlyMap<string, Stored>[]
  readonly #newest: () => Stored | undefined
  #frozen: readonly Stored[] | undefined

  constructor(
    prefix: string,
    seq: number,
    count: number,
    objects: readonly ReadonlyMap<string, Stored>[],
    newest: () => Stored | undefined,
  ) {
    this.#prefix = prefix
    this.seq = seq
    this.count = count
    this.#objects = objects
    this.#newest = newest
  }

  freeze(): void {
    this.#frozen = this.#read()
  }

  entries(): readonly ObjectInfo[] {
    return this.#frozen ?? this.#read()
  }

  since(earlier: Listing | undefined): Iterable<ObjectInfo> {
    const after = earlier === undefined ? 0 : must(earlier instanceof TableListing ? earlier.seq : undefined, 'a listing of this store')
    if (this.#frozen !== undefined)
      return this.#frozen.filter((o) => o.seq > after).sort((a, b) => a.seq - b.seq)
    const found: ObjectInfo[] = []
    for (let object = this.#newest(); object !== undefined && object.seq > after; object = object.older)
      if (object.seq <= this.seq && object.key.startsWith(this.#prefix)) found.push(object)
    return found.reverse()
  }

  #read(): readonly Stored[] {
    const found: Stored[] = []
    for (const inside of this.#objects)
      for (const object of inside.values())
        if (object.seq <= this.seq && object.key.startsWith(this.#prefix)) found.push(object)
    return found.sort((a, b) => (a.key < b.key ? -1 : 1))
  }
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1)
}
