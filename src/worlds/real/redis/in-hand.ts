// The jobs that a consumer has in hand: handed to the host's code, counted, and lost with the host where nobody else has them.
import { backoffMs, NO_BACKOFF } from '../../../base/backoff.ts'
import { CallError, type HandleJob, type JobEnd, type Lease } from '../../world.ts'
import { awake } from '../part-calls.ts'
import type { StoredJob } from './job.ts'
import type { RealQueue } from './queue.ts'

export class InHand {
  readonly #queue: RealQueue
  readonly #handle: HandleJob
  /** What dies with the host is nowhere any more. */
  readonly #isOurs: boolean
  readonly #jobs = new Set<StoredJob>()
  /** When one was last given back: since then a slot asks for another. */
  freeSinceUs: number

  constructor(queue: RealQueue, handle: HandleJob, slots: number, isOurs: boolean) {
    this.#queue = queue
    this.#handle = handle
    this.#isOurs = isOurs
    this.freeSinceUs = queue.host.setup.calling.time.nowUs
    queue.meter.slots(slots)
    const { life } = queue.host
    life.onDeath.add(() => {
      queue.meter.slots(-slots)
      queue.meter.given(this.#jobs.size)
      if (this.#isOurs) for (const job of this.#jobs) queue.meter.lost(job.key)
    })
  }

  get size(): number {
    return this.#jobs.size
  }

  async work(job: StoredJob, lease: Lease): Promise<JobEnd> {
    const { life, calls } = this.#queue.host
    if (life.dead) return new Promise(() => {})
    this.#jobs.add(job)
    life.jobs.add(job)
    calls.happened('take', '', this.freeSinceUs)
    this.#queue.meter.taken(job.key)
    if (!this.#isOurs) this.#queue.meter.leased.add(job.key)
    await awake(life)
    const end = await this.#try(job, lease)
    this.#jobs.delete(job)
    this.#queue.meter.leased.delete(job.key)
    life.jobs.delete(job)
    this.freeSinceUs = this.#queue.host.setup.calling.time.nowUs
    this.#queue.meter.given()
    return end
  }

  async #try(job: StoredJob, lease: Lease): Promise<JobEnd> {
    try {
      return await this.#handle(job.data, lease)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      return 'again'
    }
  }
}

/** Of the world's time, after this try. */
export function pauseMs(queue: RealQueue, { key, backoff }: StoredJob, attempt: number): number {
  const u = queue.host.random.at('job backoff', key, attempt)
  return backoffMs(backoff ?? NO_BACKOFF, attempt, u)
}
