// The ports: all that pipelines, mocks, faults and load models ever see of a world, virtual or real.
import type { Random } from '../base/random.ts'

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/** A host's view of time. */
export interface Clock {
  /** Wall-clock milliseconds since the epoch; a fault may skew it. */
  now(): number
  /** Milliseconds since the run began; never skewed. */
  monotonic(): number
  /** Resolves after `ms`; never, if the host crashes first. */
  sleep(ms: number): Promise<void>
}

export interface Timeouts {
  readonly connectMs?: number
  /** From the request's arrival to the answer's head. */
  readonly readMs?: number
  /** The whole call, body included. */
  readonly totalMs?: number
}

/** The classes of calls beside `http-<status>`. */
export const CALL_CLASSES = [
  'ok',
  'connect-timeout',
  'read-timeout',
  'refused',
  'reset',
  'aborted',
  'bad-body',
] as const

/** How a call ended, as the wire shows it, with the store's or service's own error code beside it. */
export interface CallResult {
  readonly class: string
  readonly code?: string | undefined
}

/** A call that failed. Expected trouble: pipelines catch it. */
export class CallError implements Error {
  readonly name = 'CallError'
  readonly message: string
  readonly class: string
  readonly code: string | undefined
  readonly status: number | undefined

  constructor(result: CallResult, message?: string) {
    this.message =
      message ?? (result.code === undefined ? result.class : `${result.class} ${result.code}`)
    this.class = result.class
    this.code = result.code
    this.status = result.class.startsWith('http-') ? Number(result.class.slice(5)) : undefined
  }
}

// An Error to everyone, but made without Error's constructor: under load these are outcomes, and a stack each is
// what they would cost.
Object.setPrototypeOf(CallError.prototype, Error.prototype)

export interface ObjectInfo {
  readonly key: string
  readonly sizeBytes: number
  readonly modifiedMs: number
}

/** A snapshot of the keys under a prefix. */
export interface Listing {
  readonly count: number
  /** In key order. */
  entries(): readonly ObjectInfo[]
  /** The `n` entries that have been there longest, oldest first. */
  oldest(n: number): readonly ObjectInfo[]
  /** Entries put after `earlier` was taken (all of them without one), oldest first. */
  since(earlier: Listing | undefined): Iterable<ObjectInfo>
}

/** Every method throws `CallError`. */
export interface ObjectStore {
  put(key: string, sizeBytes: number, timeouts?: Timeouts): Promise<void>
  head(key: string, timeouts?: Timeouts): Promise<ObjectInfo>
  /** Signed offline, dated by the host's clock; valid for `expirySeconds` (1 to 604,800). */
  presignGet(key: string, expirySeconds: number): Promise<string>
  remove(key: string, timeouts?: Timeouts): Promise<void>
  /** One request for many keys, as S3's multi-object delete. */
  removeMany(keys: readonly string[], timeouts?: Timeouts): Promise<void>
  list(prefix: string, timeouts?: Timeouts): Promise<Listing>
}

export interface Reply {
  readonly status: number
  /** Stops reading. A body that has not arrived yet is lost: `body()` then throws `aborted`. */
  cancel(): void
  body(): Promise<Json>
}

export interface CallOptions {
  readonly params?: Readonly<Record<string, string>>
  readonly body?: Json
  readonly timeouts?: Timeouts
}

export interface Http {
  /** Calls a named route of a host or upstream. Throws `CallError` unless an answer's head arrives, whatever its status. */
  call(to: string, route: string, options?: CallOptions): Promise<Reply>
  /** GET of a presigned URL. */
  fetch(url: string, timeouts?: Timeouts): Promise<Reply>
}

export interface Request {
  readonly from: string
  readonly params: Readonly<Record<string, string>>
  readonly body: Json
  /** Requests being worked on ÷ concurrency, this one included; 0 where concurrency is unlimited. */
  readonly load: number
}

export interface Answer {
  readonly status: number
  readonly body?: Json
  /** The body follows its head after this long, in a packet of its own. Default: in one piece. */
  readonly bodyLateMs?: number
}

export type Handle = (request: Request) => Answer | Promise<Answer>

export interface Capacity {
  /** Requests worked on at once. */
  readonly concurrency: number
  /** Requests that may wait; beyond it, new connections are not accepted. */
  readonly backlog: number
  /** True: work stops when its caller gives up. Default false: the slot is kept until the work is done. */
  readonly cancels?: boolean
}

export interface Item {
  /** Counts from 0 in the order of intended starts. */
  readonly index: number
  /** The index as text of a fixed width, for keys and paths. */
  readonly id: string
  /** Items of one burst share a batch: they come from the same source. */
  readonly batch: number | undefined
  readonly intendedMs: number
}

export interface Gauge {
  set(value: number): void
}
export interface Counter {
  add(by?: number): void
}

