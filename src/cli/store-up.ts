// Starts the object store of the real world as the flags say, and tells how it is reached and ended.
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { columns } from '../reporters/text.ts'
import type { StoreUp } from '../run/real-executor.ts'
import { Parts, readProvider } from '../worlds/real/parts.ts'
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
  const { provider, endpoint, accessKey, secretKey, version, exited } = store
  const owned = stack.move()
  return {
    describe: `${provider}, ${version}`,
    endpoint,
    accessKey,
    secretKey,
    isOurs: provider !== 'url',
    endsWithUs: provider === 'embedded',
    exited,
    keeping: parts.keeping,
    keep: () => parts.keep(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
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
