// The object table: what a bucket holds, with snapshots of its listings.
import { must } from '../../base/assert.ts'
import type { Listing, ObjectInfo } from '../world.ts'

/** An object, linked to its neighbours in age: in the whole table, and in its folder. */
class Stored implements ObjectInfo {
  newer: Stored | undefined
  older: Stored | undefined
  newerInFolder: Stored | undefined
  olderInFolder: Stored | undefined
  readonly key: string
  readonly sizeBytes: number
  readonly modifiedMs: number
  readonly seq: number
  readonly folder: Folder

  constructor(key: string, sizeBytes: number, modifiedMs: number, seq: number, folder: Folder) {
    this.key = key
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

export class ObjectTable {
  readonly #objects = new Map<string, Stored>()
  readonly #folders = new Map<string, Folder>()
  /** The folder put into last: the next put is often into the same. */
  #recent = new Folder('')
  #newest: Stored | undefined
  #seq = 0

  get size(): number {
    return this.#objects.size
  }

  has(key: string): boolean {
    return this.#objects.has(key)
  }

  get(key: string): ObjectInfo | undefined {
    return this.#objects.get(key)
  }

  put(key: string, sizeBytes: number, modifiedMs: number): void {
    const existing = this.#objects.get(key)
    if (existing !== undefined) this.#unlink(existing)
    const folder = this.#folderFor(key)
    const stored = new Stored(key, sizeBytes, modifiedMs, ++this.#seq, folder)
    stored.older = this.#newest
    if (this.#newest !== undefined) this.#newest.newer = stored
    this.#newest = stored
    stored.olderInFolder = folder.newest
    if (folder.newest !== undefined) folder.newest.newerInFolder = stored
    else folder.oldest = stored
    folder.newest = stored
    folder.size++
    this.#objects.set(key, stored)
  }

  /** False when there was nothing to remove. */
  remove(key: string): boolean {
    const stored = this.#objects.get(key)
    if (stored === undefined) return false
    this.#objects.delete(key)
    this.#unlink(stored)
    return true
  }

  #unlink(stored: Stored): void {
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
  }

  list(prefix: string): TableListing {
    if (prefix === '')
      return new TableListing('', this.#seq, this.#objects.size, () => this.#newest, undefined)
    const folder = this.#folders.get(prefix)
    // A prefix is a folder's name nearly always; any other is looked for in all of them.
    if (folder !== undefined && !this.#hasSubfolder(prefix))
      return new TableListing(prefix, this.#seq, folder.size, () => folder.newest, folder)
    const found = [...this.#objects.keys()].filter((key) => key.startsWith(prefix))
    return new TableListing(prefix, this.#seq, found.length, () => this.#newest, undefined)
  }

  #hasSubfolder(prefix: string): boolean {
    for (const name of this.#folders.keys())
      if (name.length > prefix.length && name.startsWith(prefix)) return true
    return false
  }

  #folderFor(key: string): Folder {
    const recent = this.#recent
    const end = folderEnd(key)
    if (recent.size > 0 && recent.name.length === end && key.startsWith(recent.name)) return recent
    const name = key.slice(0, end)
    let folder = this.#folders.get(name)
    if (folder === undefined) {
      folder = new Folder(name)
      this.#folders.set(name, folder)
    }
    this.#recent = folder
    return folder
  }
}

/** Where the folder's name ends, its slash included. By hand: `lastIndexOf` leaves compiled code. */
export function folderEnd(key: string): number {
  let end = key.length
  while (end > 0 && key.charCodeAt(end - 1) !== SLASH) end--
  return end
}

const SLASH = 47

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
