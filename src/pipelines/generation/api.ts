// The API: takes a request for a picture, writes its row, and queues its task.
import {
  type Answer,
  CallError,
  type Database,
  type Host,
  type Request,
} from '../../worlds/world.ts'
import type { Options } from './options.ts'
import { QUEUE, type Status, TABLE } from './tasks.ts'
import { taskBackoff } from './worker.ts'

export const SUBMIT = { method: 'POST', path: '/tasks', key: 'body.task_id' } as const
const QUEUE_TIMEOUT_MS = 5_000

export function api(host: Host, options: Options): void {
  const { pool, acquireTimeout } = options.database
  const db = host.database({ size: pool, acquireTimeoutMs: acquireTimeout })
  const queue = host.queue(QUEUE)
  const backoff = taskBackoff(options)
  // Nothing ever writes a failed callback back: the database knows of none.
  host.report.set('callback_failures', 0)

  const enqueue = (asked: Asked) =>
    queue.add(
      {
        ...asked,
        deadline_ms: options.deadline === undefined ? 0 : host.clock.now() + options.deadline,
      },
      {
        key: asked.task_id,
        attempts: options.attempts.task,
        timeoutMs: QUEUE_TIMEOUT_MS,
        ...(backoff === undefined ? {} : { backoff }),
      },
    )

  const submit = async ({ body }: Request): Promise<Answer> => {
    const asked = body as unknown as Asked
    const key = asked.task_id
    const isNew = await db.insert(TABLE, key, QUEUED)
    if (!isNew && !(await takeAgain(db, key, options)))
      return accepted(key, String((await db.get(TABLE, key))?.status))
    try {
      await enqueue(asked)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      // The row must not say that a task is queued which is not.
      await db.update(TABLE, key, { status: 'failed', error: 'queue', called_back: false })
      return { status: 503, body: { success: false, error_code: 'QUEUE_UNAVAILABLE' } }
    }
    return accepted(key)
  }
  host.serve('submit', submit)
}

interface Asked {
  readonly task_id: string
  readonly image_url: string
  readonly style: string
}

const QUEUED = { status: 'queued' as Status, error: '', called_back: false }

/** Whether a task that is known is to be done again: always, or with the key only one that has failed. */
async function takeAgain(db: Database, key: string, options: Options): Promise<boolean> {
  if (!options.idempotencyKey) return (await db.update(TABLE, key, QUEUED)) !== undefined
  return (await db.update(TABLE, key, QUEUED, { status: 'failed' })) !== undefined
}

/** Who asks again learns how it stands. */
function accepted(key: string, status: string = 'queued'): Answer {
  return { status: 202, body: { success: true, task_id: key, status } }
}
