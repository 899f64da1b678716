// The object table: what a bucket holds, with snapshots of its listings.
import { must } from '../../base/assert.ts'
import { ByKey, type Keyed } from '../../base/by-key.ts'
import type { Listing, ObjectInfo } from '../world.ts'
import { Folders, folderEnd } from './folders.ts'

/** An object, linked to its neighbours in age: in the whole table, and in its folder. */
class Stored implements ObjectInfo, Keyed<Stored> {
  sameItem: Stored | undefined
  newer: Stored | undefined
  older: Stored | undefined
  newerInFolder: Stored | undefined
  olderInFolder: Stored | undefined
  readonly key: string
  readonly item: number
  readonly sizeBytes: number
  readonly modifiedMs: number
  readonly seq: number
  readonly folder: Folder

  constructor(
    key: string,
    item: number,
    sizeBytes: number,
    modifiedMs: number,
    seq: number,
    folder: Folder,
  ) {
    this.key = key
    this.item = item
    this.sizeBytes = sizeBytes
    this.modifiedMs = modifiedMs
    this.seq = seq
    this.folder = folder
  }
}

/** Keys are grouped by folder, so that listing one task does not visit the others. */
class Folder {
  readonly name: string
  newest: Stored | undefined
  oldest: Stored | undefined
  size = 0

  constructor(name: string) {
    this.name = name
  }
}

/** A key always comes with the same item: the number of what it is about, or -1. */
export class ObjectTable {
  readonly #objects = new ByKey<Stored>()
  readonly #folders = new Folders((name) => new Folder(name))
  #newest: Stored | undefined
  #seq = 0
  /** Called with the name of a folder whose last object was removed. */
  onVanish: ((folder: string) => void) | undefined

  get size(): number {
    return this.#objects.size
  }

  has(key: string, item = -1): boolean {
    return this.#objects.get(key, item) !== undefined
  }

  /** The name ends in its slash; the bucket's own is empty. */
  hasFolder(name: string): boolean {
    return this.#folders.get(name) !== undefined
  }

  get(key: string, item = -1): ObjectInfo | undefined {
    return this.#objects.get(key, item)
  }

  put(key: string, sizeBytes: number, modifiedMs: number, item = -1): void {
    const existing = this.#objects.get(key, item)
    if (existing !== undefined) this.#take(existing)
    const folder = this.#folders.of(key, folderEnd(key))
    const stored = new Stored(key, item, sizeBytes, modifiedMs, ++this.#seq, folder)
    stored.older = this.#newest
    if (this.#newest !== undefined) this.#newest.newer = stored
    this.#newest = stored
    stored.olderInFolder = folder.newest
    if (folder.newest !== undefined) folder.newest.newerInFolder = stored
    else folder.oldest = stored
    folder.newest = stored
    folder.size++
    this.#objects.add(stored)
  }

  /** False when there was nothing to remove. */
  remove(key: string, item = -1): boolean {
    const stored = this.#objects.get(key, item)
    if (stored === undefined) return false
    this.#take(stored)
    if (stored.folder.size === 0) this.onVanish?.(stored.folder.name)
    return true
  }

  #take(stored: Stored): void {
    this.#objects.remove(stored)
    const { folder } = stored
    folder.size--
    if (stored.older !== undefined) stored.older.newer = stored.newer
    if (stored.newer !== undefined) stored.newer.older = stored.older
    else this.#newest = stored.older
    if (stored.olderInFolder !== undefined)
      stored.olderInFolder.newerInFolder = stored.newerInFolder
    else folder.oldest = stored.newerInFolder
    if (stored.newerInFolder !== undefined)
      stored.newerInFolder.olderInFolder = stored.olderInFolder
    else folder.newest = stored.olderInFolder
    if (folder.size === 0) this.#folders.delete(folder.name)
    // One that the collector holds to be old would keep all that came after it.
    stored.older = stored.newer = stored.olderInFolder = stored.newerInFolder = undefined
  }

  list(prefix: string): TableListing {
    if (prefix === '')
      return new TableListing('', this.#seq, this.#objects.size, () => this.#newest, undefined)
    const folder = this.#folders.get(prefix)
    // A prefix is a folder's name nearly always; any other is looked for in all of them.
    if (folder !== undefined && !this.#hasSubfolder(prefix))
      return new TableListing(prefix, this.#seq, folder.size, () => folder.newest, folder)
    let count = 0
    for (let object = this.#newest; object !== undefined; object = object.older)
      if (object.key.startsWith(prefix)) count++
    return new TableListing(prefix, this.#seq, count, () => this.#newest, undefined)
  }

  #hasSubfolder(prefix: string): boolean {
    for (const name of this.#folders.names())
      if (name.length > prefix.length && name.startsWith(prefix)) return true
    return false
  }
}

/** Reads the table when asked, but shows nothing newer than itself; `freeze` before it is delivered late. */
export class TableListing implements Listing {
  readonly count: number
  readonly seq: number
  readonly #prefix: string
  readonly #newest: () => Stored | undefined
  readonly #folder: Folder | undefined
  #frozen: readonly Stored[] | undefined

  constructor(
    prefix: string,
    seq: number,
    count: number,
    newest: () => Stored | undefined,
    folder: Folder | undefined,
  ) {
    this.#prefix = prefix
    this.seq = seq
    this.count = count
    this.#newest = newest
    this.#folder = folder
  }

  freeze(): void {
    this.#frozen ??= this.#read(0)
  }

  entries(): readonly ObjectInfo[] {
    // Names mostly grow with age: what is read by age is nearly in key order already.
    return [...(this.#frozen ?? this.#read(0))].sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  oldest(n: number): readonly ObjectInfo[] {
    if (this.#frozen !== undefined || this.#folder === undefined)
      return (this.#frozen ?? this.#read(0)).slice(0, n)
    const found: ObjectInfo[] = []
    for (
      let object = this.#folder.oldest;
      object !== undefined && found.length < n;
      object = object.newerInFolder
    )
      if (object.seq <= this.seq) found.push(object)
    return found
  }

  since(earlier: Listing | undefined): Iterable<ObjectInfo> {
    const own =
      earlier === undefined || earlier instanceof TableListing ? (earlier?.seq ?? 0) : undefined
    const after = must(own, 'a listing of this store')
    return this.#frozen === undefined
      ? this.#read(after)
      : this.#frozen.filter((object) => object.seq > after)
  }

  /** Objects put after `after`, oldest first. */
  #read(after: number): Stored[] {
    const found: Stored[] = []
    const folder = this.#folder
    for (let object = this.#newest(); object !== undefined && object.seq > after; ) {
      if (object.seq <= this.seq && (folder !== undefined || object.key.startsWith(this.#prefix)))
        found.push(object)
      object = folder === undefined ? object.older : object.olderInFolder
    }
    return found.reverse()
  }
}
