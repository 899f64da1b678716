// Cleanup: keeps the newest objects of each task, and deletes the rest, queued or not.
import { Ticker } from '../../worlds/ticker.ts'
import { CallError, type Host } from '../../worlds/world.ts'
import { taskFolders } from './keys.ts'
import type { Options } from './options.ts'

/** Keys per multi-object delete, S3's own limit. */
const KEYS_PER_DELETE = 1_000

export class Cleanup {
  readonly #host: Host
  readonly #options: Options
  readonly #isInUse: (key: string) => boolean
  readonly #deleted: (key: string) => void
  readonly #folders: readonly string[]
  readonly #uploads: number[]
  readonly #lastRunMs: number[]
  readonly #due: number[] = []
  #wake: (() => void) | undefined

  constructor(
    host: Host,
    options: Options,
    isInUse: (key: string) => boolean,
    deleted: (key: string) => void,
  ) {
    this.#host = host
    this.#options = options
    this.#isInUse = isInUse
    this.#deleted = deleted
    this.#folders = taskFolders(options)
    this.#uploads = new Array(options.tasks).fill(0)
    this.#lastRunMs = new Array(options.tasks).fill(host.clock.monotonic())
  }

  uploaded(task: number): void {
    const uploads = (this.#uploads[task] ?? 0) + 1
    this.#uploads[task] = uploads
    const idleMs = this.#host.clock.monotonic() - (this.#lastRunMs[task] ?? 0)
    if (uploads >= this.#options.cleanup.uploads || idleMs >= this.#options.cleanup.idle)
      this.#trigger(task)
  }

  #trigger(task: number): void {
    this.#uploads[task] = 0
    this.#lastRunMs[task] = this.#host.clock.monotonic()
    if (!this.#due.includes(task)) this.#due.push(task)
    this.#wake?.()
  }

  /** One worker, one task at a time. */
  async work(): Promise<never> {
    for (;;) {
      const task = this.#due.shift()
      if (task !== undefined) await this.#clean(task)
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }

  async everySoOften(): Promise<never> {
    const ticker = new Ticker(this.#host.clock, this.#options.cleanup.every)
    for (;;) {
      await ticker.next()
      for (let task = 0; task < this.#options.tasks; task++) this.#trigger(task)
    }
  }

  async #clean(task: number): Promise<void> {
    try {
      const listing = await this.#host.objects.list(this.#folders[task] ?? '', { totalMs: 30_000 })
      if (listing.count <= this.#options.retention) return
      const old = listing
        .oldest(listing.count - this.#options.retention)
        .map((object) => object.key)
      const doomed = this.#options.protectQueued ? old.filter((key) => !this.#isInUse(key)) : old
      for (let i = 0; i < doomed.length; i += KEYS_PER_DELETE) {
        const keys = doomed.slice(i, i + KEYS_PER_DELETE)
        await this.#host.objects.removeMany(keys, { totalMs: 30_000 })
        for (const key of keys) this.#deleted(key)
      }
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.#host.log('cleanup failed')
    }
  }
}
