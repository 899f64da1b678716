// The scanner: lists the bucket and queues every key that it has not seen.
import { ByKey, type Keyed } from '../../base/by-key.ts'
import { Ticker } from '../../worlds/ticker.ts'
import { CallError, type Host, type Listing } from '../../worlds/world.ts'
import { itemOf } from './keys.ts'
import type { Options } from './options.ts'

/** The map of seen keys is cleaned this often. */
const FORGET_EVERY_MS = 300_000

/** A key that was queued. */
class Seen implements Keyed<Seen> {
  readonly key: string
  readonly item: number
  readonly atMs: number
  sameItem: Seen | undefined

  constructor(key: string, item: number, atMs: number) {
    this.key = key
    this.item = item
    this.atMs = atMs
  }
}

export class Scanner {
  readonly #host: Host
  readonly #options: Options
  readonly #found: (key: string) => void
  readonly #processed = new ByKey<Seen>()
  /** No key that is remembered was queued before. */
  #oldestMs = 0
  #earlier: Listing | undefined
  #isFirst = true
  #forgottenMs = 0

  constructor(host: Host, options: Options, found: (key: string) => void) {
    this.#host = host
    this.#options = options
    this.#found = found
  }

  async scanForever(afterScan: () => void): Promise<never> {
    const ticker = new Ticker(this.#host.clock, this.#options.scan.every)
    for (;;) {
      await this.#scan()
      afterScan()
      await ticker.next()
    }
  }

  async #scan(): Promise<void> {
    let listing: Listing
    try {
      listing = await this.#host.objects.list('', { totalMs: 30_000 })
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.#host.log('scan failed')
      return
    }
    const nowMs = this.#host.clock.monotonic()
    let found = 0
    const ignore = this.#isFirst && this.#options.scan.existing === 'ignore'
    this.#isFirst = false
    for (const { key } of listing.since(this.#earlier)) {
      const item = itemOf(key)
      if (this.#processed.get(key, item) !== undefined) continue
      this.#processed.add(new Seen(key, item, nowMs))
      if (ignore) continue
      found++
      this.#found(key)
    }
    this.#earlier = listing
    if (found > 0) this.#host.log('scan found new images', undefined, found)
    this.#forget(nowMs)
  }

  /** What the analyser itself has deleted cannot be found again: remembering it would only fill memory. */
  deleted(key: string): void {
    const seen = this.#processed.get(key, itemOf(key))
    if (seen !== undefined) this.#processed.remove(seen)
  }

  /** What is forgotten but still in the bucket is found again, so the next scan looks at all of it. */
  #forget(nowMs: number): void {
    if (nowMs - this.#forgottenMs < FORGET_EVERY_MS) return
    this.#forgottenMs = nowMs
    const { processedFor } = this.#options
    if (nowMs - this.#oldestMs < processedFor) return
    this.#oldestMs = nowMs
    for (const seen of this.#processed) {
      if (nowMs - seen.atMs < processedFor) this.#oldestMs = Math.min(this.#oldestMs, seen.atMs)
      else {
        this.#processed.remove(seen)
        this.#earlier = undefined
      }
    }
  }
}
