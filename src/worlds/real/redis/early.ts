// Early acknowledgement, as Celery has it: Redis forgets a job in the command that hands it out.
//
// BullMQ has no such thing: the take is a script of our own on BullMQ's keys. It needs no memory, so that a full Redis
// still hands out what it has.
import type { Redis } from 'ioredis'
import { CallError, type ConsumeOptions, type HandleJob, RECONNECT_MS } from '../../world.ts'
import type { HostRedis } from './host-redis.ts'
import { InHand, pauseMs } from './in-hand.ts'
import type { StoredJob } from './job.ts'
import type { RealQueue } from './queue.ts'

/**
 * What is due goes from `delayed` to `wait` first; where more is left, whoever else waits is woken. A take that is
 * asked for again, because the connection broke before its answer came, brings the same job again.
 */
const TAKE = `
local wait, delayed, marker, transit = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local sent = redis.call('HGET', transit, ARGV[3])
if sent then return {sent, false} end
redis.call('DEL', transit)
local due = redis.call('ZRANGEBYSCORE', delayed, 0, (tonumber(ARGV[2]) + 1) * 0x1000 - 1, 'LIMIT', 0, 100)
for _, id in ipairs(due) do
  local pushed = redis.pcall('LPUSH', wait, id)
  if type(pushed) ~= 'number' then break end
  redis.call('ZREM', delayed, id)
end
local id = redis.call('RPOP', wait)
if not id then
  local first = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
  return {false, first[2] and tostring(math.floor(tonumber(first[2]) / 0x1000)) or false}
end
local data = redis.call('HGET', ARGV[1] .. id, 'data')
redis.call('DEL', ARGV[1] .. id)
if redis.call('LLEN', wait) > 0 then redis.pcall('ZADD', marker, 0, '0') end
if data then redis.pcall('HSET', transit, ARGV[3], data) end
return {data, false}
`

/** However long nothing comes, so often it is looked. */
const LONGEST_WAIT_S = 1

export function consumeEarly(
  queue: RealQueue,
  handle: HandleJob,
  options: ConsumeOptions,
): Disposable {
  const consumer = new EarlyConsumer(queue, handle, options.concurrency)
  void consumer.run()
  return consumer
}

class EarlyConsumer implements Disposable {
  readonly #queue: RealQueue
  readonly #host: HostRedis
  readonly #inHand: InHand
  readonly #slots: number
  readonly #prefix: string
  readonly #id = crypto.randomUUID()
  #takes = 0
  #taken = 0
  #stopped = false
  #freed: (() => void) | undefined

  constructor(queue: RealQueue, handle: HandleJob, slots: number) {
    this.#queue = queue
    this.#host = queue.host
    this.#slots = slots
    this.#prefix = `${queue.host.setup.prefix}:${queue.name}:`
    this.#inHand = new InHand(queue, handle, slots, true)
  }

  async run(): Promise<void> {
    const { life } = this.#host
    const client = await this.#host.lasting()
    while (!this.#stopped && !life.dead) {
      if (this.#taken >= this.#slots) await new Promise<void>((free) => (this.#freed = free))
      try {
        const job = await this.#take(client)
        if (job !== undefined) void this.#work(job)
      } catch {
        // Whatever it was: the connection is tried again, or the host is dead.
        if (!life.dead) await this.#host.sleep(RECONNECT_MS)
      }
    }
  }

  async #take(client: Redis): Promise<StoredJob | undefined> {
    const key = (name: string) => `${this.#prefix}${name}`
    const keys = [key('wait'), key('delayed'), key('marker'), key(`transit-${this.#id}`)]
    const now = Date.now()
    const asked = [this.#prefix, now, this.#takes]
    const answer = await client.eval(TAKE, keys.length, ...keys, ...asked)
    const [data, dueMs] = answer as [string | null, string | null]
    if (data !== null) {
      this.#takes++
      return JSON.parse(data) as StoredJob
    }
    const untilDue = dueMs === null ? LONGEST_WAIT_S : (Number(dueMs) - now) / 1_000
    const seconds = Math.min(LONGEST_WAIT_S, Math.max(0.001, untilDue))
    await client.bzpopmin(key('marker'), seconds)
    return undefined
  }

  async #work(job: StoredJob): Promise<void> {
    this.#taken++
    const { attempt, attempts, deliveries } = job
    const isLast = attempt >= attempts
    const end = await this.#inHand.work(job, { attempt, isLast, earlierDeliveries: deliveries })
    this.#taken--
    this.#freed?.()
    if (end !== 'again') return
    // Nobody said how it ended, and nobody will try it again.
    if (isLast) this.#queue.meter.lost(job.key)
    else await this.#again(job)
  }

  /** Another try is a new job. Where Redis will not have it, the job is lost. */
  async #again(job: StoredJob): Promise<void> {
    const { attempt, deliveries } = job
    const next = { ...job, attempt: attempt + 1, deliveries: deliveries + 1 }
    try {
      await this.#queue.enqueue(next, pauseMs(this.#queue, job, attempt))
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.#queue.meter.lost(job.key)
    }
  }

  [Symbol.dispose](): void {
    this.#stopped = true
  }
}
