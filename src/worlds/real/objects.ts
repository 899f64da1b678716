// A host's object store on minio-js, made to keep the port's contract: no retries of its own, deadlines, the host's date.
import { AsyncLocalStorage } from 'node:async_hooks'
import http from 'node:http'
import type { Client } from 'minio'
import {
  CallError,
  type CallResult,
  type Listing,
  type ObjectInfo,
  type ObjectStore,
  STORE_NAME,
  type Timeouts,
} from '../world.ts'
import { beforeAbort } from './before-abort.ts'
import type { Calling } from './calls.ts'
import { Deadline } from './deadline.ts'
import { classOf, Ending, resultOf, skewIn, storeError } from './endings.ts'
import { mustBeDated } from './expiry.ts'
import { Snapshot } from './listing.ts'
import { ownMsOf } from './own-latency.ts'
import type { Life, RealProcess } from './process.ts'
import { type Operation, storeTransport } from './store-transport.ts'

export interface StoreAccess {
  /** Where this host reaches the store: `http://127.0.0.1:4711`. */
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
  readonly region: string
}

/** Signs a request's headers again, dated otherwise; both given by the world, which knows how. */
export type Resign = (
  options: http.RequestOptions,
  access: StoreAccess,
  atMs: number,
) => http.RequestOptions

/** Image bytes that nobody looks at. */
const FILLING = Buffer.alloc(1 << 20, 'aftershock')

export class StoreClient implements ObjectStore {
  readonly #process: RealProcess
  readonly #life: Life
  readonly #calling: Calling
  readonly #access: StoreAccess
  readonly #itemOf: (key: string) => number
  readonly #resign: Resign
  readonly #client: Client
  readonly #agent = new http.Agent({ keepAlive: true })
  readonly #current = new AsyncLocalStorage<Operation>()

