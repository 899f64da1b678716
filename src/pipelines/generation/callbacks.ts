// Tells the front end how a task ended: at once, or by way of an outbox that is written with the result.
import type { Database, Host, Json, Rows, Timeouts } from '../../worlds/world.ts'
import { backoffOf } from '../resilience/options.ts'
import { type RetryPolicy, retrying } from '../resilience/retrying.ts'
import type { Options } from './options.ts'
import { timeoutsOf } from './stages.ts'
import { endRow, OUTBOX, TABLE, type TaskEnd } from './tasks.ts'
import { tryOnce, type Upstream } from './upstreams.ts'

export const CALLBACK_FAILED = 'callback failed'
const FRONT_END: Upstream<true> = { host: 'front-end', route: 'callback', read: () => true }

export class Callbacks {
  readonly #host: Host
  readonly #db: Database
  readonly #options: Options
  readonly #policy: RetryPolicy
  readonly #timeouts: Timeouts

  constructor(host: Host, db: Database, options: Options) {
    this.#host = host
    this.#db = db
    this.#options = options
    this.#timeouts = timeoutsOf(options.timeouts.callback)
    this.#policy = {
      label: 'callback',
      attempts: options.attempts.callback,
      backoff: options.backoff === undefined ? undefined : backoffOf(options.backoff),
    }
  }

  /** Writes how a task ended, and tells whoever is to be told. */
  async end(key: string, end: TaskEnd): Promise<void> {
    const isTold = end.status === 'succeeded' || this.#options.callbackOnFailure
    if (isTold && this.#options.callbackOutbox) await this.#leaveInOutbox(key, end)
    else {
      // As the system does it: the front end first, then the row.
      const calledBack = isTold && (await this.#send(key, end))
      await this.#db.update(TABLE, key, endRow(end, calledBack))
    }
  }

  /** Both or neither: what is written will be told. */
  #leaveInOutbox(key: string, end: TaskEnd): Promise<void> {
    return this.#db.tx(async (rows: Rows) => {
      await rows.insert(OUTBOX, key, { task_id: key, ...end })
      await rows.update(TABLE, key, endRow(end, false))
    })
  }

  async #send(key: string, end: TaskEnd): Promise<boolean> {
    const tried = await retrying(this.#host, this.#policy, key, undefined, () =>
      this.once(key, end),
    )
    if (!tried.ok) this.#host.log(CALLBACK_FAILED, key)
    return tried.ok
  }

  once(key: string, end: TaskEnd) {
    return tryOnce(this.#host, FRONT_END, {
      body: this.#notice(key, end),
      timeouts: this.#timeouts,
    })
  }

  #notice(key: string, { status, error }: TaskEnd): Json {
    const isOk = status === 'succeeded'
    return {
      params: {
        code: isOk ? 0 : 1,
        data: { task_id: key, status: isOk ? 'success' : 'failed', data: {} },
        message: isOk ? 'success' : error,
        timestamp: Math.round(this.#host.clock.now()),
        ...(this.#options.idempotencyKey ? { idempotency_key: `${key}:${status}` } : {}),
      },
    }
  }
}
