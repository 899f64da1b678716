// A server's capacity over HTTP: so many requests worked on at once, so many waiting, no more.
import type { Capacity } from '../world.ts'
import { Arrears } from './arrears.ts'

export interface Waiting {
  /** The caller has gone. */
  readonly isOver: () => boolean
  readonly work: () => void
}

/** Told when the number of waiting or busy changes, and how long one waited. */
export interface SlotMeter {
  waiting(by: number): void
  busy(by: number): void
  waited(ms: number): void
  slots(count: number): void
}

export class Slots {
  readonly capacity: Capacity
  working = 0
  /** Requests that were let in, and those of them that had to wait. */
  served = 0
  waited = 0
  /** Requests that the factor has kept waiting, turned away, let in or slowed, each counted once. */
  changed = 0
  readonly arrears = new Arrears()
  readonly #meter: SlotMeter
  readonly #nowMs: () => number
  #factor: number
  /** What had been lost, and not made up for, when the last one that had to wait was let in. */
  #behindMs = 0
  #lostMs = 0
  #queue: { readonly one: Waiting; readonly sinceMs: number; kept: boolean }[] = []

  constructor(capacity: Capacity, factor: number, meter: SlotMeter, nowMs: () => number) {
    this.capacity = capacity
    this.#factor = factor
    this.#meter = meter
    this.#nowMs = nowMs
  }

  /** For how much longer than asked for slots were kept while others waited, ms of the world. */
  get lostMs(): number {
    return this.#lostMs + this.#behindMs
  }

  get count(): number {
    if (this.#factor === 0) return 0
    // A share of the slots, but never none; 0.29 × 100 is a little less than 29.
    return Math.max(1, Math.floor(this.capacity.concurrency * this.#factor + 1e-9))
  }

  /** Multiplies the concurrency: a fault's doing. */
  set factor(factor: number) {
    this.#factor = factor
    this.#meter.slots(
      (this.count * (this.capacity.bears ?? this.capacity.concurrency)) / this.capacity.concurrency,
    )
    this.#fill()
  }

  hasRoom(): boolean {
    return this.working < this.count || this.#queue.length < this.capacity.backlog
  }

  offer(one: Waiting): void {
    if (this.working < this.count) {
      this.#start(one, 0, false)
      return
    }
    this.#queue.push({ one, sinceMs: this.#nowMs(), kept: false })
    this.#meter.waiting(1)
    this.#countKept()
  }

  /** There was no room for a request that came for the first time. */
  turnAway(): void {
    if (this.working + this.#queue.length < this.capacity.concurrency) this.changed++
  }

  release(): void {
    this.working--
    this.#meter.busy(-1)
    this.#fill()
  }

  #fill(): void {
    while (this.working < this.count) {
      const next = this.#queue.shift()
      if (next === undefined) break
      this.#meter.waiting(-1)
      if (this.capacity.cancels === true && next.one.isOver()) continue
      this.#start(next.one, this.#nowMs() - next.sinceMs, next.kept)
    }
    this.#countKept()
  }

  /** Those at the head of the queue for whom there would be a slot without the factor. */
  #countKept(): void {
    const without = Math.min(this.#queue.length, this.capacity.concurrency - this.working)
    for (const next of this.#queue.slice(0, Math.max(0, without)))
      if (!next.kept) {
        next.kept = true
        this.changed++
      }
  }

  #start(one: Waiting, waitedMs: number, kept: boolean): void {
    this.working++
    this.served++
    if (waitedMs > 0) {
      this.waited++
      this.#behindMs = this.arrears.ms
    } else {
      // Nobody has waited for those that kept theirs too long since.
      this.#lostMs += this.#behindMs
      this.#behindMs = 0
      this.arrears.ms = 0
    }
    if (!kept && this.#factor !== 1 && this.#isNoticed()) this.changed++
    this.#meter.busy(1)
    this.#meter.waited(waitedMs)
    one.work()
  }

  /** Whether the one that begins would not be in hand without the factor, or its answer might be another. */
  #isNoticed(): boolean {
    const { concurrency, notices = concurrency } = this.capacity
    return this.working > Math.min(1, this.count / concurrency) * notices
  }

  /** The process died. */
  abandon(): void {
    this.#meter.waiting(-this.#queue.length)
    this.#meter.busy(-this.working)
    this.#queue = []
    this.working = 0
  }
}
