// Is a Redis ready: it answers PING, and what was set is read again.
import { randomUUID } from 'node:crypto'
import type { RedisOptions } from 'ioredis'
import { messageOf } from '../../../base/errors.ts'
import { type Access, NotReady } from './part.ts'

/** Its name and version, as INFO tells them. */
export async function probeRedis(access: Access, signal: AbortSignal): Promise<string> {
  const { Redis } = await import('ioredis')
  const redis = new Redis(optionsFor(access))
  let trouble: unknown
  // What connect() rejects with says only that the connection is closed.
  redis.on('error', (error: unknown) => {
    trouble = error
  })
  const stop = () => redis.disconnect()
  signal.addEventListener('abort', stop)
  try {
    await redis.connect()
    const key = `aftershock-ready-${randomUUID()}`
    await redis.ping()
    await redis.set(key, key, 'PX', 60_000)
    const read = await redis.get(key)
    if (read !== key) throw new Error(`it answered '${read}' for what was just set`)
    await redis.del(key)
    return nameIn(await redis.info('server'))
  } catch (error) {
    throw notReady(/Connection is closed/.test(messageOf(error)) ? (trouble ?? error) : error)
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

function optionsFor({ host, port, tls, accessKey, secretKey }: Access) {
  return {
    host,
    port,
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    ...(accessKey === undefined ? {} : { username: accessKey }),
    ...(secretKey === undefined ? {} : { password: secretKey }),
    ...(tls ? { tls: {} } : {}),
    // The older protocol, which servers of every age speak.
    protocol: 2,
  } satisfies RedisOptions
}

function nameIn(info: string): string {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  const valkey = field('valkey_version')
  return valkey === undefined ? `Redis ${field('redis_version') ?? ''}`.trim() : `Valkey ${valkey}`
}

/** How refusals begin after which trying again is of no use, and what to do then. */
const FINAL: readonly (readonly [RegExp, string])[] = [
  [
    /^(WRONGPASS|NOAUTH|ERR .*AUTH|ERR invalid password)/,
    'Give the password of this Redis: AFTERSHOCK_REDIS_PASSWORD.',
  ],
  [/^NOPERM/, 'The user has to be allowed to read and write keys.'],
  [/^READONLY/, 'It is a replica: name the primary.'],
  [/^(OOM|MISCONF)/, 'It has no room left: make some, or give it another disk or more memory.'],
]

function notReady(error: unknown): NotReady {
  const said = messageOf(error)
  const hint = FINAL.find(([pattern]) => pattern.test(said))?.[1]
  return hint === undefined ? new NotReady(said) : new NotReady(`it refuses: ${said}`, { hint })
}
