// A host's end of a queue: adds jobs, takes them slot by slot, renews its leases, and tells the broker how jobs ended.
import { backoffMs, NO_BACKOFF } from '../../base/backoff.ts'
import type { Json } from '../../base/json.ts'
import {
  CallError,
  type ConsumeOptions,
  DEFAULT_MAX_STALLS,
  DEFAULT_VISIBILITY_MS,
  type HandleJob,
  type Host,
  type JobEnd,
  type JobOptions,
  type JobQueue,
  RECONNECT_MS,
  REDIS_NAME,
  REDIS_ROUTES,
} from '../world.ts'
import type { Broker } from './broker.ts'
import type { BrokerQueue, Handed, Job, Terms } from './broker-queue.ts'
import { Exchange } from './exchange.ts'
import { Lane } from './lane.ts'
import type { Life } from './process.ts'
import { REDIS } from './profile.ts'
import type { Wire } from './wire.ts'

type RedisRoute = (typeof REDIS_ROUTES)[number]
const latencyUs = (u: number) => REDIS.sample(u) * 1_000

export class VirtualQueue implements JobQueue {
  readonly #host: Host
  readonly #life: Life
  readonly #wire: Wire
  readonly #broker: Broker
  readonly #queue: BrokerQueue
  readonly #lanes: Readonly<Record<RedisRoute, Lane>>

  constructor(host: Host, life: Life, wire: Wire, broker: Broker, name: string) {
    this.#host = host
    this.#life = life
    this.#wire = wire
    this.#broker = broker
    this.#queue = broker.queue(name)
    this.#lanes = Object.fromEntries(
      REDIS_ROUTES.map((route) => [route, this.#lane(route)]),
    ) as Record<RedisRoute, Lane>
  }

  #lane(route: RedisRoute): Lane {
    return new Lane({
      from: this.#host.name,
      to: REDIS_NAME,
      op: 'redis',
      stats: this.#wire.recorder.routeOf(route),
      target: undefined,
      latencyUs,
      arrive: this.#broker[route],
    })
  }

  #send<T>(route: RedisRoute, job: Job | undefined, arg: unknown, timeoutMs?: number): Promise<T> {
    const [key, item] = job === undefined ? (['', -1] as const) : ([job.key, job.item] as const)
    const x = new Exchange(this.#lanes[route], key, item, this.#life, this.#wire.clock)
    if (timeoutMs !== undefined) x.timeouts = { totalMs: timeoutMs }
    x.arg = arg
    return this.#wire.send<T>(x)
  }

  add(
    data: Json,
    { key, id, attempts = 1, backoff = NO_BACKOFF, timeoutMs }: JobOptions,
  ): Promise<void> {
    const item = this.#broker.itemOf(key)
    const counts = { attempt: 1, deliveries: 0, stalls: 0, sinceUs: 0 }
    const job: Job = { key, item, id, data, attempts, backoff, ...counts }
    return this.#send('enqueue', job, { queue: this.#queue, job, delayMs: 0 }, timeoutMs)
  }

  consume(handle: HandleJob, options: ConsumeOptions): Disposable {
    const { concurrency, acknowledge, visibilityTimeoutMs = DEFAULT_VISIBILITY_MS } = options
    const terms: Terms = {
      queue: this.#queue,
      late: acknowledge === 'late',
      visibilityUs: visibilityTimeoutMs * 1_000,
      maxStalls: options.maxStalls ?? DEFAULT_MAX_STALLS,
    }
    const taking = { stopped: false, inHand: 0 }
    const { part } = this.#queue
    part.concurrency += concurrency
    this.#life.onDeath.push(() => {
      part.concurrency -= concurrency
      part.changeBusy(this.#wire.clock.nowUs, -taking.inHand)
    })
    for (let slot = 0; slot < concurrency; slot++) void this.#takeForever(handle, terms, taking)
    if (terms.late && options.renews !== false)
      void this.#renewForever(terms, visibilityTimeoutMs / 2, taking)
    return {
      [Symbol.dispose]: () => {
        taking.stopped = true
      },
    }
  }

  async #takeForever(handle: HandleJob, terms: Terms, taking: Taking): Promise<void> {
    while (!taking.stopped) {
      const handed = await this.#take(terms)
      if (handed === undefined) await this.#host.clock.sleep(RECONNECT_MS)
      else await this.#work(handle, handed, taking)
    }
  }

  /** Undefined where the broker could not be asked. */
  async #take(terms: Terms): Promise<Handed | undefined> {
    try {
      return await this.#send<Handed>('take', undefined, terms)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      return undefined
    }
  }

  async #work(handle: HandleJob, handed: Handed, taking: Taking): Promise<void> {
    const { job } = handed
    const { part } = this.#queue
    taking.inHand++
    part.changeBusy(this.#wire.clock.nowUs, 1)
    const end = await this.#handle(handle, job)
    taking.inHand--
    part.changeBusy(this.#wire.clock.nowUs, -1)
    this.#life.jobs.delete(handed)
    await this.#finish(handed, end)
  }

  async #handle(handle: HandleJob, job: Job): Promise<JobEnd> {
    const lease = {
      attempt: job.attempt,
      isLast: job.attempt >= job.attempts,
      earlierDeliveries: job.deliveries - 1,
    }
    try {
      return await handle(job.data, lease)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      return 'again'
    }
  }

  /** Tells the broker; one that cannot be told hands a leased job out again, and of another knows nothing. */
  async #finish({ job, lease }: Handed, end: JobEnd): Promise<void> {
    const again = end === 'again' && job.attempt < job.attempts
    // Nobody said how it ended, and nobody will try it again.
    if (end === 'again' && !again) this.#broker.lost(job)
    if (lease === undefined && !again) return
    const u = this.#host.random.at('job backoff', job.key, job.attempt)
    const againMs = again ? backoffMs(job.backoff, job.attempt, u) : undefined
    try {
      if (lease !== undefined) await this.#send('finish', job, { lease, againMs })
      else {
        const next = { ...job, attempt: job.attempt + 1 }
        await this.#send('enqueue', next, { queue: this.#queue, job: next, delayMs: againMs })
      }
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      if (lease === undefined) this.#broker.lost(job)
    }
  }

  async #renewForever(terms: Terms, everyMs: number, taking: Taking): Promise<void> {
    for (;;) {
      await this.#host.clock.sleep(everyMs)
      if (taking.inHand === 0) continue
      try {
        await this.#send('renew', undefined, terms)
      } catch (error) {
        if (!(error instanceof CallError)) throw error
      }
    }
  }
}

interface Taking {
  stopped: boolean
  inHand: number
}