/** A place where work waits or is done, for utilisation, queue depth and wait. */
export interface PartMeter {
  /** Waiting or busy entities change by `by`. */
  waiting(by: number): void
  busy(by: number): void
  waited(ms: number): void
}

/** One process of the system under test: all it can see and do. Its memory and its pending calls die with it. */
export interface Host {
  readonly name: string
  readonly clock: Clock
  readonly random: Random
  readonly objects: ObjectStore
  readonly http: Http
  /** The beginning of the URLs by which another host reaches this one: to be told to whoever calls back. */
  addressFor(caller: string): string
  serve(route: string, handle: Handle, capacity?: Capacity): void
  /** Where offered items enter the system; exactly one host of a pipeline declares it. */
  intake(accept: (item: Item) => Promise<void> | void): void
  /** A log line: a constant text, the key it is about, a figure. */
  log(line: string, key?: string, figure?: number): void
  /** What the harness measures inside the host. */
  gauge(name: string): Gauge
  counter(name: string): Counter
  /** `waitingGauge` names the metric that counts what waits there, where it has one of its own. */
  part(name: string, concurrency: number, waitingGauge?: string): PartMeter
  /** What the system says of itself; shown as `reported_<name>`. */
  readonly report: { set(name: string, value: number): void }
  /** Work that takes time: done for real in the real world, `costMs` in the virtual one. */
  work(label: string, costMs: number, real?: () => Promise<unknown>): Promise<void>
}

/** The names that every world gives to its object store and to the calls on it. */
export const STORE_NAME = 'objects'
export const STORE_ROUTES = ['put', 'head', 'fetch', 'delete', 'deleteMany', 'list'] as const

/** Only what the wire shows of a call. */
export interface Call {
  /** Who called; for `fetch`, who signed. */
  readonly from: string
  /** Host, upstream or part called. */
  readonly to: string
  readonly op: Op
  /** The route's name; for calls to the store the same as `op`. */
  readonly route: string
  readonly key: string
  /** Index of the item it is about, or -1. */
  readonly item: number
  /** Milliseconds since the call began. */
  elapsedMs(): number
  /** Counts from 1: this item's calls of this route, or the link's where there is no item. */
  readonly nth: number
}
export type Op = 'put' | 'head' | 'get' | 'fetch' | 'delete' | 'list' | 'http'
export type Stage = 'connect' | 'request' | 'reply'

/** What a rule does to a call at a stage. `remove` deletes the call's key from the store, then the rest follows. */
export type Ruling =
  | { readonly do: 'pass' }
  | { readonly do: 'delay'; readonly ms: number }
  /** Replies only: the body follows its head this much later. */
  | { readonly do: 'split'; readonly ms: number }
  /** Nothing more happens until the fault heals; then the connection is cut. */
  | { readonly do: 'hang' }
  /** Nothing passes until the fault heals; then the call goes on (TCP sends again). */
  | { readonly do: 'hold' }
  | { readonly do: 'fail'; readonly class: 'refused' | 'reset' }
  | { readonly do: 'reply'; readonly status: number; readonly code?: string; readonly body?: Json }
  | { readonly do: 'remove'; readonly afterMs: number }

export const pass: Ruling = { do: 'pass' }

/** Who calls whom by which route: what all calls of a link have in common. */
export type Link = Pick<Call, 'from' | 'to' | 'op' | 'route'>

export interface Rule {
  (call: Call, at: Stage): Ruling
  /** False where the rule lets every call of a link pass at a stage, for as long as it is in force. Default: true. */
  readonly concerns?: (link: Link, at: Stage) => boolean
}

/** What a fault did: counts and measured figures under names that end in their unit. */
export type Evidence = Record<string, number>

/** What a fault may grip. */
export type Hand = Exclude<keyof Hands, 'hosts'>

/** A fault's grip on the world; each is given back by disposing of it. */
export interface Hands {
  /** Hosts of this world, upstreams included, that match a glob. */
  hosts(glob: string): readonly string[]
  clock(host: string): {
    skew(ms: number, affects: 'all' | 'presign'): Disposable
    wrongReads(): number
  }
  /** `changed`: how many requests it kept waiting, turned away or let in. */
  capacity(service: string, factor: number): Disposable & { changed(): number }
  /**
   * A put that takes effect at most `withinMs` after its folder vanished with its last object is answered
   * 403 AccessDenied "Access Denied.", as MinIO does now and then, where `refuses` says so.
   */
  putRace(withinMs: number, refuses: (call: Call) => boolean): Disposable
  /** Multiplies the time of all work that the host begins; `slowed`: how often that was, and by how much in all. */
  work(host: string, factor: number): Disposable & { slowed(): { times: number; addedMs: number } }
  host(name: string): {
    crash(): number
    start(): void
    pause(): void
    resume(): void
    alive(): boolean
    running(): boolean
  }
  /** `withheld`: items that were due while it was stopped. */
  stopLoad(): Disposable & { withheld(): number }
}
