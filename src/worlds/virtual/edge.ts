// Where hosts touch the object store: signs, sends, lets the store answer, and tells the ledger what it saw.
import type { Distribution } from '../../base/distribution.ts'
import { must } from '../../base/assert.ts'
import { UserCodeError } from '../../base/errors.ts'
import type { RouteStats } from '../../metrics/attempts.ts'
import { TraceEvent } from '../../metrics/trace.ts'
import { CallError, type Json, type Op, type Reply, type Timeouts } from '../world.ts'
import { Exchange, NO_TIMEOUTS } from './exchange.ts'
import { readPresigned, type PresignedUrl, Signer } from './presign.ts'
import type { Life, Process } from './process.ts'
import { LIST_MS_PER_KEY, STORE } from './profile.ts'
import { LONGEST_EXPIRY_SECONDS, type StoreAnswer, VirtualStore } from './store.ts'
import type { Wire } from './wire.ts'

export const STORE_ROUTES = ['put', 'head', 'fetch', 'delete', 'deleteMany', 'list'] as const
export const STORE_NAME = 'objects'

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
  readonly #wire: Wire
  readonly #startMs: number
  readonly #itemOf: (key: string) => number
  readonly #routes: ReadonlyMap<string, RouteStats>
  readonly #signer = new Signer()
  readonly #arrive: Record<(typeof STORE_ROUTES)[number], (x: Exchange) => void>

  constructor(wire: Wire, startMs: number, itemOf: (key: string) => number) {
    this.#wire = wire
    this.#startMs = startMs
    this.#itemOf = itemOf
    this.#routes = new Map(wire.recorder.routes.map((stats) => [stats.route, stats]))
    this.#arrive = {
      put: (x) => {
        const answer = this.store.put(x.key, x.arg as number, this.#nowMs(), x.datedMs)
        if (answer.status === 200) this.#objectIs(x.key, 'present')
        this.#answer(x, answer)
      },
      head: (x) => this.#answer(x, this.store.head(x.key, this.#nowMs(), x.datedMs)),
      fetch: (x) => this.#answer(x, this.store.fetch(x.arg as PresignedUrl, this.#nowMs())),
      delete: (x) => this.#remove(x, [x.key]),
      deleteMany: (x) => this.#remove(x, x.arg as readonly string[]),
      list: (x) => {
        const answer = this.store.list(x.key, this.#nowMs(), x.datedMs)
        const { nowUs } = this.#wire.clock
        // A listing is paged: its keys take their time after the first byte.
        const keys = answer.status === 200 ? (answer.value as { count: number }).count : 0
        this.#wire.clock.schedule(nowUs + keys * LIST_MS_PER_KEY * 1_000, (e: Exchange) => this.#answer(e, answer), x)
      },
    }
  }

  #nowMs(): number {
    return this.#startMs + this.#wire.clock.nowUs / 1_000
  }

  #dated(process: Process): number {
    if (process.skewMs !== 0) process.wrongReads++
    return this.#nowMs() + process.skewMs
  }

  call<T>(process: Process, life: Life, route: (typeof STORE_ROUTES)[number], key: string, arg?: unknown, timeouts?: Timeouts): Promise<T> {
    const op: Op = route === 'deleteMany' ? 'delete' : route
    const item = route === 'list' || route === 'deleteMany' ? -1 : this.#itemOf(key)
    const x = this.#exchange(process.name, op, route, key, item, timeouts, life)
    x.datedMs = this.#dated(process)
    x.arg = arg
    return this.#send<T>(x, LATENCY_US[route])
  }

  #exchange(from: string, op: Op, route: (typeof STORE_ROUTES)[number], key: string, item: number, timeouts: Timeouts | undefined, life: Life): Exchange {
    const stats = must(this.#routes.get(route), 'every store route has its statistics')
    const { clock } = this.#wire
    return new Exchange(from, STORE_NAME, op, stats, key, item, timeouts ?? NO_TIMEOUTS, life, clock, this.#arrive[route])
  }

  #send<T>(x: Exchange, latency: (u: number) => number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      x.resolve = resolve as (value: never) => void
      x.reject = reject
      this.#wire.send(x, latency)
    })
  }

  presign(process: Process, key: string, expirySeconds: number): string {
    if (!(expirySeconds >= 1 && expirySeconds <= LONGEST_EXPIRY_SECONDS))
      throw new CallError({ class: 'bad-expiry' }, `a presigned URL lives 1 to ${LONGEST_EXPIRY_SECONDS} s, not ${expirySeconds}`)
    const skewMs = process.skewMs + process.presignSkewMs
    if (skewMs !== 0) process.wrongReads++
    return this.#signer.presign(key, process.name, this.#nowMs() + skewMs, expirySeconds)
  }

  fetch(process: Process, life: Life, url: string, timeouts?: Timeouts): Promise<Reply> {
    const signed = readPresigned(url)
    if (signed === undefined) throw new UserCodeError(`${process.name}, fetch(),`, new Error(`'${url}' is not a presigned URL of this world`))
    // The link is the signer's: that is the address the URL names.
    const x = this.#exchange(signed.signer, 'fetch', 'fetch', signed.key, this.#itemOf(signed.key), timeouts, life)
    x.wantsReply = true
    x.arg = signed
    return this.#send<Reply>(x, LATENCY_US.fetch)
  }

  /** Deletes a key from outside the system; false when there was nothing. */
  removeByFault(key: string): boolean {
    const removed = this.store.table.remove(key)
    if (removed) this.#objectIs(key, 'gone')
    return removed
  }

  #remove(x: Exchange, keys: readonly string[]): void {
    const answer = this.store.remove(keys, this.#nowMs(), x.datedMs)
    if (answer.status < 400) for (const key of keys) this.#objectIs(key, 'gone')
    this.#answer(x, answer)
  }

  #objectIs(key: string, state: 'present' | 'gone'): void {
    const item = this.#itemOf(key)
    if (item >= 0) this.#wire.ledger.objectIs(item, state)
    this.#wire.recorder.trace.note(TraceEvent.object, this.#wire.clock.nowUs, item, state === 'gone' ? 1 : 0, 0)
  }

  #answer(x: Exchange, answer: StoreAnswer): void {
    const { results } = this.#wire.recorder
    const { status, code, message } = answer
    const result = status < 400 ? results.ok : results.of(`http-${status}`, code, message)
    const value = x.wantsReply ? (storeBody(answer) as Json) : answer.value
    this.#wire.deliver(x, { result, status, value }, 0)
  }
}

function storeBody({ status, code, message }: StoreAnswer): Json {
  return status < 400 ? null : { code: code ?? null, message: message ?? null }
}
