// The parts beside the object store that a run is given: what its pipeline uses, started once, a place of its own on each.

import { type DatabaseAccess, openPlace } from '../worlds/real/database/access.ts'
import { freshName } from '../worlds/real/own-name.ts'
import type { RedisFor } from '../worlds/real/redis/access.ts'
import { ownDatabase } from '../worlds/real/redis/own-database.ts'
import { type Hold, takeAway } from '../worlds/real/remains.ts'
import type { PartsFor } from '../worlds/real/used-parts.ts'
import type { PartsUsed } from '../worlds/world.ts'
import { DATABASE_NAME, REDIS_NAME } from '../worlds/world.ts'

/** A server that is up. */
export interface PartUp {
  /** Which provider and what of it, in words, with version or digest. */
  readonly describe: string
  /** Of one that is not ours. */
  readonly hold?: Hold | undefined
}

export interface PartsUp {
  redis(
    persists: boolean,
  ): Promise<PartUp & { readonly access: Omit<RedisFor, 'prefix' | 'persists'> }>
  database(): Promise<PartUp & { readonly access: DatabaseAccess }>
}

export interface Given extends AsyncDisposable {
  readonly parts: PartsFor
  /** Per part. */
  readonly describe: Readonly<Record<string, string>>
}

/** For one run. */
export async function giveParts(uses: PartsUsed, up: PartsUp): Promise<Given> {
  await using stack = new AsyncDisposableStack()
  const redis = uses.redis === undefined ? undefined : await up.redis(uses.redis.persists)
  const database = uses.database === undefined ? undefined : await up.database()
  const kind = uses.areShared === true ? 'database' : 'schema'
  const place =
    database === undefined
      ? undefined
      : stack.use(await openPlace(kind, database.access, database.hold))
  const own =
    redis === undefined || uses.areShared !== true
      ? {}
      : ({ isShared: true, db: await ownDatabase(redis.access) } as const)
  const prefix = freshName()
  const onSetting =
    redis?.hold === undefined ? undefined : holdRedis(redis.hold, redis.access, own, prefix, stack)
  const owned = stack.move()
  return {
    parts: {
      ...(redis === undefined
        ? {}
        : {
            redis: {
              ...redis.access,
              ...own,
              prefix,
              persists: uses.redis?.persists ?? true,
              onSetting,
            },
          }),
      ...(place === undefined ? {} : { database: place.access }),
    },
    describe: {
      ...(redis === undefined ? {} : { [REDIS_NAME]: redis.describe }),
      ...(database === undefined ? {} : { [DATABASE_NAME]: database.describe }),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Until the run is over. Returns whom to tell what the server was set to. */
function holdRedis(
  hold: Hold,
  { restarts: _, ...access }: Omit<RedisFor, 'prefix' | 'persists'>,
  own: Pick<RedisFor, 'isShared' | 'db'>,
  prefix: string,
  stack: AsyncDisposableStack,
): (name: string, before: string) => void {
  const redis = { ...access, ...own, prefix }
  const settings: Record<string, string> = {}
  const remains = { kind: 'redis', redis, settings } as const
  const entry = hold(remains)
  // The run has tidied up by then, if it could reach the server; where it cannot be reached now, a later start does.
  stack.defer(() =>
    takeAway(remains).then(
      () => entry.giveBack(),
      () => {},
    ),
  )
  return (name, before) => {
    settings[name] = before
    entry.change(remains)
  }
}
