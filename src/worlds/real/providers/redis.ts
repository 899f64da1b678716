// Redis, or Valkey, which speaks as it does: from an image, a binary, or by URL.
import { randomBytes } from 'node:crypto'
import { outputOf } from '../output-of.ts'
import { remedies } from '../remedies.ts'
import type { Access, Part, PartContext, PartOptions, PartRecipe } from './part.ts'
import { probeRedis } from './redis-probe.ts'
import { startPart } from './start.ts'

export interface RedisPartOptions extends PartOptions {
  /** What it is told survives a crash. Default: nothing. */
  readonly persists?: boolean
}

/** Resolves when it has given back what was set. Throws `PartError`; nothing is left running then. */
export function startRedis(options: RedisPartOptions, context: PartContext): Promise<Part> {
  return startPart(options.persists === true ? persistent : redis, options, context)
}

const PORT = 6379
const FOUND = remedies(process.platform)

export const redis: PartRecipe = {
  kind: 'redis',
  title: 'Redis',
  scheme: 'redis',
  auto: ['container', 'binary'],
  remedies: {
    container: `Add Docker: ${FOUND.docker}`,
    binary: `Add it: ${FOUND.redis}`,
    url: 'Name one: AFTERSHOCK_REDIS_URL=redis://127.0.0.1:6379',
  },
  binaries: ['redis-server', 'valkey-server'],
  image: 'docker.io/library/redis:7.4.2',
  containerPort: PORT,

  // A password tells ours from another server that was quicker to take the port.
  newKeys: () => ({ secretKey: randomBytes(20).toString('hex') }),

  ofBinary: (access, folder) => ({
    args: settings({ ...access, folder }),
    environment: {},
  }),

  ofContainer: (access) => ({
    args: ['redis-server', ...settings({ ...access, folder: '/data' })],
    environment: {},
  }),

  async versionOfBinary(path, environment) {
    const told = await outputOf(path, ['--version'], environment)
    const [, name = 'Redis', version = ''] = /^(\w+) server v=(\S+)/.exec(told) ?? []
    return `${name} ${version}`.trim()
  },

  fromEnvironment: ({
    AFTERSHOCK_REDIS_IMAGE: image,
    AFTERSHOCK_REDIS_URL: url,
    AFTERSHOCK_REDIS_PASSWORD: secretKey,
  }) => ({
    ...(image === undefined ? {} : { image }),
    ...(url === undefined ? {} : { url }),
    ...(secretKey === undefined ? {} : { secretKey }),
  }),

  probe: probeRedis,
}

/** Every command is on disk before it is answered. */
const persistent: PartRecipe = {
  ...redis,
  ofBinary: (access, folder) => ({
    args: [...settings({ ...access, folder }), ...ON_DISK],
    environment: {},
  }),
  ofContainer: (access) => ({
    args: ['redis-server', ...settings({ ...access, folder: '/data' }), ...ON_DISK],
    environment: {},
  }),
}

/** Of two settings of one name the later counts. */
const ON_DISK = ['--appendonly', 'yes', '--appendfsync', 'always']

/** In memory alone: what is left of a run is of no use, and saving it would cost what is to be measured. */
function settings({ host, port, secretKey, folder }: Access & { readonly folder: string }) {
  return [
    ...['--bind', host, '--port', String(port)],
    ...['--requirepass', secretKey ?? ''],
    ...['--dir', folder, '--save', '', '--appendonly', 'no', '--daemonize', 'no'],
  ]
}
