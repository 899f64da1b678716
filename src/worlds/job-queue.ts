// The queue port: jobs wait in a broker until a worker takes them, each at least once.
import type { Backoff } from '../base/backoff.ts'
import type { Json } from '../base/json.ts'

/** Every method's trouble is a `CallError`, as of any other call. */
export interface JobQueue {
  /**
   * Resolves once the broker has the job. Throws `refused`, `reset` or a timeout where the broker cannot be reached
   * (after a `reset` or a timeout the job may be there all the same), and `error` with the broker's own code where it
   * will not have it: `OOM` from a Redis whose memory is full.
   */
  add(data: Json, options: JobOptions): Promise<void>
  /**
   * Takes jobs, `concurrency` at a time, until disposed of or until the host dies; what is in hand then is finished.
   * A broker that cannot be reached is tried again after a second.
   */
  consume(handle: HandleJob, options: ConsumeOptions): Disposable
}

export interface JobOptions {
  /** What the job is about, as the pipeline's `itemOf` reads it. */
  readonly key: string
  /** While a job of this name waits or is worked on the broker takes no other: `add` then resolves and does nothing. */
  readonly id?: string
  /** Tries in all; default 1. */
  readonly attempts?: number
  /** Between two tries; default: at once. */
  readonly backoff?: Backoff
  readonly timeoutMs?: number
}

/**
 * done: the job is finished. again: this try failed, and another follows after the backoff as long as `attempts` allows.
 * failed: no other try would help (BullMQ's UnrecoverableError). A `CallError` that the handler throws counts as again.
 */
export type JobEnd = 'done' | 'again' | 'failed'
export type HandleJob = (data: Json, lease: Lease) => Promise<JobEnd>

export interface Lease {
  /** Which try this is, from 1. A job that is taken again because its worker stalled is still on the same try. */
  readonly attempt: number
  readonly isLast: boolean
  /** How often the job was handed out before, whatever became of that: above 0 it may be running elsewhere. */
  readonly earlierDeliveries: number
}

export interface ConsumeOptions {
  readonly concurrency: number
  /**
   * early (Celery's default): the broker forgets a job when it hands it out. A worker that dies loses what it has in
   * hand, and another try is a new job, which the broker may refuse: then the job is lost, too.
   * late (BullMQ; Celery's acks_late): the job stays in the broker under a lease until its worker says how it ended.
   */
  readonly acknowledge: 'early' | 'late'
  /**
   * Late: a lease that is this old is void. The job waits again, before all others, and another worker takes it though
   * the first may still be at it; the end that the first then tells is thrown away. Default 30 s, as in BullMQ;
   * Celery's visibility_timeout is an hour.
   */
  readonly visibilityTimeoutMs?: number
  /** Late: the worker renews its leases at half their time, as long as it runs (BullMQ). False: never (Celery). */
  readonly renews?: boolean
  /** Late: a lease may become void so often; then the job is dropped, whatever its `attempts`. Default 1, as in BullMQ. */
  readonly maxStalls?: number
}

export const DEFAULT_VISIBILITY_MS = 30_000
export const DEFAULT_MAX_STALLS = 1
/** How long a consumer waits before it tries an unreachable broker again. */
export const RECONNECT_MS = 1_000
