// A bucket of a run's own: made before it, emptied and removed after it.
import { beforeAbort } from './before-abort.ts'
import type { StoreFor } from './protocol.ts'

export interface Bucket {
  readonly access: StoreFor
  /** After one of the signals it goes on for a moment, or not at all where the store `ends` anyway. False: it is left. */
  remove(hurry: readonly AbortSignal[], ends: boolean): Promise<boolean>
}

/** Whoever interrupts waits for this. */
const HURRIED_MS = 2_000

const REGION = 'us-east-1'
/** One request removes at most so many. */
const MOST_KEYS = 1_000

export async function openBucket(store: {
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
}): Promise<Bucket> {
  const { Client } = await import('minio')
  const { endpoint, accessKey, secretKey } = store
  const { hostname, port, protocol } = new URL(endpoint)
  const client = new Client({
    endPoint: hostname,
    port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port),
    useSSL: protocol === 'https:',
    accessKey,
    secretKey,
    region: REGION,
    pathStyle: true,
  })
  const bucket = `aftershock-${crypto.randomUUID()}`
  await client.makeBucket(bucket, REGION)
  const empty = async () => {
    let keys: string[] = []
    for await (const { name } of client.listObjectsV2(bucket, '', true)) {
      if (typeof name === 'string') keys.push(name)
      if (keys.length === MOST_KEYS) {
        await client.removeObjects(bucket, keys)
        keys = []
      }
    }
    if (keys.length > 0) await client.removeObjects(bucket, keys)
  }
  return {
    access: { endpoint, accessKey, secretKey, bucket, region: REGION },
    async remove(hurry, ends) {
      using over = deadlineAfter(AbortSignal.any([...hurry]), ends ? 0 : HURRIED_MS)
      const removal = empty().then(() => client.removeBucket(bucket))
      return await beforeAbort(removal, over.signal).then(
        () => true,
        () => false,
      )
    },
  }
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
