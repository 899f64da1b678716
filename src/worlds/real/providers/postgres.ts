// PostgreSQL: from an image, Debian's binaries, or by URL.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chownSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf } from '../../../base/errors.ts'
import type { User } from '../child.ts'
import { outputOf } from '../output-of.ts'
import { remedies } from '../remedies.ts'
import {
  CannotOpen,
  type Part,
  type PartContext,
  type PartOptions,
  type PartRecipe,
  type Preparation,
} from './part.ts'
import { probePostgres } from './postgres-probe.ts'
import { startPart } from './start.ts'

/** Resolves when it has given back what was written. Throws `PartError`; nothing is left running then. */
export function startPostgres(options: PartOptions, context: PartContext): Promise<Part> {
  return startPart(postgres, options, context)
}

const PORT = 5432
const FOUND = remedies(process.platform)
/** Debian keeps the programs of each version apart, and puts none of them on PATH. */
const DEBIAN = '/usr/lib/postgresql'

export const postgres: PartRecipe = {
  kind: 'database',
  title: 'PostgreSQL',
  scheme: 'postgres',
  auto: ['container', 'binary'],
  remedies: {
    container: `Add Docker: ${FOUND.docker}`,
    binary: `Add it: ${FOUND.postgres}`,
    url: 'Name one: AFTERSHOCK_DATABASE_URL=postgres://user@127.0.0.1:5432, with AFTERSHOCK_DATABASE_PASSWORD',
  },
  binaries: ['postgres'],
  image: 'docker.io/library/postgres:17.5',
  containerPort: PORT,
  folders: debianFolders,
  prepare: initialise,
  user: unprivileged,
  // Fast: SIGTERM would wait for whoever is still connected.
  stopSignal: 'SIGINT',

  newKeys: () => ({ accessKey: 'aftershock', secretKey: randomBytes(20).toString('hex') }),

  ofBinary: ({ host, port }, folder) => ({
    args: [
      ...['-D', join(folder, 'data'), '-h', host, '-p', String(port)],
      ...['-c', 'unix_socket_directories=', '-c', `max_connections=${MOST_CONNECTIONS}`],
    ],
    environment: {},
  }),

  ofContainer: ({ accessKey = '', secretKey = '' }) => ({
    args: ['postgres', '-c', `max_connections=${MOST_CONNECTIONS}`],
    environment: { POSTGRES_USER: accessKey, POSTGRES_PASSWORD: secretKey },
  }),

  async versionOfBinary(path, environment) {
    const told = await outputOf(path, ['--version'], environment)
    return `PostgreSQL ${/(\d[\d.]*)/.exec(told)?.[1] ?? ''}`.trim()
  },

  fromEnvironment: ({ AFTERSHOCK_DATABASE_URL: url, AFTERSHOCK_DATABASE_PASSWORD: secretKey }) => ({
    ...(url === undefined ? {} : { url }),
    ...(secretKey === undefined ? {} : { secretKey }),
  }),

  probe: probePostgres,
}

/** A pool of twenty for each of a dozen processes, and some for us. */
const MOST_CONNECTIONS = 300

/** The newest first. */
function debianFolders(): readonly string[] {
  try {
    return readdirSync(DEBIAN)
      .toSorted((a, b) => Number(b) - Number(a))
      .map((version) => join(DEBIAN, version, 'bin'))
  } catch {
    return []
  }
}

/** PostgreSQL refuses to run as root: its own user, or nobody, does. */
function unprivileged(): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new CannotOpen(
    'PostgreSQL does not run as root, and there is no user postgres or nobody',
    'Run this as another user, or add one: adduser --system postgres',
  )
}

/** A cluster of its own, with one user. The password is sent as it is: on loopback a costlier proof protects nobody. */
async function initialise(start: Preparation): Promise<void> {
  const { program, folder, logFile, environment, user, access } = start
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, access.secretKey ?? '', { mode: 0o600 })
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid)
  const args = [
    ...['-D', join(folder, 'data'), '-U', access.accessKey ?? '', '--pwfile', passwordFile],
    ...['--auth', 'password', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
  ]
  try {
    const { stdout, stderr } = await promisify(execFile)(
      join(dirname(realpathSync(program)), 'initdb'),
      args,
      {
        cwd: folder,
        env: { PATH: environment.PATH, HOME: folder },
        ...user,
      },
    )
    appendFileSync(logFile, stdout + stderr)
  } catch (error) {
    throw new CannotOpen(`no cluster could be made: ${messageOf(error)}`)
  }
}
