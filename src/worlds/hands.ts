// What faults see of the wire, what they may do to a call, and their grip on the rest of a world.
import type { Json } from '../base/json.ts'

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
  /** What is on its way at this stage: the request, or the answer. */
  sizeBytes(at: Stage): number
  /** Counts from 1: this item's calls of this route, or the link's where there is no item. */
  readonly nth: number
}
export type Op =
  | 'put'
  | 'head'
  | 'get'
  | 'fetch'
  | 'delete'
  | 'list'
  | 'http'
  | 'redis'
  | 'database'
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
  /** Requests only: the caller hangs up this long after it was sent. Its server works on, and writes into a broken pipe. */
  | { readonly do: 'abort'; readonly afterMs: number }
  /** Requests only: it arrives once more, this much later, and nobody waits for that answer. */
  | { readonly do: 'repeat'; readonly afterMs: number }

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

/** What a part no longer has. */
export interface Gone {
  /** Jobs or rows that are nowhere any more. */
  readonly lost: number
  /** Jobs that a worker has in hand, and may still finish: if it does not, nobody knows of them. */
  readonly forgotten: number
}

export const NOTHING_GONE: Gone = { lost: 0, forgotten: 0 }

/** A fault's grip on Redis or the database. What several faults do to one at a time adds up. */
export interface PartGrip {
  /**
   * Its connections are cut and new ones refused, until disposed of. What it does not persist is `gone`; of what it
   * does, `kept` is how many jobs nobody can take, or take again, meanwhile. `refused`: how many commands were cut or
   * refused so far; of one that merely waits for a job nothing is taken but time.
   */
  stop(): Disposable & { gone(): Gone; kept(): number; refused(): number }
  /** Everything in it is gone; `counted` is told how much that was, at once or a little later. */
  flush(counted: (gone: Gone) => void): void
  /**
   * Its memory is full: `error OOM` answers every command that might need more. What that leaves is the takes of
   * consumers that acknowledge early. `refused`: how many commands so far.
   */
  fill(): Disposable & { refused(): number }
  /** Every command takes this much longer to be answered; `slowed`: how many so far. */
  slow(ms: number): Disposable & { slowed(): number }
}

/** What a fault may grip. */
export type Hand = Exclude<keyof Hands, 'hosts' | 'every'>

/** A fault's grip on the world; each is given back by disposing of it. */
export interface Hands {
  /** Hosts of this world, upstreams included, that match a glob. */
  hosts(glob: string): readonly string[]
  /** Calls back now and after each `ms`, with the time since the first, until disposed of. */
  every(ms: number, tick: (elapsedMs: number) => void): Disposable
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
    /** How many connections that cut; undefined where nobody can tell. */
    crash(): number | undefined
    start(): void
    pause(): void
    resume(): void
    alive(): boolean
    running(): boolean
    /** Jobs of queues that it has in hand. */
    jobs(): number
  }
  part(name: string): PartGrip
  /** `withheld`: items that were due while it was stopped. */
  stopLoad(): Disposable & { withheld(): number }
}
