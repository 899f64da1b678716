// The parts beside the object store that a run is given: what its pipeline uses, started once, a place of its own on each.

import type { DatabaseAccess } from '../worlds/real/database/access.ts'
import { openDatabase, openSchema } from '../worlds/real/database/access.ts'
import { freshPrefix, type RedisFor } from '../worlds/real/redis/access.ts'
import { ownDatabase } from '../worlds/real/redis/own-database.ts'
import type { PartsFor } from '../worlds/real/used-parts.ts'
import type { PartsUsed } from '../worlds/world.ts'
import { DATABASE_NAME, REDIS_NAME } from '../worlds/world.ts'

/** A server that is up. */
export interface PartUp {
  /** Which provider and what of it, in words, with version or digest. */
  readonly describe: string
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
  const openPlace = uses.areShared === true ? openDatabase : openSchema
  const place = database === undefined ? undefined : stack.use(await openPlace(database.access))
  const own =
    redis === undefined || uses.areShared !== true
      ? {}
      : ({ isShared: true, db: await ownDatabase(redis.access) } as const)
  const prefix = freshPrefix()
  const owned = stack.move()
  return {
    parts: {
      ...(redis === undefined
        ? {}
        : { redis: { ...redis.access, ...own, prefix, persists: uses.redis?.persists ?? true } }),
      ...(place === undefined ? {} : { database: place.access }),
    },
    describe: {
      ...(redis === undefined ? {} : { [REDIS_NAME]: redis.describe }),
      ...(database === undefined ? {} : { [DATABASE_NAME]: database.describe }),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
