// A server's capacity: so many requests worked on at once, so many waiting, no more.
import { Fifo } from '../../base/fifo.ts'
import type { PartStats } from '../../metrics/recorder.ts'
import type { Capacity } from '../world.ts'
import type { Exchange } from './exchange.ts'

interface Waiting {
  readonly exchange: Exchange
  readonly sinceUs: number
  /** All slots that a factor left were taken when it could have begun. */
  kept: boolean
}

export class Station {
  readonly capacity: Capacity
  readonly part: PartStats
  factor = 1
  working = 0
  /** Requests that the factor has kept waiting, turned away, let in or slowed, each counted once. */
  changed = 0
  readonly #queue = new Fifo<Waiting>()
  readonly #work: (exchange: Exchange) => void

  constructor(capacity: Capacity, part: PartStats, work: (exchange: Exchange) => void) {
    this.capacity = capacity
    this.part = part
    this.#work = work
  }

  get slots(): number {
    if (this.factor === 0) return 0
    // A share of the slots, but never none; 0.29 × 100 is a little less than 29.
    return Math.max(1, Math.floor(this.capacity.concurrency * this.factor + 1e-9))
  }

  /** How many it works on at full speed now. */
  get bears(): number {
    const { bears, concurrency } = this.capacity
    return bears === undefined ? this.slots : (this.slots * bears) / concurrency
  }

  get waiting(): number {
    return this.#queue.length
  }

  /** False when the backlog is full: a connection is not accepted then. */
  hasRoom(): boolean {
    return this.working < this.slots || this.waiting < this.capacity.backlog
  }

  offer(exchange: Exchange, nowUs: number): void {
    if (this.working < this.slots) {
      this.#start(exchange, nowUs, 0, false)
      return
    }
    this.#queue.push({ exchange, sinceUs: nowUs, kept: false })
    this.part.changeWaiting(nowUs, 1)
    this.#countKept()
  }

  /** There was no room for a request that came for the first time. */
  turnAway(): void {
    if (this.working + this.waiting < this.capacity.concurrency) this.changed++
  }

  /** A slot is free again. */
  release(nowUs: number): void {
    this.working--
    this.part.changeBusy(nowUs, -1)
    this.fill(nowUs)
  }

  fill(nowUs: number): void {
    while (this.working < this.slots && this.waiting > 0) {
      const next = this.#queue.shift()
      if (next === undefined) return
      this.part.changeWaiting(nowUs, -1)
      if (next.exchange.over && this.capacity.cancels === true) continue
      this.#start(next.exchange, nowUs, nowUs - next.sinceUs, next.kept)
    }
    this.#countKept()
  }

  /** Those at the head of the queue for whom there would be a slot. */
  #countKept(): void {
    const without = Math.min(this.waiting, this.capacity.concurrency - this.working)
    for (let i = 0; i < without; i++) {
      const next = this.#queue.at(i)
      if (next === undefined || next.kept) continue
      next.kept = true
      this.changed++
    }
  }

  #start(exchange: Exchange, nowUs: number, waitedUs: number, kept: boolean): void {
    this.working++
    if (!kept && this.factor !== 1 && this.#isNoticed()) this.changed++
    this.part.changeBusy(nowUs, 1)
    this.part.waited(nowUs, waitedUs / 1_000)
    this.#work(exchange)
  }

  /** Whether the one that begins would not be in hand without the factor, or its answer might be another. */
  #isNoticed(): boolean {
    const { concurrency, notices = concurrency } = this.capacity
    return this.working > Math.min(1, this.slots / concurrency) * notices
  }

  /** The process died: nothing waits and nothing is worked on any more. */
  abandon(nowUs: number): void {
    this.part.changeWaiting(nowUs, -this.waiting)
    this.part.changeBusy(nowUs, -this.working)
    this.#queue.takeAll()
    this.working = 0
  }
}
