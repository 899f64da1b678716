// A fault's grip on Redis itself, past the proxies: ended and started again, emptied, or left without memory.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { type Gone, NOTHING_GONE, type PartGrip } from '../../world.ts'
import type { PartCounts } from '../part-counts.ts'
import { clientOf, type Ioredis, type RedisFor } from './access.ts'
import type { StoredJob } from './job.ts'
import type { QueueMeter } from './meter.ts'
import { emptyDatabase } from './own-database.ts'

export interface RedisGripSetup {
  readonly ioredis: Ioredis
  readonly redis: RedisFor
  readonly counts: PartCounts
  /** Of the queues that there are. */
  meters(): Iterable<QueueMeter>
  readonly onTrouble: (error: unknown) => void
}

/** So few bytes that Redis has always more. */
const NO_MEMORY = '1'
/** A job that was handed out just before has come by then. */
const ON_THE_WAY_MS = 30

export class RedisGrip implements PartGrip, AsyncDisposable {
  readonly #setup: RedisGripSetup
  /** What is done to the server is done in order. */
  #doing: Promise<void> = Promise.resolve()
  #downs = 0
  #fills = 0
  #isHalted = false
  /** What it was allowed before it was left without; undefined while it has what it is allowed. */
  #memory: string | undefined

  constructor(setup: RedisGripSetup) {
    this.#setup = setup
  }

  stop() {
    const { counts, redis } = this.#setup
    const down = counts.down()
    let gone = NOTHING_GONE
    const kept = redis.persists ? this.#jobs() : 0
    if (this.#downs++ === 0)
      this.#do(async () => {
        if (!redis.persists) gone = await this.#empty('cut off')
        if (redis.restarts === undefined) return
        await redis.restarts.halt()
        this.#isHalted = true
        // It starts again with what it is allowed.
        this.#memory = undefined
      })
    return {
      gone: () => gone,
      kept: () => kept,
      refused: () => down.times(),
      [Symbol.dispose]: () => {
        down[Symbol.dispose]()
        if (--this.#downs > 0) return
        this.#do(async () => {
          await redis.restarts?.resume()
          this.#isHalted = false
        })
        this.#fitMemory()
      },
    }
  }

  /** In all queues, waiting or in hand. */
  #jobs(): number {
    const inQueue = ({ waiting, leased }: QueueMeter) => waiting.length + leased.size
    return [...this.#setup.meters()].reduce((sum, meter) => sum + inQueue(meter), 0)
  }

  flush(counted: (gone: Gone) => void): void {
    if (this.#downs > 0) counted(NOTHING_GONE)
    else this.#do(async () => counted(await this.#empty('in use')))
  }

  fill() {
    const full = this.#setup.counts.full()
    this.#fills++
    this.#fitMemory()
    return {
      refused: () => full.times(),
      [Symbol.dispose]: () => {
        full[Symbol.dispose]()
        this.#fills--
        this.#fitMemory()
      },
    }
  }

  /** Leaves it without memory, or gives it back, as faults want it by then; one that is halted is seen to once it is back. */
  #fitMemory(): void {
    this.#do(async () => {
      if (this.#isHalted || this.#fills > 0 === (this.#memory !== undefined)) return
      if (this.#memory !== undefined) await this.#giveMemoryBack(this.#memory)
      else await this.#direct((client) => this.#takeMemory(client))
    })
  }

  async #takeMemory(client: Redis): Promise<void> {
    const [, before = '0'] = (await client.config('GET', 'maxmemory')) as string[]
    this.#setup.redis.onSetting?.('maxmemory', before)
    this.#memory = before
    await client.config('SET', 'maxmemory', NO_MEMORY)
  }

  /** The proxies slow it down: here its commands are counted. */
  slow() {
    const slow = this.#setup.counts.slow()
    return {
      slowed: () => slow.times(),
      [Symbol.dispose]: () => slow[Symbol.dispose](),
    }
  }

  async #giveMemoryBack(before: string): Promise<void> {
    await this.#direct(async (client) => {
      await client.config('SET', 'maxmemory', before)
    })
    this.#memory = undefined
  }

  /** All that was begun has been done. */
  async settled(): Promise<void> {
    await this.#doing
  }

  #do(what: () => Promise<unknown>): void {
    this.#doing = this.#doing.then(async () => {
      try {
        await what()
      } catch (error) {
        this.#setup.onTrouble(error)
      }
    })
  }

  /**
   * Deletes what is the run's: all that waits is lost; what is in hand may still be finished. Of what was added just then
   * only Redis knows on which side of it that was: where it is still in use, it is asked.
   */
  async #empty(state: 'in use' | 'cut off'): Promise<Gone> {
    const { redis } = this.#setup
    const forgotten = [...this.#setup.meters()].reduce((sum, meter) => sum + meter.leased.size, 0)
    let [entries, lost] = [0, 0]
    await this.#direct(async (client) => {
      entries = await clear(client, redis)
      // Who added one before has been answered by then.
      await sleep(ON_THE_WAY_MS)
      const waited = [...this.#setup.meters()].map((meter) => [meter, meter.waiting] as const)
      const left = state === 'in use' ? await keysLeft(client, redis.prefix) : new Set()
      await sleep(ON_THE_WAY_MS)
      for (const [meter, waiting] of waited)
        lost += meter.lose(waiting.filter(({ key }) => !left.has(key)))
    })
    return redis.isShared === true ? { lost: entries, forgotten: 0 } : { lost, forgotten }
  }

  async #direct(what: (client: Redis) => Promise<void>): Promise<void> {
    const { ioredis, redis } = this.#setup
    const client = clientOf(ioredis, redis, () => null)
    try {
      await client.connect()
      await what(client)
    } finally {
      client.disconnect()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#doing
    // A run that is cut short heals nothing, and the server may be the user's.
    if (this.#memory !== undefined) await this.#giveMemoryBack(this.#memory).catch(() => {})
    // A server that is gone has taken the run's keys with it.
    await this.#direct(async (client) => {
      await clear(client, this.#setup.redis)
    }).catch(() => {})
  }
}

/** How many entries there were, where they are not ours and nobody else counts them. */
export async function clear(
  client: Redis,
  { prefix, isShared }: Pick<RedisFor, 'prefix' | 'isShared'>,
): Promise<number> {
  if (isShared === true) return emptyDatabase(client)
  await client.eval(REMOVE_ALL, 0, `${prefix}:*`)
  return 0
}

/** At one instant. Never FLUSHALL: the server may hold what is not ours. */
const REMOVE_ALL = `for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('UNLINK', key) end`

/** Of the jobs that are there, what they are about. */
async function keysLeft(client: Redis, prefix: string): Promise<ReadonlySet<string>> {
  const left = new Set<string>()
  let cursor = '0'
  do {
    const [next, names] = await client.scan(cursor, 'MATCH', `${prefix}:*`, 'TYPE', 'hash')
    for (const name of names) {
      const data = await client.hget(name, 'data')
      if (data !== null) left.add((JSON.parse(data) as StoredJob).key)
    }
    cursor = next
  } while (cursor !== '0')
  return left
}
