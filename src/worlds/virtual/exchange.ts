// One call and all that is known of it while it is under way.

import type { Result } from '../../metrics/attempts.ts'
import { about, type CallEvent } from '../../metrics/history.ts'
import type { OpenItem } from '../../metrics/open-items.ts'
import type { SplitReply } from '../split-reply.ts'
import {
  type Call,
  type CallError,
  type Headers,
  type Json,
  NO_HEADERS,
  type Op,
  type Reply,
  type Stage,
  type Timeouts,
} from '../world.ts'
import type { Timer, VirtualClock } from './clock.ts'
import type { Lane } from './lane.ts'
import type { Life } from './process.ts'

export const NO_TIMEOUTS: Timeouts = {}
export const NO_PARAMS: Readonly<Record<string, string>> = {}

/** Kept small: there is one for every call of a run. What few calls need is set when they need it. */
export class Exchange implements Call {
  readonly lane: Lane
  readonly key: string
  readonly item: number
  readonly life: Life
  readonly clock: VirtualClock
  startUs = -0
  timeouts: Timeouts = NO_TIMEOUTS
  nth = 1
  /** The caller no longer waits: it was answered, or gave up. */
  over = false
  /** Its place among the calls that its host has not answered yet, or -1; and how many had come to the host before it. */
  inboundAt = -1
  inboundNth = 0
  deadline: Timer | undefined
  /** What the ledger knew of its item when it began; another item's by now if the index differs. */
  open: OpenItem | undefined
  /** The operation's argument or the request's body. */
  arg: unknown
  /** How far off the clock was that the caller dated it by, ms. */
  skewMs = 0
  resolve!: (value: never) => void
  reject!: (error: CallError) => void
  rare: Rare | undefined

  constructor(lane: Lane, key: string, item: number, life: Life, clock: VirtualClock) {
    this.lane = lane
    this.key = key
    this.item = item
    this.life = life
    this.clock = clock
    this.startUs = clock.nowUs
  }

  get isInbound(): boolean {
    return this.inboundAt >= 0
  }

  get from(): string {
    return this.lane.from
  }

  get to(): string {
    return this.lane.to
  }

  get op(): Op {
    return this.lane.op
  }

  get route(): string {
    return this.lane.stats.route
  }

  sizeBytes(at: Stage): number {
    if (at === 'reply') return this.#answerBytes()
    if (this.op === 'put') return this.arg as number
    return this.op === 'http' ? JSON.stringify(this.arg).length : 0
  }

  #answerBytes(): number {
    const { answer, answerBytes = 0 } = this.rare ?? {}
    return answerBytes > 0 || this.op !== 'http'
      ? answerBytes
      : JSON.stringify(answer ?? null).length
  }

  elapsedMs(): number {
    return (this.clock.nowUs - this.startUs) / 1_000
  }

  unusual(): Rare {
    this.rare ??= new Rare()
    return this.rare
  }

  /** What its server answers, or would have, does not reach the caller. */
  loseAnswer(): void {
    const lost = this.rare?.onLost
    if (lost === undefined) return
    this.unusual().onLost = undefined
    lost()
  }
}

/** What only a disturbed or unusual call has. */
export class Rare {
  params = NO_PARAMS
  /** What the caller is told if its deadline passes. */
  timeoutClass = 'read-timeout'
  headers = NO_HEADERS
  /** Its body, where rules have a look at it, and how many bytes that stands for, if not its own. */
  answer: unknown
  answerBytes = 0
  /** Nobody waits for its answer: a request that a fault has sent once more. */
  unheard = false
  /** Where it goes when what holds it lets go. */
  onward: (() => void) | undefined
  split: SplitReply | undefined
  /** Called where the caller gives up before it is answered, or is answered something else. */
  onLost: (() => void) | undefined
  /** Its server's slot was given back when the caller gave up. */
  released = false
}

/** An answer whose body came with its head. */
export class WholeReply implements Reply {
  readonly status: number
  readonly headers: Headers
  readonly #body: Json

  constructor(status: number, headers: Headers, body: Json) {
    this.status = status
    this.headers = headers
    this.#body = body
  }

  cancel(): void {}

  body(): Promise<Json> {
    return Promise.resolve(this.#body)
  }
}

/** A call that has just ended, in words. */
export function historyOf(x: Exchange, { id: _id, ...result }: Result): CallEvent {
  return {
    event: 'call',
    atMs: x.clock.nowUs / 1_000,
    startMs: x.startUs / 1_000,
    from: x.from,
    to: x.to,
    route: x.route,
    nth: x.nth,
    ...about(x.item),
    ...(x.key === '' ? {} : { key: x.key }),
    ...result,
  }
}
