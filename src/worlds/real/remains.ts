// What a run keeps on a server that is not ours: written down beforehand, so that a later start can take it away.
import { beforeAbort } from './before-abort.ts'
import { removeBucket, type StoreAccess } from './bucket.ts'
import { type DatabaseAccess, dropPlace, type PlaceKind } from './database/access.ts'
import type { Entry, Journal } from './journal.ts'
import type { RedisFor } from './redis/access.ts'
import { takeBack } from './redis/take-back.ts'

/** With the keys for its server, which has to be reached again: a journal is its owner's alone to read. */
export type Remains =
  | { readonly kind: 'bucket'; readonly store: StoreAccess; readonly bucket: string }
  | { readonly kind: PlaceKind; readonly database: DatabaseAccess; readonly name: string }
  | { readonly kind: 'redis'; readonly redis: RedisRemains; readonly settings: Settings }

export type RedisRemains = Omit<RedisFor, 'persists' | 'restarts' | 'onSetting'>
/** Of the server, by name, as they were before. */
export type Settings = Readonly<Record<string, string>>

/** Before it is made. What holds it is given back once it is gone. */
export type Hold = (remains: Remains) => Entry

export function holdIn(journal: Journal): Hold {
  return (remains) =>
    journal.hold(remains, () => {
      throw new Error('its server cannot be asked while a process ends')
    })
}

/** A server of somebody else's may be gone, or say nothing: whoever starts or ends would wait for it. */
const ANSWERS_WITHIN_MS = 3_000

/** Rejects where its server does not answer, or refuses. */
export function takeAway(remains: Remains): Promise<void> {
  return beforeAbort(ask(remains), AbortSignal.timeout(ANSWERS_WITHIN_MS))
}

async function ask(remains: Remains): Promise<void> {
  if (remains.kind === 'bucket') await removeBucket(remains.store, remains.bucket)
  else if (remains.kind === 'redis') await takeBack(remains.redis, remains.settings)
  else await dropPlace(remains.kind, remains.database, remains.name)
}

/** `bucket aftershock-… on http://127.0.0.1:9000`, without secrets. */
export function wordsForRemains(remains: Remains): string {
  if (remains.kind === 'bucket') return `bucket ${remains.bucket} on ${remains.store.endpoint}`
  if (remains.kind === 'redis') {
    const { host, port, prefix, isShared, db } = remains.redis
    const stays = isShared === true ? `; what its processes wrote stays in database ${db}` : ''
    return `keys and settings of ${prefix} on the Redis at ${host}:${port}${stays}`
  }
  const { host, port } = remains.database
  return `${remains.kind} ${remains.name} on the PostgreSQL at ${host}:${port}`
}
