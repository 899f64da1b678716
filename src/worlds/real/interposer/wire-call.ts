// One call as an interposer sees it pass: what the wire shows of it, and how it goes on where a rule held it up.
import type http from 'node:http'
import type { ActiveRule } from '../../rules.ts'
import type { Call, Op, Stage } from '../../world.ts'
import type { RealTime } from '../time.ts'
import type { Witness } from './witness.ts'

/** What a request is, read off its method, path, query and body. */
export interface Seen {
  readonly op: Op
  readonly route: string
  readonly key: string
  /** The keys that a request for many is about. */
  readonly keys?: readonly string[]
}

export class WireCall implements Call {
  readonly from: string
  readonly to: string
  readonly op: Op
  readonly route: string
  readonly key: string
  readonly item: number
  readonly nth: number
  readonly keys: readonly string[]
  readonly request: http.IncomingMessage
  readonly response: http.ServerResponse
  readonly body: Buffer
  readonly slot: number
  /** Of the answer, once its head is there and says so. */
  answerBytes = 0
  /** Where it goes when what holds it lets go. */
  onward: (() => void) | undefined
  /** Who tells of it, where its caller is none of our hosts. */
  witness: Witness | undefined
  /** Removals that must be done before the call goes on. */
  removals: Promise<void>[] = []
  /** For how long rules and our own hosts had it, ms of the world. */
  askedMs = 0
  readonly #time: RealTime
  readonly #startMs: number

  constructor(
    link: { readonly from: string; readonly to: string },
    seen: Seen,
    about: { readonly item: number; readonly nth: number; readonly slot: number },
    exchange: {
      readonly request: http.IncomingMessage
      readonly response: http.ServerResponse
      readonly body: Buffer
    },
    time: RealTime,
  ) {
    this.from = link.from
    this.to = link.to
    this.op = seen.op
    this.route = seen.route
    this.key = seen.key
    this.keys = seen.keys ?? []
    this.item = about.item
    this.nth = about.nth
    this.slot = about.slot
    this.request = exchange.request
    this.response = exchange.response
    this.body = exchange.body
    this.#time = time
    this.#startMs = time.nowMs
  }

  /** The caller has gone, or was answered. */
  get over(): boolean {
    return this.response.destroyed || this.response.writableEnded
  }

  sizeBytes(at: Stage): number {
    return at === 'reply' ? this.answerBytes : this.body.length
  }

  elapsedMs(): number {
    return this.#time.nowMs - this.#startMs
  }
}

/** Nothing happens to the call until the rule heals. */
export function hold(call: WireCall, by: ActiveRule<WireCall>, onward: () => void): void {
  call.onward = onward
  by.holding.add(call)
}

/** At once where nothing is being removed: the order of things stays as it is. */
export function whenRemoved(call: WireCall, then: () => void): Promise<void> | undefined {
  if (call.removals.length === 0) {
    then()
    return undefined
  }
  const all = call.removals
  call.removals = []
  return Promise.allSettled(all).then(then)
}
