// The arms of the contract of object stores: the embedded server, and MinIO, whose answers it claims to give.
import { startS3Server } from '../../src/worlds/real/s3/server.ts'
import {
  type Credentials,
  containerLacks,
  type Minio,
  minioLacks,
  startMinio,
  startMinioContainer,
} from './minio.ts'
import { KEY, S3Client } from './s3-client.ts'

export const BUCKET = 'images'

export interface Store extends AsyncDisposable {
  readonly client: S3Client
  readonly endpoint: string
}

export interface StoreArm {
  readonly name: string
  /** Why this machine cannot; undefined where it can. */
  readonly lacks: string | undefined
  /** With one bucket, empty; in no region, or in this one. */
  start(region?: string): Promise<Store>
}

export const stores: readonly StoreArm[] = [
  {
    name: 'the embedded server',
    lacks: undefined,
    async start(region) {
      const troubles: unknown[] = []
      const server = await startS3Server({
        clock: { now: () => Date.now() },
        credentials: KEY,
        buckets: [BUCKET],
        ...(region === undefined ? {} : { region }),
        onTrouble: (error) => troubles.push(error),
      })
      return {
        endpoint: server.url,
        client: new S3Client(server.url),
        async [Symbol.asyncDispose]() {
          await server[Symbol.asyncDispose]()
          if (troubles.length > 0) throw troubles[0]
        },
      }
    },
  },
  real('MinIO', minioLacks(), startMinio),
  real('MinIO in a container', containerLacks(), startMinioContainer),
]

function real(
  name: string,
  lacks: string | undefined,
  begin: (keys: Credentials, region?: string) => Promise<Minio>,
): StoreArm {
  return {
    name: lacks === undefined ? name : `${name} (skipped: ${lacks})`,
    lacks,
    async start(region = KEY.region) {
      const minio = await begin(KEY, region === KEY.region ? undefined : region)
      const client = new S3Client(minio.endpoint)
      await client.call('PUT', `/${BUCKET}`, { key: { ...KEY, region } })
      return {
        endpoint: minio.endpoint,
        client,
        [Symbol.asyncDispose]: () => minio[Symbol.asyncDispose](),
      }
    },
  }
}
