// Watches keys in Redis that processes of somebody else's write: whenever one changes, what stands there is told.
//
// By keyspace notifications, past the proxies. They are off unless a server is told otherwise, and one that will not be
// told is looked at instead, twice a second; so is one that comes back after a fault.
import type { ChainableCommander, Redis } from 'ioredis'
import type { Json } from '../../world.ts'
import type { Tell } from '../fact.ts'
import type { RealTime } from '../time.ts'
import { clientOf, type RedisFor } from './access.ts'

export interface KeyWatchSetup {
  readonly redis: RedisFor
  /** Redis' own globs: `celery-task-meta-*`. */
  readonly globs: readonly string[]
  readonly time: RealTime
  readonly tell: Tell
  itemOf(key: string): number
}

interface Watched {
  readonly parts: { readonly redis?: RedisFor }
  readonly watchedKeys: readonly string[]
  readonly itemOf: (key: string) => number
}

/** Undefined where no rule waits for a key. */
export async function watchKeys(
  { parts: { redis }, watchedKeys: globs, itemOf }: Watched,
  time: RealTime,
  tell: Tell,
): Promise<KeyWatch | undefined> {
  if (redis === undefined || globs.length === 0) return undefined
  return KeyWatch.start({ redis, globs, time, tell, itemOf })
}

const AGAIN_MS = 200
const LOOK_EVERY_MS = 500
/** What changes within this long is read together. */
const GATHER_MS = 20
const SETTING = 'notify-keyspace-events'
/** All events of keys that are there: strings, hashes, lists, sets, sorted sets, streams, and generic ones. */
const EVENTS = 'KA'

export class KeyWatch implements AsyncDisposable {
  readonly #setup: KeyWatchSetup
  readonly #heard: Redis
  readonly #reads: Redis
  readonly #told = new Map<string, string>()
  /** When each key was last heard to change. */
  #heardUs = new Map<string, number>()
  #gathering: NodeJS.Timeout | undefined
  #looking: NodeJS.Timeout | undefined
  #pending: Promise<unknown> = Promise.resolve()
  /** What the server was told before. */
  #eventsBefore: string | undefined

  private constructor(setup: KeyWatchSetup, client: () => Redis) {
    this.#setup = setup
    this.#heard = client()
    this.#reads = client()
    this.#heard.on('pmessage', (_pattern: string, channel: string) => {
      this.#heardUs.set(channel.slice(channel.indexOf('__:') + 3), setup.time.nowUs)
      this.#gathering ??= setTimeout(() => this.#then(() => this.#readHeard()), GATHER_MS)
    })
  }

  static async start(setup: KeyWatchSetup): Promise<KeyWatch> {
    const { Redis: Client } = await import('ioredis')
    const client = () => clientOf({ Redis: Client }, setup.redis, () => AGAIN_MS)
    const watch = new KeyWatch(setup, client)
    await Promise.all([watch.#heard.connect(), watch.#reads.connect()])
    await watch.#listen()
    // A server that was started again has forgotten what it was told.
    watch.#reads.on('ready', () => watch.#then(() => watch.#listen()))
    return watch
  }

  async #listen(): Promise<void> {
    const { redis, globs } = this.#setup
    try {
      const [, before = ''] = (await this.#reads.config('GET', SETTING)) as string[]
      if (this.#eventsBefore === undefined) {
        this.#eventsBefore = before
        redis.onSetting?.(SETTING, before)
      }
      await this.#reads.config('SET', SETTING, EVENTS)
      await this.#heard.psubscribe(...globs.map((glob) => `__keyspace@${redis.db ?? 0}__:${glob}`))
    } catch {
      this.#looking ??= setInterval(() => this.#then(() => this.#look()), LOOK_EVERY_MS)
    }
    await this.#look()
  }

  /** All that is there, at the end once more: nothing of it is missed. */
  async settled(): Promise<void> {
    if (this.#reads.status === 'ready') {
      this.#then(() => this.#readHeard())
      this.#then(() => this.#look())
    }
    await this.#pending
  }

  async #look(): Promise<void> {
    for (const glob of this.#setup.globs) {
      let cursor = '0'
      do {
        const [next, keys] = await this.#reads.scan(cursor, 'MATCH', glob, 'COUNT', 1_000)
        const { nowUs } = this.#setup.time
        await this.#read(new Map(keys.map((key) => [key, nowUs])))
        cursor = next
      } while (cursor !== '0')
    }
  }

  async #readHeard(): Promise<void> {
    const heard = this.#heardUs
    this.#heardUs = new Map()
    this.#gathering = undefined
    await this.#read(heard)
  }

  /** In two round trips, however many there are. */
  async #read(keys: ReadonlyMap<string, number>): Promise<void> {
    const { tell, itemOf, time } = this.#setup
    const types = await this.#ask(keys.keys(), (all, key) => all.type(key))
    const there = [...types].filter(([, type]) => type !== 'none')
    const values = await this.#ask(
      there.flatMap(([key, type]) => (type === 'string' || type === 'hash' ? [key] : [])),
      (all, key) => (types.get(key) === 'string' ? all.get(key) : all.hgetall(key)),
    )
    const byUs = time.nowUs
    for (const [key, type] of there) {
      const value = values.get(key) ?? type
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      if (this.#told.get(key) === text) continue
      this.#told.set(key, text)
      const atUs = keys.get(key) ?? 0
      tell({ fact: 'key', atUs, byUs, item: itemOf(key), key, body: jsonOrText(text) })
    }
  }

  async #ask(
    keys: Iterable<string>,
    command: (all: ChainableCommander, key: string) => unknown,
  ): Promise<ReadonlyMap<string, unknown>> {
    const asked = [...keys]
    const all = this.#reads.pipeline()
    for (const key of asked) command(all, key)
    const answers = (asked.length === 0 ? [] : await all.exec()) ?? []
    return new Map(
      asked.map((key, i) => {
        const [error, answer] = answers[i] ?? []
        if (error) throw error
        return [key, answer]
      }),
    )
  }

  /** One after another. A read that fails is made again when the server is back. */
  #then(what: () => Promise<void>): void {
    this.#pending = this.#pending.then(what).catch(() => {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#gathering)
    clearInterval(this.#looking)
    this.#heard.disconnect()
    // The server may be the user's.
    if (this.#reads.status === 'ready' && this.#eventsBefore !== undefined)
      await this.#reads.config('SET', SETTING, this.#eventsBefore).catch(() => {})
    this.#reads.disconnect()
  }
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
