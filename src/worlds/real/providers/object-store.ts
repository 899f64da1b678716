// The object store: MinIO from an image or a binary, any S3 server by URL, or the one inside Aftershock.
import { randomBytes } from 'node:crypto'
import { findBinary } from '../find-binary.ts'
import type { Environment } from '../journal.ts'
import { outputOf } from '../output-of.ts'
import { remedies } from '../remedies.ts'
import { probeObjectStore } from './object-store-probe.ts'
import type { Part, PartContext, PartOptions, PartRecipe, StartEmbedded } from './part.ts'
import { startPart } from './start.ts'

export interface ObjectStoreOptions extends PartOptions {
  /** For `embedded`: the server is handed in, so that whoever does not need it does not load it. */
  readonly startEmbedded?: StartEmbedded
}

export type ObjectStorePart = Part & { readonly accessKey: string; readonly secretKey: string }

/** Resolves when it has taken, given and deleted an object. Throws `PartError`; nothing is left running then. */
export async function startObjectStore(
  options: ObjectStoreOptions,
  context: PartContext,
): Promise<ObjectStorePart> {
  const { startEmbedded } = options
  const part = await startPart({ ...objectStore, startEmbedded }, options, context)
  return { accessKey: '', secretKey: '', ...part }
}

const PORT = 9000
const FOUND = remedies(process.platform)

export const objectStore: PartRecipe = {
  kind: 'objects',
  title: 'object store',
  scheme: 'http',
  auto: ['container', 'binary', 'embedded'],
  remedies: {
    container: `Add Docker: ${FOUND.docker}`,
    binary: `Add MinIO: ${FOUND.minio}`,
    url: 'Name one: AFTERSHOCK_OBJECTS_URL=http://127.0.0.1:9000, with AFTERSHOCK_OBJECTS_ACCESS_KEY and AFTERSHOCK_OBJECTS_SECRET_KEY.',
  },
  binaries: ['minio'],
  // The last image that was made; Docker Hub no longer has any.
  image:
    'quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z@sha256:14cea493d9a34af32f524e538b8346cf79f3321eff8e708c1e2960462bd8936e',
  containerPort: PORT,

  newKeys: () => ({
    accessKey: `aftershock-${randomBytes(6).toString('hex')}`,
    secretKey: randomBytes(20).toString('hex'),
  }),

  ofBinary: ({ host, port, ...keys }, folder) => ({
    args: ['server', `${folder}/data`, '--address', `${host}:${port}`],
    environment: settings(keys),
  }),

  // Images of MinIO and its forks begin with the program itself, or with a script that adds it.
  ofContainer: ({ port, ...keys }) => ({
    args: ['server', '/data', '--address', `:${port}`],
    environment: settings(keys),
  }),

  async versionOfBinary(path, environment) {
    const told = await outputOf(path, ['--version'], environment)
    const release = /^\S+ version (\S+)/.exec(told)?.[1]
    // Built by `go install`, it does not know; its build information does.
    const built = release?.startsWith('RELEASE') ? undefined : await builtFrom(path, environment)
    return `MinIO ${built ?? release ?? ''}`.trim()
  },

  fromEnvironment: ({
    AFTERSHOCK_OBJECTS_IMAGE: image,
    AFTERSHOCK_OBJECTS_URL: url,
    AFTERSHOCK_OBJECTS_ACCESS_KEY: accessKey,
    AFTERSHOCK_OBJECTS_SECRET_KEY: secretKey,
  }) => ({
    ...(image === undefined ? {} : { image }),
    ...(url === undefined ? {} : { url }),
    ...(accessKey === undefined ? {} : { accessKey }),
    ...(secretKey === undefined ? {} : { secretKey }),
  }),

  probe: probeObjectStore,
}

function settings(keys: { readonly accessKey?: string; readonly secretKey?: string }) {
  return {
    MINIO_ROOT_USER: keys.accessKey ?? '',
    MINIO_ROOT_PASSWORD: keys.secretKey ?? '',
    MINIO_BROWSER: 'off',
    MINIO_UPDATE: 'off',
  }
}

async function builtFrom(path: string, environment: Environment): Promise<string | undefined> {
  const go = findBinary(['go'], environment)
  if (go === undefined) return undefined
  return /^\s*mod\s+\S+\s+(\S+)/m.exec(
    await outputOf(go, ['version', '-m', path], environment),
  )?.[1]
}
