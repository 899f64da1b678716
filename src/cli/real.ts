// What the command line brings to the real world: its speed, its parts, and what it refuses before they start.
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BadInputError } from '../base/errors.ts'
import { RealExecutor, type StoreUp } from '../run/real-executor.ts'
import { refuseImpossible } from '../run/real-refusals.ts'
import { Parts, readProvider } from '../worlds/real/parts.ts'
import { type Environment, usageError } from './complain.ts'
import type { Flags } from './flags.ts'
import type { Order } from './orders.ts'

export function realExecutor(
  flags: Flags,
  orders: readonly Order[],
  environment: Environment,
  signal: AbortSignal,
): RealExecutor {
  if (flags.checkDeterminism)
    throw usageError('--check-determinism: the real world is not deterministic; leave --world out')
  if (flags.events !== undefined && flags.world === 'both')
    throw usageError('--events: with --world both, two histories would come mixed; run one world')
  readProvider('--objects', flags.objects)
  refuseAll(orders, flags)
  return new RealExecutor({
    speed: flags.speed,
    startStore: () => startStore(flags, environment, signal),
    say: (line) => void process.stderr.write(`${line}\n`),
  })
}

function refuseAll(orders: readonly Order[], flags: Flags): void {
  const wrong: string[] = []
  for (const { scenario, variants } of orders)
    for (const variant of variants)
      try {
        refuseImpossible(scenario.file, scenario.resolve(variant, flags.brief), flags.speed)
      } catch (error) {
        if (!(error instanceof BadInputError)) throw error
        if (!wrong.includes(error.message)) wrong.push(error.message)
      }
  if (wrong.length > 0) throw new BadInputError(wrong.join('\n'))
}

/** Started for all runs of a command, given back with them. */
async function startStore(
  flags: Flags,
  environment: Environment,
  signal: AbortSignal,
): Promise<StoreUp> {
  const stack = new AsyncDisposableStack()
  const say = (line: string) => {
    if (!flags.quiet) process.stderr.write(`${line}\n`)
  }
  try {
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
    const { provider, endpoint, accessKey, secretKey, version, exited } = await parts.objectStore({
      ...readProvider('--objects', flags.objects),
      ...(flags.objectsImage === undefined ? {} : { image: flags.objectsImage }),
      startEmbedded,
    })
    return {
      describe: `${provider}, ${version}`,
      endpoint,
      accessKey,
      secretKey,
      isOurs: provider !== 'url',
      exited,
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

/** `20251113T112217Z`: no character that file systems or artifact stores refuse. */
async function logFolder(): Promise<string> {
  const now = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  const folder = join('reports', 'parts', `${now}Z-${process.pid}`)
  await mkdir(folder, { recursive: true })
  return folder
}

/** The server inside Aftershock, loaded only where it is wanted. */
async function startEmbedded() {
  const { startS3Server } = await import('../worlds/real/s3/server.ts')
  const credentials = { accessKey: 'aftershock', secretKey: randomUUID() }
  const server = await startS3Server({ clock: { now: () => Date.now() }, credentials })
  return {
    url: server.url,
    ...credentials,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
