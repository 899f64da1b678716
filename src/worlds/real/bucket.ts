// A bucket of a run's own: made before it, emptied and removed after it.
import type { Client } from 'minio'
import { beforeAbort } from './before-abort.ts'
import { freshName, isOwnName } from './own-name.ts'
import type { StoreFor } from './protocol.ts'
import type { Hold } from './remains.ts'

/** A store that a run is given, with the keys for it. */
export type StoreAccess = Pick<StoreFor, 'endpoint' | 'accessKey' | 'secretKey'>

export interface Bucket {
  readonly access: StoreFor
  /** After one of the signals it goes on for a moment, or not at all where the store `ends` anyway. False: it is left. */
  remove(hurry: readonly AbortSignal[], ends: boolean): Promise<boolean>
  /** It stays, and is no longer ours. */
  keep(): void
}

/** Whoever interrupts waits for this. */
const HURRIED_MS = 2_000

const REGION = 'us-east-1'
/** One request removes at most so many. */
const MOST_KEYS = 1_000

/** `hold` writes it down first, where the store stays when all that is ours is gone. */
export async function openBucket(store: StoreAccess, hold: Hold | undefined): Promise<Bucket> {
  const { endpoint, accessKey, secretKey } = store
  const access = { endpoint, accessKey, secretKey }
  const client = await clientOf(access)
  const bucket = freshName()
  const entry = hold?.({ kind: 'bucket', store: access, bucket })
  try {
    await client.makeBucket(bucket, REGION)
  } catch (error) {
    entry?.giveBack()
    throw error
  }
  return {
    access: { ...access, bucket, region: REGION },
    async remove(hurry, ends) {
      using over = deadlineAfter(AbortSignal.any([...hurry]), ends ? 0 : HURRIED_MS)
      const isGone = await beforeAbort(emptyAndRemove(client, bucket), over.signal).then(
        () => true,
        () => false,
      )
      if (isGone) entry?.giveBack()
      return isGone
    },
    keep: () => entry?.giveBack(),
  }
}

/** Of an earlier run. Never one that is not named as ours are. */
export async function removeBucket(store: StoreAccess, bucket: string): Promise<void> {
  if (!isOwnName(bucket)) throw new Error('it is no bucket of ours')
  const client = await clientOf(store)
  if (await client.bucketExists(bucket)) await emptyAndRemove(client, bucket)
}

async function clientOf({ endpoint, accessKey, secretKey }: StoreAccess): Promise<Client> {
  const minio = await import('minio')
  const { hostname, port, protocol } = new URL(endpoint)
  return new minio.Client({
    endPoint: hostname,
    port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port),
    useSSL: protocol === 'https:',
    accessKey,
    secretKey,
    region: REGION,
    pathStyle: true,
  })
}

async function emptyAndRemove(client: Client, bucket: string): Promise<void> {
  let keys: string[] = []
  for await (const { name } of client.listObjectsV2(bucket, '', true)) {
    if (typeof name === 'string') keys.push(name)
    if (keys.length === MOST_KEYS) {
      await client.removeObjects(bucket, keys)
      keys = []
    }
  }
  if (keys.length > 0) await client.removeObjects(bucket, keys)
  await client.removeBucket(bucket)
}

function deadlineAfter(signal: AbortSignal, withinMs: number) {
  const over = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const begin = () => {
    timer = setTimeout(() => over.abort(), withinMs)
  }
  signal.addEventListener('abort', begin)
  if (signal.aborted) begin()
  return {
    signal: over.signal,
    [Symbol.dispose]() {
      signal.removeEventListener('abort', begin)
      clearTimeout(timer)
    },
  }
}
