// A worker: takes tasks from the queue, does them, and writes how they ended.
import type { Host, JobEnd, Lease } from '../../worlds/world.ts'
import { backoffOf } from '../resilience/options.ts'
import { Callbacks } from './callbacks.ts'
import type { Options } from './options.ts'
import { Stages } from './stages.ts'
import { jobOf, QUEUE, type TaskJob } from './tasks.ts'

export const TASK_AGAIN = 'task failed: tried again'
export const TASK_FAILED = 'task failed'

export function worker(host: Host, options: Options, shrink: () => Promise<unknown>): void {
  const { pool, acquireTimeout } = options.database
  const db = host.database({ size: pool, acquireTimeoutMs: acquireTimeout })
  const stages = new Stages(host, options, shrink)
  const callbacks = new Callbacks(host, db, options)

  const work = async (task: TaskJob, lease: Lease): Promise<JobEnd> => {
    const key = task.task_id
    const done = await stages.run(task)
    if (done.ok) {
      await callbacks.end(key, { status: 'succeeded', error: '' })
      return 'done'
    }
    if (!done.isFinal && !lease.isLast) {
      host.log(TASK_AGAIN, key)
      return 'again'
    }
    host.log(TASK_FAILED, key)
    await callbacks.end(key, { status: 'failed', error: done.why })
    return 'failed'
  }

  host.queue(QUEUE).consume((data, lease) => work(jobOf(data), lease), {
    concurrency: options.slots,
    acknowledge: options.acknowledge,
    visibilityTimeoutMs: options.visibilityTimeout,
    // Celery: no lease is renewed, and a task is taken again as often as it takes.
    renews: false,
    maxStalls: Number.POSITIVE_INFINITY,
  })
}

/** Of the tasks themselves: between two runs of one. */
export function taskBackoff({ backoff }: Options) {
  return backoff === undefined ? undefined : backoffOf(backoff)
}
