// One life of a host as Redis knows it: its connections, its queues, and its end without a farewell.
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { must } from '../../../base/assert.ts'
import type { Random } from '../../../base/random.ts'
import { CallError, RECONNECT_MS, REDIS_NAME } from '../../world.ts'
import type { Calling } from '../calls.ts'
import { PartCalls } from '../part-calls.ts'
import type { PartCounts } from '../part-counts.ts'
import type { Life } from '../process.ts'
import { classifyRedis, clientOf, type Ioredis, type RedisAccess } from './access.ts'
import type { QueueMeter } from './meter.ts'

export interface RedisSetup {
  readonly bullmq: typeof import('bullmq')
  readonly ioredis: Ioredis
  readonly calling: Calling
  readonly counts: PartCounts
  readonly prefix: string
  itemOf(key: string): number
  meter(queue: string): QueueMeter
}

export class HostRedis {
  readonly setup: RedisSetup
  readonly life: Life
  readonly random: Random
  readonly calls: PartCalls
  readonly #access: RedisAccess
  readonly #clients = new Set<Redis>()
  #producer: { readonly client: Redis; readonly queues: Map<string, Queue> } | undefined
  #connecting: Promise<void> | undefined

  constructor(setup: RedisSetup, host: string, life: Life, random: Random, access: RedisAccess) {
    this.setup = setup
    this.life = life
    this.random = random
    this.#access = access
    const { calling, counts, itemOf } = setup
    this.calls = new PartCalls({
      from: host,
      to: REDIS_NAME,
      life,
      calling,
      counts,
      itemOf,
      classify: classifyRedis,
    })
    life.onDeath.add(() => {
      for (const client of this.#clients) client.disconnect()
    })
  }

  wallMs(ms: number): number {
    return Math.max(1, Math.ceil(this.setup.calling.time.wall(ms)))
  }

  /** By which jobs are added: connected when it is needed, not again by itself. Throws `refused`. */
  async producer(name: string): Promise<Queue> {
    const { queues } = await this.connected()
    const queue = queues.get(name) ?? this.openQueue(name, this.setup.prefix)
    queues.set(name, queue)
    return queue
  }

  /** The connection of that kind, and the queues that are open on it. Throws `refused`. */
  async connected(): Promise<{ readonly client: Redis; readonly queues: Map<string, Queue> }> {
    if (this.#producer === undefined) await this.connect()
    if (this.#producer === undefined) throw new CallError({ class: 'refused' })
    return this.#producer
  }

  /** On a connection that is there. */
  openQueue(name: string, prefix: string): Queue {
    const { client } = must(this.#producer, 'it is asked for once connected')
    const queue = new this.setup.bullmq.Queue(name, {
      connection: client,
      prefix,
      skipVersionCheck: true,
      skipMetasUpdate: true,
    })
    queue.on('error', () => {})
    return queue
  }

  /** Where that cannot be done now, it is when it is needed. */
  connect(): Promise<void> {
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #connect(): Promise<void> {
    const client = this.#own(clientOf(this.setup.ioredis, this.#access, () => null))
    client.on('end', () => {
      this.#clients.delete(client)
      if (this.#producer?.client === client) this.#producer = undefined
    })
    await client.connect().then(
      () => {
        this.#producer = { client, queues: new Map() }
      },
      () => client.disconnect(),
    )
  }

  /** For a consumer: connected, and again after every end of the connection, as long as the host lives. */
  async lasting(): Promise<Redis> {
    for (;;) {
      const client = this.#own(
        clientOf(this.setup.ioredis, this.#access, () =>
          this.life.dead ? null : this.wallMs(RECONNECT_MS),
        ),
      )
      const isUp = await client.connect().then(
        () => true,
        () => false,
      )
      if (isUp) return client
      this.#clients.delete(client)
      client.disconnect()
      await this.sleep(RECONNECT_MS)
    }
  }

  /** Of the world's time; never over where the host dies first. */
  sleep(ms: number): Promise<void> {
    const { time } = this.setup.calling
    return new Promise((resolve) => {
      const timer = time.schedule(time.nowMs + ms, () => {
        this.life.onDeath.delete(end)
        this.life.wake(resolve)
      })
      const end = () => timer[Symbol.dispose]()
      this.life.onDeath.add(end)
    })
  }

  #own(client: Redis): Redis {
    if (this.life.dead) client.disconnect()
    this.#clients.add(client)
    return client
  }
}