  constructor(
    minio: typeof import('minio'),
    process: RealProcess,
    life: Life,
    calling: Calling,
    access: StoreAccess,
    itemOf: (key: string) => number,
    resign: Resign,
  ) {
    this.#process = process
    this.#life = life
    this.#calling = calling
    this.#access = access
    this.#itemOf = itemOf
    this.#resign = resign
    const { hostname, port } = new URL(access.endpoint)
    this.#client = new minio.Client({
      endPoint: hostname,
      port: Number(port),
      useSSL: false,
      accessKey: access.accessKey,
      secretKey: access.secretKey,
      // Without it every bucket's region is looked up first, and again after every failure.
      region: access.region,
      pathStyle: true,
      retryOptions: { disableRetry: true },
      transportAgent: this.#agent,
      transport: storeTransport({
        operation: () => this.#current.getStore(),
        dated: (options) => this.#dated(options),
        onAnswer: (...answered) => this.#tellSkew(...answered),
      }) as typeof http,
    })
    life.onDeath.add(() => this.#agent.destroy())
  }

  put(key: string, sizeBytes: number, timeouts?: Timeouts): Promise<void> {
    const body =
      sizeBytes <= FILLING.length ? FILLING.subarray(0, sizeBytes) : Buffer.alloc(sizeBytes)
    return this.#do('put', key, timeouts, async () => {
      await this.#client.putObject(this.#access.bucket, key, body, sizeBytes)
    })
  }

  head(key: string, timeouts?: Timeouts): Promise<ObjectInfo> {
    return this.#do('head', key, timeouts, async () => {
      const { size, lastModified } = await this.#client.statObject(this.#access.bucket, key)
      return this.#info(key, size, lastModified)
    })
  }

  async presignGet(key: string, expirySeconds: number): Promise<string> {
    const { presignSkewMs, skewMs } = this.#process
    const { time } = this.#calling
    const skewSeconds = (skewMs + presignSkewMs) / 1_000
    if (skewSeconds !== 0) this.#process.wrongReads++
    const dating = mustBeDated(expirySeconds, skewSeconds, time.speed)
    const date = new Date(Date.now() + dating.offsetSeconds * 1_000)
    const { bucket } = this.#access
    return this.#client.presignedGetObject(bucket, key, dating.expirySeconds, {}, date)
  }

  remove(key: string, timeouts?: Timeouts): Promise<void> {
    return this.#do('delete', key, timeouts, () =>
      this.#client.removeObject(this.#access.bucket, key),
    )
  }

  removeMany(keys: readonly string[], timeouts?: Timeouts): Promise<void> {
    return this.#do('deleteMany', '', timeouts, async () => {
      await this.#client.removeObjects(this.#access.bucket, [...keys])
    })
  }

  list(prefix: string, timeouts?: Timeouts): Promise<Listing> {
    return this.#do('list', '', timeouts, async () => {
      const found: ObjectInfo[] = []
      const { bucket } = this.#access
      for await (const entry of this.#client.listObjectsV2(bucket, prefix, true)) {
        const { name, size, lastModified } = entry as {
          readonly name?: string
          readonly size: number
          readonly lastModified: Date
        }
        if (name !== undefined) found.push(this.#info(name, size, lastModified))
      }
      return new Snapshot(found)
    })
  }

  #info(key: string, sizeBytes: number, modified: Date): ObjectInfo {
    return { key, sizeBytes, modifiedMs: this.#calling.time.toCalendar(modified.getTime()) }
  }

  /** One operation, told to the books; what it throws is a `CallError`. */
  async #do<T>(
    route: string,
    key: string,
    timeouts: Timeouts | undefined,
    act: () => Promise<T>,
  ): Promise<T> {
    const { time, tell, stages, slotOffset } = this.#calling
    const item = key === '' ? -1 : this.#itemOf(key)
    const startUs = time.nowUs
    const slot = stages.take(slotOffset)
    const operation: Operation = {
      slot,
      abort: new AbortController(),
      requests: new Set(),
      status: 0,
      text: '',
      askedMs: Number.NaN,
    }
    const { signal } = operation.abort
    tell({ fact: 'start', atUs: startUs, to: STORE_NAME, item, route })
    using _deadline = new Deadline(
      { time, stages, slot, startMs: startUs / 1_000, timeouts: timeouts ?? {} },
      (klass) => {
        const ending = new Ending(klass)
        operation.abort.abort(ending)
        for (const request of operation.requests) request.destroy(ending)
      },
    )
    let result: CallResult & { message?: string } = { class: 'ok' }
    let value: T | undefined
    try {
      value = await beforeAbort(this.#current.run(operation, act), signal)
    } catch (error) {
      // HEAD has no body, so no code reaches the caller.
      result =
        operation.status >= 400 && !signal.aborted
          ? resultOf(operation.status, route === 'head' ? {} : storeError(operation.text))
          : { class: classOf(signal.reason ?? error, stages, slot) }
      if (result.class === 'ok') throw error
    }
    if (this.#life.dead) return new Promise<never>(() => {})
    const about = { from: this.#process.name, to: STORE_NAME, route, item, key }
    const atUs = time.nowUs
    const ownMs = ownMsOf(atUs, startUs, operation.askedMs)
    this.#life.inSlot.getStore()?.lost(ownMs, time.speed)
    tell({ fact: 'call', atUs, startUs, ownMs, ...about, stage: route, ...result, body: null })
    await new Promise<void>((resolve) => this.#life.wake(resolve))
    if (result.class !== 'ok') throw new CallError(result, result.message)
    return value as T
  }

  #tellSkew(
    headers: http.OutgoingHttpHeaders,
    { headers: answered }: http.IncomingMessage,
    tookMs: number,
  ): void {
    const signed = headers['x-amz-date']
    const ms = skewIn(typeof signed === 'string' ? signed : undefined, answered.date, tookMs)
    const { tell, time } = this.#calling
    if (ms !== 0) tell({ fact: 'skew', atUs: time.nowUs, host: this.#process.name, ms })
  }

  #dated(options: http.RequestOptions): http.RequestOptions {
    const { skewMs } = this.#process
    if (skewMs === 0) return options
    this.#process.wrongReads++
    return this.#resign(options, this.#access, Date.now() + skewMs)
  }
}
