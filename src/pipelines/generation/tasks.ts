// Task rows: what the database knows of each picture that was asked for.
import type { Json, Row } from '../../worlds/world.ts'

export const TABLE = 'tasks'
export const OUTBOX = 'callbacks'
export const QUEUE = 'tasks'

/** queued until it is written how it ended. `called_back` is set by a callback that was answered. */
export type Status = 'queued' | 'succeeded' | 'failed'

/** What a job of the queue carries. */
export interface TaskJob {
  readonly task_id: string
  readonly image_url: string
  readonly style: string
  /** By the wall clock of whoever took the request; 0 is none. */
  readonly deadline_ms: number
}

export const jobOf = (data: Json) => data as unknown as TaskJob

/** How a task ended: written at once, so that no reader sees a success without its picture. */
export interface TaskEnd {
  readonly status: 'succeeded' | 'failed'
  readonly error: string
}

export function endRow({ status, error }: TaskEnd, isCalledBack: boolean): Row {
  return { status, error, called_back: isCalledBack }
}
