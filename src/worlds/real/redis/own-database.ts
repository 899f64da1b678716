// A logical database of Redis for one run alone: found empty, and left so.
import type { Redis } from 'ioredis'
import { AftershockError, ExitCode, messageOf } from '../../../base/errors.ts'
import { clientOf, type RedisAccess } from './access.ts'

/** As many as a server has unless it is told otherwise. */
const DATABASES = 16

/** The first that is empty. Throws where none is, or the server cannot be asked. */
export async function ownDatabase(access: RedisAccess): Promise<number> {
  const { Redis: Client } = await import('ioredis')
  const client = clientOf({ Redis: Client }, access, () => null)
  try {
    await client.connect()
    for (let db = 0; db < DATABASES; db++) {
      await client.select(db)
      if ((await client.dbsize()) === 0) return db
    }
  } catch (error) {
    throw environmental(`cannot be asked: ${messageOf(error)}`, access)
  } finally {
    client.disconnect()
  }
  throw environmental(`has no empty database among its ${DATABASES}`, access)
}

function environmental(what: string, { host, port }: RedisAccess): AftershockError {
  return new AftershockError('environment', `the Redis at ${host}:${port} ${what}`, {
    exitCode: ExitCode.environment,
    hint: 'Processes that are not ours are given one of their own; --redis binary starts a server for it.',
  })
}

/** Deletes all that is in it; how many entries of lists and streams there were, or keys where there was none. */
export async function emptyDatabase(client: Redis): Promise<number> {
  const entries = await countEntries(client)
  await client.flushdb()
  return entries
}

async function countEntries(client: Redis): Promise<number> {
  let [entries, cursor] = [0, '0']
  do {
    const [next, keys] = await client.scan(cursor, 'COUNT', 1_000)
    for (const key of keys) {
      const type = await client.type(key)
      if (type === 'list') entries += await client.llen(key)
      if (type === 'stream') entries += await client.xlen(key)
    }
    cursor = next
  } while (cursor !== '0')
  return entries || (await client.dbsize())
}
