// What a run that was killed has left on a Redis that is not ours: its keys, and settings that it had changed.
import { isOwnName } from '../own-name.ts'
import type { RedisRemains, Settings } from '../remains.ts'
import { clientOf } from './access.ts'
import { clear } from './grip.ts'

/** What a run may have set; no journal's word sets anything else. */
const OURS = ['maxmemory', 'notify-keyspace-events']

export async function takeBack(redis: RedisRemains, settings: Settings): Promise<void> {
  if (!isOwnName(redis.prefix)) throw new Error('it is no prefix of ours')
  const ioredis = await import('ioredis')
  const client = clientOf(ioredis, redis, () => null)
  try {
    await client.connect()
    for (const name of OURS) {
      const before = settings[name]
      if (before !== undefined) await client.config('SET', name, before)
    }
    // Of a whole database, too: by now somebody else may have put something there.
    await clear(client, { prefix: redis.prefix })
  } finally {
    client.disconnect()
  }
}
