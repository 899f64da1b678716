// What templates say of Redis and the database: the proxies before them, and the place in them that is the run's own.
import { DATABASE_NAME, REDIS_NAME } from '../../world.ts'
import type { PartsFor } from '../used-parts.ts'

/** By the names that templates use; `portOf`: of the process' own proxy before a part, `host`: this machine. */
export function partAddresses(
  { redis, database }: PartsFor,
  portOf: (part: string) => number,
  host: string,
): Record<string, string> {
  return {
    ...(redis === undefined
      ? {}
      : {
          'redis.url': url(
            'redis',
            host,
            redis.username,
            redis.password,
            portOf(REDIS_NAME),
            redis.db,
          ),
          'redis.host': host,
          'redis.port': String(portOf(REDIS_NAME)),
          'redis.password': redis.password ?? '',
          'redis.db': String(redis.db ?? 0),
        }),
    ...(database === undefined
      ? {}
      : {
          'database.url': url(
            'postgresql',
            host,
            database.user,
            database.password,
            portOf(DATABASE_NAME),
            database.database,
          ),
          'database.host': host,
          'database.port': String(portOf(DATABASE_NAME)),
          'database.user': database.user ?? '',
          'database.password': database.password ?? '',
          'database.name': database.database,
        }),
  }
}

function url(
  scheme: string,
  host: string,
  user: string | undefined,
  password: string | undefined,
  port: number,
  place: string | number = 0,
): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`
  const who =
    user === undefined && secret === '' ? '' : `${encodeURIComponent(user ?? '')}${secret}@`
  return `${scheme}://${who}${host}:${port}/${place}`
}
