// Starts the object store of the real world as the flags say, and tells how it is reached and ended.
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { columns } from '../reporters/text.ts'
import type { PartsUp } from '../run/parts-up.ts'
import type { StoreUp } from '../run/real-executor.ts'
import { Parts, readProvider } from '../worlds/real/parts.ts'
import type { Part } from '../worlds/real/providers/part.ts'
import { DATABASE } from '../worlds/real/providers/postgres-probe.ts'
import { type Hold, holdIn } from '../worlds/real/remains.ts'
import type { Environment } from './complain.ts'
import type { Flags } from './flags.ts'

/** A line of its own on standard error, unless the command is to be quiet. */
export function saying({ quiet }: Pick<Flags, 'quiet'>): (line: string) => void {
  return (line) => void (quiet || process.stderr.write(`${line}\n`))
}

/** Ready when it resolves; what earlier runs had left is removed first. */
export async function startStore(
  flags: Flags,
  environment: Environment,
  signal: AbortSignal,
): Promise<StoreUp> {
  const say = saying(flags)
  await using stack = new AsyncDisposableStack()
  const parts = stack.use(
    await Parts.open({
      logFolder: await logFolder(),
      environment,
      allowedTargets: flags.allowTarget ?? [],
      signal,
      say,
    }),
  )
  for (const what of parts.swept.removed) say(`removed what an earlier run had left: ${what}`)
  for (const what of parts.swept.left) say(`left by an earlier run, and still there: ${what}`)
  const store = await parts.objectStore({
    ...readProvider('--objects', flags.objects),
    ...(flags.objectsImage === undefined ? {} : { image: flags.objectsImage }),
    startEmbedded,
  })
  const { provider, endpoint, accessKey, secretKey, version } = store
  const { promise: exited, resolve: end } = Promise.withResolvers<Error | undefined>()
  const watch = ({ exited: of }: Part) => void of.then((error) => error !== undefined && end(error))
  watch(store)
  const beside = partsBeside(flags, parts, watch)
  const owned = stack.move()
  return {
    describe: `${provider}, ${version}`,
    endpoint,
    accessKey,
    secretKey,
    isOurs: provider !== 'url',
    hold: holdFor(store, parts),
    endsWithUs: provider === 'embedded',
    exited,
    beside,
    keeping: parts.keeping,
    keep: () => parts.keep(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Each started once, by the first run that needs it; a Redis that persists is another than one that does not. */
function partsBeside(
  { redis, database }: Flags,
  parts: Parts,
  watch: (part: Part) => void,
): PartsUp {
  const started = new Map<string, Promise<Part>>()
  const once = async (name: string, start: () => Promise<Part>) => {
    const before = started.get(name)
    if (before !== undefined) return before
    const starting = start()
    started.set(name, starting)
    watch(await starting)
    return starting
  }
  const describe = ({ provider, version }: Part) => `${provider}, ${version}`
  return {
    async redis(persists) {
      const options = { ...readProvider('--redis', redis), persists }
      const part = await once(`redis ${persists}`, () => parts.redis(options))
      const { access, restarts } = part
      const { host, port, accessKey: username, secretKey: password } = access
      return {
        describe: describe(part),
        hold: holdFor(part, parts),
        access: {
          host,
          port,
          restarts,
          ...(username === undefined ? {} : { username }),
          ...(password === undefined ? {} : { password }),
        },
      }
    },
    async database() {
      const options = readProvider('--database', database)
      const part = await once('database', () => parts.database(options))
      const { host, port, accessKey: user, secretKey: password } = part.access
      return {
        describe: describe(part),
        hold: holdFor(part, parts),
        access: {
          host,
          port,
          database: DATABASE,
          ...(user === undefined ? {} : { user }),
          ...(password === undefined ? {} : { password }),
        },
      }
    },
  }
}

/** What is put on a server of the user's is written down; what is ours takes it along. */
function holdFor({ provider }: Part, { keeping }: Parts): Hold | undefined {
  return provider === 'url' ? holdIn(keeping.journal) : undefined
}

/** How a store is reached, and what adds up to a shell's settings for it. */
export function accessLines({ endpoint, accessKey, secretKey }: StoreUp): string[] {
  return columns([
    ['address', endpoint],
    ['access key', accessKey],
    ['secret key', secretKey],
  ])
}

/** `20251113T112217Z`: no character that file systems or artifact stores refuse. */
async function logFolder(): Promise<string> {
  const now = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  const folder = join('reports', 'parts', `${now}Z-${process.pid}`)
  await mkdir(resolve(folder), { recursive: true })
  return folder
}

/** The server inside Aftershock, loaded only where it is wanted. */
async function startEmbedded() {
  const { startS3Thread } = await import('../worlds/real/s3/in-a-thread.ts')
  return startS3Thread({ accessKey: 'aftershock', secretKey: randomUUID() })
}
