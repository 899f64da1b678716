// Where hosts touch the object store: signs, sends, lets the store answer, and tells the ledger what it saw.

import { must } from '../../base/assert.ts'
import type { Distribution } from '../../base/distribution.ts'
import { UserCodeError } from '../../base/errors.ts'
import { about } from '../../metrics/history.ts'
import {
  FOLDER_VANISHED,
  LARGEST_SKEW_MS,
  LONGEST_EXPIRY_SECONDS,
  type StoreAnswer,
  VirtualStore,
} from '../store/store.ts'
import {
  CallError,
  type Json,
  type Reply,
  STORE_NAME,
  STORE_ROUTES,
  type Timeouts,
} from '../world.ts'
import { Exchange } from './exchange.ts'
import { Lane } from './lane.ts'
import { type PresignedUrl, Signer } from './presign.ts'
import type { Life, Process } from './process.ts'
import { LIST_MS_PER_KEY, STORE } from './profile.ts'
import { VanishedFolders } from './vanished-folders.ts'
import type { Wire } from './wire.ts'

export type StoreRoute = (typeof STORE_ROUTES)[number]
export type StoreLanes = Readonly<Record<StoreRoute, Lane>>

const us = (distribution: Distribution) => (u: number) => distribution.sample(u) * 1_000
const LATENCY_US = {
  put: us(STORE.put),
  head: us(STORE.head),
  fetch: us(STORE.fetch),
  delete: us(STORE.delete),
  deleteMany: us(STORE.delete),
  list: us(STORE.list),
}

export class StoreEdge {
  readonly store = new VirtualStore()
  readonly vanishedFolders: VanishedFolders
  readonly #wire: Wire
  readonly #startMs: number
  readonly #itemOf: (key: string) => number
  readonly #fetchLanes = new Map<string, Lane>()
  readonly #signer = new Signer()
  readonly #arrive: Record<StoreRoute, (x: Exchange) => void>

  constructor(wire: Wire, startMs: number, itemOf: (key: string) => number) {
    this.#wire = wire
    this.vanishedFolders = new VanishedFolders(this.store.table, wire.clock)
    this.#startMs = startMs
    this.#itemOf = itemOf
    this.#arrive = {
      put: (x) => {
        const answer = this.#put(x)
        if (answer.status === 200) this.#objectIs(x.item, 'present')
        this.#answer(x, answer)
      },
      head: (x) => {
        const nowMs = this.#nowMs()
        this.#answer(x, this.store.head(x.key, nowMs, nowMs + x.skewMs, x.item))
      },
      fetch: (x) => {
        const answer = this.store.fetch(x.arg as PresignedUrl, this.#nowMs(), x.item)
        // Only rules ask how much is on its way.
        if (this.#wire.isRuled(x.lane, 'reply'))
          x.unusual().answerBytes = this.store.table.get(x.key, x.item)?.sizeBytes ?? 0
        this.#answer(x, answer)
      },
      delete: (x) => {
        const answer = this.store.remove(x.key, this.#nowMs(), this.#nowMs() + x.skewMs, x.item)
        if (answer.status < 400) this.#objectIs(x.item, 'gone')
        this.#answer(x, answer)
      },
      deleteMany: (x) => {
        const keys = x.arg as readonly string[]
        const answer = this.store.removeMany(
          keys,
          this.#nowMs(),
          this.#nowMs() + x.skewMs,
          this.#itemOf,
        )
        if (answer.status < 400) for (const key of keys) this.#isRemoved(key, x.from)
        this.#answer(x, answer)
      },
      list: (x) => {
        const answer = this.store.list(x.key, this.#nowMs(), this.#nowMs() + x.skewMs)
        const { nowUs } = this.#wire.clock
        // A listing is paged: its keys take their time after the first byte.
        const keys = answer.status === 200 ? (answer.value as { count: number }).count : 0
        this.#wire.arm(x, 'read-timeout', x.timeouts.readMs)
        this.#wire.clock.schedule(
          nowUs + keys * LIST_MS_PER_KEY * 1_000,
          (e: Exchange) => this.#answer(e, answer),
          x,
        )
      },
    }
  }

  /** Who is refused for the date of the request is not let as far as the folder. */
  #put(x: Exchange): StoreAnswer {
    const nowMs = this.#nowMs()
    if (Math.abs(x.skewMs) <= LARGEST_SKEW_MS && this.vanishedFolders.refuses(x))
      return FOLDER_VANISHED
    return this.store.put(x.key, x.arg as number, nowMs, nowMs + x.skewMs, x.item)
  }

  #nowMs(): number {
    return this.#startMs + this.#wire.clock.nowUs / 1_000
  }

