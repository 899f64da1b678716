// A job as it lies in Redis: what BullMQ keeps of it, and what it leaves to us.
import type { JobsOptions } from 'bullmq'
import type { Backoff, JobOptions, Json } from '../../world.ts'

export interface StoredJob {
  readonly key: string
  readonly data: Json
  readonly id?: string
  readonly attempts: number
  readonly backoff?: Backoff
  /** Early: the try that comes next, and how often it was handed out; late, BullMQ counts. */
  readonly attempt: number
  readonly deliveries: number
}

export function newJob(data: Json, o: JobOptions): StoredJob {
  const { key, id, attempts = 1, backoff } = o
  return {
    key,
    data,
    ...(id === undefined ? {} : { id }),
    attempts,
    ...(backoff === undefined ? {} : { backoff }),
    attempt: 1,
    deliveries: 0,
  }
}

/** The kind of backoff that a worker's own strategy works out. */
const OWN = 'aftershock'

export function bullOptions(
  { id, attempts, backoff }: StoredJob,
  delayWallMs: number,
): JobsOptions {
  return {
    attempts,
    ...(backoff === undefined ? {} : { backoff: { type: OWN } }),
    // BullMQ takes no id with a colon in it, and none that is a number.
    ...(id === undefined ? {} : { jobId: `id-${encodeURIComponent(id)}` }),
    ...(delayWallMs > 0 ? { delay: Math.ceil(delayWallMs) } : {}),
    removeOnComplete: true,
    removeOnFail: true,
  }
}
