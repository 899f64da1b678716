// What templates say of Redis and the database: the proxies before them, and the place in them that is the run's own.
import { DATABASE_NAME, REDIS_NAME } from '../../world.ts'
import type { PartsFor } from '../used-parts.ts'

const HOST = '127.0.0.1'

/** By the names that templates use; `portOf`: of the process' own proxy before a part. */
export function partAddresses(
  { redis, database }: PartsFor,
  portOf: (part: string) => number,
): Record<string, string> {
  return {
    ...(redis === undefined
      ? {}
      : {
          'redis.url': url('redis', redis.username, redis.password, portOf(REDIS_NAME), redis.db),
          'redis.host': HOST,
          'redis.port': String(portOf(REDIS_NAME)),
          'redis.password': redis.password ?? '',
          'redis.db': String(redis.db ?? 0),
        }),
    ...(database === undefined
      ? {}
      : {
          'database.url': url(
            'postgresql',
            database.user,
            database.password,
            portOf(DATABASE_NAME),
            database.database,
          ),
          'database.host': HOST,
          'database.port': String(portOf(DATABASE_NAME)),
          'database.user': database.user ?? '',
          'database.password': database.password ?? '',
          'database.name': database.database,
        }),
  }
}

function url(
  scheme: string,
  user: string | undefined,
  password: string | undefined,
  port: number,
  place: string | number = 0,
): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`
  const who =
    user === undefined && secret === '' ? '' : `${encodeURIComponent(user ?? '')}${secret}@`
  return `${scheme}://${who}${HOST}:${port}/${place}`
}