  /** The lanes of one host to the store. */
  lanes(from: string): StoreLanes {
    return Object.fromEntries(
      STORE_ROUTES.map((route) => [route, this.#lane(from, route)]),
    ) as StoreLanes
  }

  #lane(from: string, route: StoreRoute): Lane {
    const stats = this.#wire.recorder.routes.find((r) => r.route === route)
    return new Lane({
      from,
      to: STORE_NAME,
      op: route === 'deleteMany' ? 'delete' : route,
      stats: must(stats, 'every store route has its statistics'),
      target: undefined,
      latencyUs: LATENCY_US[route],
      arrive: this.#arrive[route],
    })
  }

  call<T>(
    process: Process,
    life: Life,
    lane: Lane,
    key: string,
    arg?: unknown,
    timeouts?: Timeouts,
  ): Promise<T> {
    // What is listed is a prefix, and many keys are of many items.
    const item = lane.op === 'list' || key === '' ? -1 : this.#itemOf(key)
    const x = new Exchange(lane, key, item, life, this.#wire.clock)
    if (timeouts !== undefined) x.timeouts = timeouts
    if (process.skewMs !== 0) {
      process.wrongReads++
      x.skewMs = process.skewMs
    }
    x.arg = arg
    return this.#wire.send<T>(x)
  }

  presign(process: Process, key: string, expirySeconds: number): string {
    if (!(expirySeconds >= 1 && expirySeconds <= LONGEST_EXPIRY_SECONDS))
      throw new CallError(
        { class: 'bad-expiry' },
        `a presigned URL lives 1 to ${LONGEST_EXPIRY_SECONDS} s, not ${expirySeconds}`,
      )
    const skewMs = process.skewMs + process.presignSkewMs
    if (skewMs !== 0) process.wrongReads++
    return this.#signer.presign(key, process.name, this.#nowMs() + skewMs, expirySeconds)
  }

  fetch(process: Process, life: Life, url: string, timeouts?: Timeouts): Promise<Reply> {
    const signed = this.#signer.read(url)
    if (signed === undefined)
      throw new UserCodeError(
        `${process.name}, fetch(),`,
        new Error(`'${url}' is not a presigned URL of this world`),
      )
    // The link is the signer's: that is the address the URL names.
    let lane = this.#fetchLanes.get(signed.signer)
    if (lane === undefined) {
      lane = this.#lane(signed.signer, 'fetch')
      this.#fetchLanes.set(signed.signer, lane)
    }
    const x = new Exchange(lane, signed.key, this.#itemOf(signed.key), life, this.#wire.clock)
    if (timeouts !== undefined) x.timeouts = timeouts
    x.arg = signed
    return this.#wire.send<Reply>(x)
  }

  /** Deletes a key from outside the system; false when there was nothing. */
  removeByFault(key: string): boolean {
    const removed = this.store.table.remove(key, this.#itemOf(key))
    if (!removed) return false
    this.#isRemoved(key, 'a fault')
    return true
  }

  /** By other means than a call of its own. */
  #isRemoved(key: string, by: string): void {
    const item = this.#itemOf(key)
    this.#objectIs(item, 'gone')
    const { clock, recorder } = this.#wire
    const atMs = clock.nowUs / 1_000
    recorder.trace.observer?.({ event: 'remove', atMs, key, by, ...about(item) })
  }

  #objectIs(item: number, state: 'present' | 'gone'): void {
    if (item >= 0) this.#wire.ledger.objectIs(item, state)
  }

  #answer(x: Exchange, answer: StoreAnswer): void {
    const { results } = this.#wire.recorder
    const { status, code, message } = answer
    const result = status < 400 ? results.ok : results.of(`http-${status}`, code, message)
    const value = x.lane.wantsReply ? (storeBody(answer) as Json) : answer.value
    this.#wire.deliver(x, result, status, value, 0)
  }
}

function storeBody({ status, code, message }: StoreAnswer): Json {
  return status < 400 ? null : { code: code ?? null, message: message ?? null }
}
