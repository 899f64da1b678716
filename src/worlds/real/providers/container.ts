// Provider `container`: a server from an image, published on a free port of this machine.
import { randomUUID } from 'node:crypto'
import { messageOf } from '../../../base/errors.ts'
import { beforeAbort } from '../before-abort.ts'
import { LABEL } from '../containers.ts'
import { lastLines, quoted } from '../log-tail.ts'
import {
  type Access,
  CannotOpen,
  type Open,
  type PartContext,
  type PartOptions,
  type PartRecipe,
} from './part.ts'

export const openContainer: Open = async (recipe, options, context) => {
  const { containers, journal, limits, logFolder, say } = context
  const runtime = await runtimeOf(recipe, context)
  const image = imageOf(recipe, options, context)
  await haveImage(image, recipe, context)

  const keys = recipe.newKeys()
  const port = options.container?.port ?? recipe.containerPort
  const inside: Access = { host: '0.0.0.0', port, tls: false, ...keys }
  const command = recipe.ofContainer(inside)
  const logFile = `${logFolder}/${recipe.kind}.log`
  const id = randomUUID()
  const label = `${LABEL}=${id}`
  await using stack = new AsyncDisposableStack()
  const entry = journal.hold({ kind: 'container', label }, () => containers.removeAtExit(label))
  stack.defer(async () => {
    try {
      await containers.remove(label)
      entry.giveBack()
    } catch (error) {
      say?.(`container ${label} is left for the next start to remove: ${messageOf(error)}`)
    }
  })
  const running = await containers
    .run({
      image,
      command: options.container?.command ?? command.args,
      environment: { ...command.environment, ...options.container?.environment },
      port,
      ...(options.port === undefined ? {} : { hostPort: options.port }),
      labels: {
        [LABEL]: id,
        'aftershock.part': recipe.kind,
        'aftershock.owner': String(process.pid),
      },
      logFile,
    })
    .catch((error: unknown) => {
      const said = lastLines(logFile).length === 0 ? '' : quoted(logFile)
      throw new CannotOpen(`${image}: ${messageOf(error).trim()}${said}`)
    })

  let isAsked = false
  stack.defer(() => {
    isAsked = true
    // One that will not stop is removed all the same.
    return running.stop(limits.stopMs).catch(() => {})
  })
  const owned = stack.move()
  return {
    access: { ...inside, host: running.host, port: running.port },
    by: `container of ${image}, ${runtime}`,
    logFile,
    ended: running.ended
      .catch((error: unknown) => `with its runtime: ${messageOf(error)}`)
      .then((how) => (isAsked ? undefined : how)),
    version: async (said) => `${said} ${running.digest}`.trim(),
    keep() {
      isAsked = true
      entry.giveBack()
      owned.move()
      return [`docker rm -f -v ${running.id.slice(0, 12)}`]
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** As an option has it, a variable, or as it usually is. */
export function imageOf(
  recipe: PartRecipe,
  options: Pick<PartOptions, 'image'>,
  { environment }: Pick<PartContext, 'environment'>,
): string {
  return options.image ?? recipe.fromEnvironment(environment).image ?? recipe.image
}

async function runtimeOf({ remedies }: PartRecipe, { containers }: PartContext): Promise<string> {
  try {
    return await containers.version()
  } catch (error) {
    throw new CannotOpen(`no Docker answers: ${messageOf(error)}`, remedies.container)
  }
}

/** An image that is here is taken as it is, so that a machine without a registry needs none. */
async function haveImage(
  image: string,
  { kind }: PartRecipe,
  { containers, limits, say, signal }: PartContext,
): Promise<void> {
  const overdue = AbortSignal.timeout(limits.pullMs)
  const over = signal === undefined ? overdue : AbortSignal.any([overdue, signal])
  try {
    if (await containers.has(image)) return
    if (limits.pullMs === 0) throw new Error('a server that is here is taken before it')
    say?.(`pulling ${image}`)
    await beforeAbort(containers.pull(image), over)
  } catch (error) {
    const why =
      overdue.aborted && limits.pullMs > 0
        ? `not whole within ${limits.pullMs / 1_000} s`
        : messageOf(error).trim()
    throw new CannotOpen(
      `image ${image} is not here and cannot be pulled: ${why}`,
      `Fetch it where that is possible (docker pull ${image}), or let AFTERSHOCK_${kind.toUpperCase()}_IMAGE name one that is here.`,
    )
  }
}
