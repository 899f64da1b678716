// The ports: all that pipelines, mocks, faults and load models ever see of a world, virtual or real.
import type { Json } from '../base/json.ts'
import type { Random } from '../base/random.ts'
import type { JobQueue } from './job-queue.ts'
import type { Database, PoolOptions } from './rows.ts'
import type { SharedRedis } from './shared-redis.ts'

export type { Backoff } from '../base/backoff.ts'
export type { Json } from '../base/json.ts'
export * from './hands.ts'
export * from './job-queue.ts'
export type * from './rows.ts'
export type * from './shared-redis.ts'

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

/** Of calls to Redis and the database. */
export const PART_CLASSES = [
  /** It answered with an error of its own, which the code names: Redis' OOM, PostgreSQL's 40P01. */
  'error',
  /** The pool had no connection to the database in time. */
  'acquire-timeout',
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
  /** Names in lower case: `retry-after`. */
  readonly headers: Headers
  /** Stops reading. A body that has not arrived yet is lost: `body()` then throws `aborted`. */
  cancel(): void
  body(): Promise<Json>
}

export type Headers = Readonly<Record<string, string>>
export const NO_HEADERS: Headers = {}

export interface CallOptions {
  readonly params?: Readonly<Record<string, string>>
  readonly body?: Json
  /** Beside those that every call has; names in lower case. The virtual world reads nothing off them but a route's key. */
  readonly headers?: Headers
  readonly timeouts?: Timeouts
  /** Plain text is an answer, too: only what says that it is JSON has to be. Of sockets alone. */
  readonly text?: true
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
  /** Names in lower case. */
  readonly headers?: Headers
  /** What the body stands for, an image say, has this many bytes. Default: as many as the body. */
  readonly sizeBytes?: number
  /** The connection is closed instead, as by a gateway that sheds load: the caller sees a reset. */
  readonly cut?: true
  /** The body follows its head after this long, in a packet of its own. Default: in one piece. */
  readonly bodyLateMs?: number
}

export type Handle = (request: Request) => Answer | Promise<Answer>

export interface Capacity {
  /** Requests worked on at once. */
  readonly concurrency: number
  /** Requests that may wait; beyond it, new connections are not accepted. */
  readonly backlog: number
  /** How many it works on at full speed, for its utilisation; default: `concurrency`. */
  readonly bears?: number
  /** Requests in hand beyond which its answers depend on how many there are; default: they never do. */
  readonly notices?: number
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

/** How items enter by HTTP, where one call does it: what a load asks over connections of its own. */
export interface HttpEntry {
  /** Hosts that take them; connections are shared out among these. */
  readonly to: readonly string[]
  readonly route: string
  request(item: Item): EntryRequest
}

export interface EntryRequest extends CallOptions {
  /** How long whoever asks waits for the whole answer. */
  readonly timeouts: { readonly totalMs: number }
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
  /** A queue in Redis, by name. Only where the pipeline's `uses` has `redis`. */
  queue(name: string): JobQueue
  /** Redis as processes that are not ours read it: real world only, and only where `uses` has it. */
  sharedRedis(): SharedRedis
  /** A pool of connections to the database, this host's own. Only where the pipeline's `uses` has `database`. */
  database(pool: PoolOptions): Database
  /** The beginning of the URLs by which another host reaches this one: to be told to whoever calls back. */
  addressFor(caller: string): string
  serve(route: string, handle: Handle, capacity?: Capacity): void
  /** Where offered items enter the system; exactly one host of a pipeline declares it. */
  intake(accept: (item: Item) => Promise<void> | void, entry?: HttpEntry): void
  /** A log line: a constant text, the key it is about, a figure. */
  log(line: string, key?: string, figure?: number): void
  /** What the harness measures inside the host. */
  gauge(name: string): Gauge
  counter(name: string): Counter
  /** `waitingGauge` names the metric that counts what waits there, where it has one of its own. */
  part(name: string, concurrency: number, waitingGauge?: string): PartMeter
  /** What the system says of itself; shown as `reported_<name>`. */
  readonly report: { set(name: string, value: number): void }
  /** Work that takes time: `costMs` in the virtual world; in the real one what `real` does, where there is that. */
  work(label: string, costMs: number, real?: () => Promise<unknown>): Promise<void>
}

/** The names that every world gives to its object store and to the calls on it. */
export const STORE_NAME = 'objects'
export const STORE_ROUTES = ['put', 'head', 'fetch', 'delete', 'deleteMany', 'list'] as const

export const REDIS_NAME = 'redis'
/** About the broker: a job added, one asked for and got, its lease renewed, how it ended. */
export const REDIS_ROUTES = ['enqueue', 'take', 'renew', 'finish'] as const
export const DATABASE_NAME = 'database'
/** A read or a write by itself; a statement within a transaction, and what ends it. */
export const DATABASE_ROUTES = ['read', 'write', 'statement', 'commit', 'rollback'] as const

/** The parts beside the object store that a system uses, and how they are set up. */
export interface PartsUsed {
  readonly redis?: {
    /** Whether what is in it survives a stop: appendfsync always, or nothing at all. */
    readonly persists: boolean
  }
  readonly database?: object
  /** Processes that are not ours write there what they like: each part has a place for this run alone. */
  readonly areShared?: true
}
