// Redis and the database as the hosts of a thread use them: a life's own connections, what is counted, and the faults' grip.
import { must } from '../../base/assert.ts'
import { UserCodeError } from '../../base/errors.ts'
import type { Random } from '../../base/random.ts'
import {
  DATABASE_NAME,
  type Database,
  type JobQueue,
  type PartGrip,
  type PoolOptions,
  REDIS_NAME,
  type SharedRedis,
} from '../world.ts'
import type { Calling } from './calls.ts'
import { classifyPostgres, type DatabaseFor } from './database/access.ts'
import { type Pg, RealDatabase } from './database/database.ts'
import { PoolMeter, PoolMeters } from './database/meter.ts'
import type { TcpTarget } from './interposer/tcp.ts'
import { PartCalls } from './part-calls.ts'
import { PartCounts } from './part-counts.ts'
import type { Life } from './process.ts'
import type { Ioredis, RedisFor } from './redis/access.ts'
import { RedisGrip } from './redis/grip.ts'
import { HostRedis, type RedisSetup } from './redis/host-redis.ts'
import { sharedRedis } from './redis/messages.ts'
import { QueueMeter } from './redis/meter.ts'
import { RealQueue } from './redis/queue.ts'

export interface PartsFor {
  readonly redis?: RedisFor
  readonly database?: DatabaseFor
}

/** The servers themselves. */
export function targetsOf(parts: PartsFor): Readonly<Record<string, TcpTarget>> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, { host, port }]) => [name, { host, port }]),
  )
}

/** What a life of a host has of them. */
export interface HostParts {
  /** It is connected, or cannot be now: calls may be made before. */
  readonly ready: Promise<void>
  queue(name: string): JobQueue
  database(pool: PoolOptions): Database
  sharedRedis(): SharedRedis
}

/** What a site needs of them. */
export interface SiteParts {
  /** For a life that begins. */
  host(name: string, life: Life, random: Random): HostParts
  grip(part: string): PartGrip
  /** A host stands still, or goes on. */
  freeze(host: string, isFrozen: boolean): void
}

export interface UsedPartsSetup {
  readonly parts: PartsFor
  readonly calling: Calling
  itemOf(key: string): number
  /** Of the host's own proxy before a part. */
  portOf(host: string, part: string): number
  freeze(host: string, isFrozen: boolean): void
  readonly onTrouble: (error: unknown) => void
}

/** Clients of parts that are not used are not loaded. */
export async function usedParts(setup: UsedPartsSetup): Promise<UsedParts> {
  const { redis, database } = setup.parts
  const loadRedis = () => Promise.all([import('bullmq'), import('ioredis')])
  return new UsedParts(
    setup,
    redis === undefined ? undefined : await loadRedis(),
    database === undefined ? undefined : (await import('pg')).default,
  )
}

export class UsedParts implements SiteParts, AsyncDisposable {
  readonly #setup: UsedPartsSetup
  readonly #counts = { [REDIS_NAME]: new PartCounts(), [DATABASE_NAME]: new PartCounts() }
  readonly #meters = new Map<string, QueueMeter>()
  readonly #redis: { readonly setup: RedisSetup; readonly grip: RedisGrip } | undefined
  readonly #pg: Pg | undefined
  readonly #pools: PoolMeters | undefined

  constructor(
    setup: UsedPartsSetup,
    redis: readonly [typeof import('bullmq'), Ioredis] | undefined,
    pg: Pg | undefined,
  ) {
    this.#setup = setup
    this.#pg = pg
    this.#pools = pg === undefined ? undefined : new PoolMeters(setup.calling)
    const { redis: of } = setup.parts
    if (redis !== undefined && of !== undefined) this.#redis = this.#openRedis(redis, of)
  }

  #openRedis([bullmq, ioredis]: readonly [typeof import('bullmq'), Ioredis], redis: RedisFor) {
    const { calling, itemOf, onTrouble } = this.#setup
    const counts = this.#counts[REDIS_NAME]
    const meter = (name: string) => {
      const meter = this.#meters.get(name) ?? new QueueMeter(calling, name, itemOf)
      this.#meters.set(name, meter)
      return meter
    }
    const meters = () => this.#meters.values()
    return {
      setup: { bullmq, ioredis, calling, counts, prefix: redis.prefix, itemOf, meter },
      grip: new RedisGrip({ ioredis, redis, counts, meters, onTrouble }),
    }
  }

  host(name: string, life: Life, random: Random): HostParts {
    const { parts, portOf } = this.#setup
    const redis =
      this.#redis === undefined || parts.redis === undefined
        ? undefined
        : new HostRedis(this.#redis.setup, name, life, random, {
            ...parts.redis,
            host: '127.0.0.1',
            port: portOf(name, REDIS_NAME),
          })
    const queues = new Map<string, RealQueue>()
    return {
      ready: redis?.connect() ?? Promise.resolve(),
      queue: (of) => {
        const queue = queues.get(of) ?? new RealQueue(has(redis, REDIS_NAME, name), of)
        queues.set(of, queue)
        return queue
      },
      database: (pool) => this.#database(name, life, pool),
      sharedRedis: () => sharedRedis(has(redis, REDIS_NAME, name)),
    }
  }

  #database(name: string, life: Life, options: PoolOptions): Database {
    const { parts, calling, itemOf, portOf } = this.#setup
    const access = has(parts.database, DATABASE_NAME, name)
    const calls = new PartCalls({
      from: name,
      to: DATABASE_NAME,
      life,
      calling,
      counts: this.#counts[DATABASE_NAME],
      itemOf,
      classify: classifyPostgres,
    })
    const setup = {
      pg: has(this.#pg, DATABASE_NAME, name),
      access: { ...access, host: '127.0.0.1', port: portOf(name, DATABASE_NAME) },
      life,
      calls,
      meter: new PoolMeter(has(this.#pools, DATABASE_NAME, name)),
      wallMs: (ms: number) => Math.max(1, Math.ceil(calling.time.wall(ms))),
    }
    return new RealDatabase(setup, options)
  }

  grip(part: string): PartGrip {
    return must(
      part === REDIS_NAME ? this.#redis?.grip : undefined,
      `faults are checked to name parts that are there: ${part}`,
    )
  }

  freeze(host: string, isFrozen: boolean): void {
    this.#setup.freeze(host, isFrozen)
  }

  /** What faults have begun to do is done. */
  async settled(): Promise<void> {
    await this.#redis?.grip.settled()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#redis?.grip[Symbol.asyncDispose]()
  }
}

/** A pipeline says what it uses: a host that asks for something else has a bug. */
function has<T>(part: T | undefined, name: string, host: string): T {
  if (part !== undefined) return part
  throw new UserCodeError(`${host},`, new Error(`the pipeline's \`uses\` has no ${name}`))
}
