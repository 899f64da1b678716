// What the server keeps: buckets on the virtual world's own table, and the bytes that the table only counts.
import { VirtualStore } from '../../store/store.ts'
import type { ObjectInfo } from '../../world.ts'
import type { Headers } from '../sigv4.ts'
import { Refusal } from './refusals.ts'

/** What is kept of an object beside its entry in the table. */
export interface Content {
  readonly bytes: Buffer
  readonly etag: string
  /** Given back with it: `content-type`, `x-amz-meta-…`. */
  readonly headers: Headers
}

export interface Found extends Content {
  readonly info: ObjectInfo
}

export class Bucket {
  readonly name: string
  readonly createdMs: number
  readonly store = new VirtualStore()
  readonly contents = new Map<string, Content>()

  constructor(name: string, createdMs: number) {
    this.name = name
    this.createdMs = createdMs
  }

  find(key: string): Found | undefined {
    const info = this.store.table.get(key)
    const content = this.contents.get(key)
    return info === undefined || content === undefined ? undefined : { ...content, info }
  }

  get(key: string): Found {
    const found = this.find(key)
    if (found === undefined) throw new Refusal('noSuchKey')
    return found
  }
}

/** Bytes that are on their way in; given back unless they are kept. */
export class Reservation implements Disposable {
  readonly #storage: Storage
  #bytes = 0

  constructor(storage: Storage) {
    this.#storage = storage
  }

  grow(bytes: number): void {
    this.#storage.take(bytes)
    this.#bytes += bytes
  }

  keep(): void {
    this.#bytes = 0
  }

  [Symbol.dispose](): void {
    this.#storage.giveBack(this.#bytes)
    this.keep()
  }
}

export class Storage {
  readonly #buckets = new Map<string, Bucket>()
  readonly #capBytes: number
  #usedBytes = 0

  constructor(capBytes: number) {
    this.#capBytes = capBytes
  }

  /** In the order of their names. */
  buckets(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name)
    if (bucket === undefined) throw new Refusal('noSuchBucket')
    return bucket
  }

  make(name: string, nowMs: number): void {
    if (this.#buckets.has(name)) throw new Refusal('bucketExists')
    this.#buckets.set(name, new Bucket(name, nowMs))
  }

  removeBucket(name: string): void {
    if (this.bucket(name).store.table.size > 0) throw new Refusal('bucketNotEmpty')
    this.#buckets.delete(name)
  }

  /** The content's bytes have been taken already. */
  put(bucket: Bucket, key: string, content: Content, nowMs: number): void {
    this.giveBack(bucket.contents.get(key)?.bytes.length ?? 0)
    bucket.store.put(key, content.bytes.length, nowMs, nowMs)
    bucket.contents.set(key, content)
  }

  /** Nothing happens where there is nothing. */
  remove(bucket: Bucket, key: string, nowMs: number): void {
    this.giveBack(bucket.contents.get(key)?.bytes.length ?? 0)
    bucket.store.remove(key, nowMs, nowMs)
    bucket.contents.delete(key)
  }

  /** A `Refusal` where there would be no room for so many more. */
  mustHold(bytes: number): void {
    if (this.#usedBytes + bytes > this.#capBytes) throw new Refusal('full')
  }

  take(bytes: number): void {
    this.mustHold(bytes)
    this.#usedBytes += bytes
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }
}
