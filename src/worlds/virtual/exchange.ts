// One call and all that is known of it while it is under way.
import type { Result, RouteStats } from '../../metrics/attempts.ts'
import { type Call, CallError, type Json, type Op, type Reply, type Timeouts } from '../world.ts'
import type { Timer, VirtualClock } from './clock.ts'
import type { Life } from './process.ts'

/** The server's answer, or what the store found. `value` is what the caller's promise gets. */
export interface Outcome {
  readonly result: Result
  readonly status: number
  readonly value: unknown
}

export class Exchange implements Call {
  readonly from: string
  readonly to: string
  readonly op: Op
  readonly route: string
  readonly key: string
  readonly item: number
  readonly stats: RouteStats
  readonly timeouts: Timeouts
  readonly life: Life
  readonly startUs: number
  nth = 1
  /** The caller no longer waits: it was answered, or gave up. */
  over = false
  deadline: Timer | undefined
  /** What the caller is told if its deadline passes. */
  timeoutClass = 'read-timeout'
  /** True for HTTP, whose caller gets a `Reply` whatever the status; false for the store's own operations. */
  wantsReply = false
  params: Readonly<Record<string, string>> = {}
  body: Json = null
  /** The date that the caller signed with, ms. */
  datedMs = 0
  /** What an operation needs beside its key. */
  arg: unknown
  split: SplitReply | undefined
  /** Its slot at the server was given back when the caller gave up. */
  released = false
  onGiveUp: (() => void) | undefined
  /** Where it goes when what holds it lets go. */
  onward: (() => void) | undefined
  /** At the server: arrives at the handler or the store. */
  arrive: (exchange: Exchange) => void
  readonly #clock: VirtualClock
  resolve!: (value: never) => void
  reject!: (error: CallError) => void

  constructor(
    from: string,
    to: string,
    op: Op,
    stats: RouteStats,
    key: string,
    item: number,
    timeouts: Timeouts,
    life: Life,
    clock: VirtualClock,
    arrive: (exchange: Exchange) => void,
  ) {
    this.from = from
    this.to = to
    this.op = op
    this.route = stats.route
    this.stats = stats
    this.key = key
    this.item = item
    this.timeouts = timeouts
    this.life = life
    this.startUs = clock.nowUs
    this.arrive = arrive
    this.#clock = clock
  }

  elapsedMs(): number {
    return (this.#clock.nowUs - this.startUs) / 1_000
  }
}

export const NO_TIMEOUTS: Timeouts = {}

/** An answer whose body came with its head. */
export class WholeReply implements Reply {
  readonly status: number
  readonly #body: Json

  constructor(status: number, body: Json) {
    this.status = status
    this.#body = body
  }

  cancel(): void {}

  body(): Promise<Json> {
    return Promise.resolve(this.#body)
  }
}

/** An answer whose body is still on its way. */
export class SplitReply implements Reply {
  readonly status: number
  readonly #onCancel: () => void
  readonly #body: Promise<Json>
  #settled = false
  #resolve!: (body: Json) => void
  #reject!: (error: CallError) => void

  constructor(status: number, onCancel: () => void) {
    this.status = status
    this.#onCancel = onCancel
    this.#body = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // The caller may never ask for the body; losing it is no unhandled rejection then.
    this.#body.catch(() => {})
  }

  cancel(): void {
    if (!this.#settled) this.#onCancel()
  }

  body(): Promise<Json> {
    return this.#body
  }

  complete(body: Json): void {
    this.#settled = true
    this.#resolve(body)
  }

  lose(error: CallError): void {
    this.#settled = true
    this.#reject(error)
  }
}
