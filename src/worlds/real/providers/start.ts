// Starts a part: by the provider asked for, or by the first of several that can.
import { mkdirSync } from 'node:fs'
import { AftershockError, ExitCode, messageOf } from '../../../base/errors.ts'
import { findBinary } from '../find-binary.ts'
import { lastLines, quoted } from '../log-tail.ts'
import { openBinary } from './binary.ts'
import { openContainer } from './container.ts'
import { openEmbedded } from './embedded.ts'
import {
  type Access,
  CannotOpen,
  NotReady,
  type Open,
  type Opened,
  type Part,
  type PartContext,
  PartError,
  type PartOptions,
  type PartRecipe,
  type PassedOver,
  type ProviderName,
} from './part.ts'
import { untilReady } from './ready.ts'
import { hintFor } from './symptoms.ts'
import { openUrl } from './url.ts'

const PROVIDERS: Readonly<Record<ProviderName, Open>> = {
  container: openContainer,
  binary: openBinary,
  url: openUrl,
  embedded: openEmbedded,
}

/** For an image that nobody asked for; `container` waits longer. */
const PATIENCE_MS = 60_000

/** Ready when it resolves. Where it rejects, nothing is left running. */
export async function startPart(
  recipe: PartRecipe,
  options: PartOptions,
  context: PartContext,
): Promise<Part> {
  // Who names a server of theirs means it.
  const hasUrl = recipe.fromEnvironment(context.environment).url !== undefined
  const provider = options.provider === 'auto' && hasUrl ? 'url' : options.provider
  if (provider !== 'auto') return startAgain(provider, recipe, options, context, [])
  const passedOver: PassedOver[] = []
  // An image that has to be fetched first is no shortcut: a server that is here already is taken before it.
  const isHere = findBinary(recipe.binaries, context.environment) !== undefined
  const pullMs = isHere ? 0 : Math.min(context.limits.pullMs, PATIENCE_MS)
  const hasty = { ...context, limits: { ...context.limits, pullMs } }
  for (const candidate of recipe.auto) {
    try {
      return await startAgain(candidate, recipe, options, hasty, passedOver)
    } catch (error) {
      if (!(error instanceof PartError)) throw error
      passedOver.push({ provider: candidate, why: error.why })
    }
  }
  throw noneFor(recipe, passedOver)
}

/** A free port can be taken by somebody else before the server has it. */
const MOST_PORTS = 3
const PORT_TAKEN = /address already in use/i

async function startAgain(...given: Parameters<typeof startWith>): Promise<Part> {
  const [, , { port }] = given
  for (let left = MOST_PORTS; ; left--) {
    try {
      return await startWith(...given)
    } catch (error) {
      const isTaken = error instanceof PartError && PORT_TAKEN.test(error.why)
      if (!isTaken || port !== undefined || left === 1) throw error
    }
  }
}

async function startWith(
  provider: ProviderName,
  recipe: PartRecipe,
  options: PartOptions,
  context: PartContext,
  passedOver: readonly PassedOver[],
): Promise<Part> {
  const { signal, limits } = context
  await using stack = new AsyncDisposableStack()
  let opened: Opened | undefined
  try {
    signal?.throwIfAborted()
    mkdirSync(context.logFolder, { recursive: true })
    opened = stack.use(await PROVIDERS[provider](recipe, options, context))
    const { access, ended } = opened
    const endpoint = endpointOf(recipe, access)
    const said = await untilReady({
      probe: (over) => recipe.probe(access, over),
      withinMs: limits.readyMs,
      ended,
      signal,
      onPatience: (why) => context.say?.(`waiting for the ${recipe.title} at ${endpoint}: ${why}`),
    })
    const version = await opened.version(said)
    return partOf(provider, recipe, opened, version, passedOver, stack.move())
  } catch (error) {
    if (signal?.aborted === true) throw interrupted(recipe)
    if (error instanceof AftershockError || !isExpected(error)) throw error
    throw failed(error, provider, recipe, opened)
  }
}

function partOf(
  provider: ProviderName,
  recipe: PartRecipe,
  opened: Opened,
  version: string,
  passedOver: readonly PassedOver[],
  owned: AsyncDisposableStack,
): Part {
  const { access, by, logFile, ended } = opened
  const { accessKey, secretKey } = access
  const endpoint = endpointOf(recipe, access)
  return {
    kind: recipe.kind,
    provider,
    endpoint,
    access,
    ...(accessKey === undefined ? {} : { accessKey }),
    ...(secretKey === undefined ? {} : { secretKey }),
    version,
    describe: `${recipe.title}: ${version === '' ? 'version unknown' : version}, ${by}, ${endpoint}`,
    ...(logFile === undefined ? {} : { logFile }),
    passedOver: [...passedOver],
    exited: ended.then((how) =>
      how === undefined
        ? undefined
        : new PartError(recipe, provider, `it ended ${how} during the run${logOf(opened)}`),
    ),
    keep: () => opened.keep(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const ELSEWHERE = '`aftershock doctor` shows what else this machine has.'

function failed(
  error: unknown,
  provider: ProviderName,
  recipe: PartRecipe,
  opened: Opened | undefined,
): PartError {
  const log = opened?.logFile === undefined ? [] : lastLines(opened.logFile)
  const told = error instanceof CannotOpen || error instanceof NotReady ? error.hint : undefined
  const hint = told ?? hintFor([messageOf(error), ...log])
  const why =
    opened === undefined
      ? messageOf(error)
      : `${placeOf(recipe, opened)}: ${messageOf(error)}${logOf(opened)}`
  return new PartError(recipe, provider, why, hint ?? ELSEWHERE)
}

/** The environment's, that is to say: what a provider or a server said, or what the system refused. */
function isExpected(error: unknown): boolean {
  if (error instanceof CannotOpen || error instanceof NotReady) return true
  return error instanceof Error && 'syscall' in error
}

function noneFor({ title, remedies }: PartRecipe, tried: readonly PassedOver[]): AftershockError {
  const lines = tried.map(({ provider, why }) => `  ${provider}: ${why}`)
  return new AftershockError('part', [`no ${title} could be started`, ...lines].join('\n'), {
    exitCode: ExitCode.environment,
    hint: tried.map(({ provider }) => remedies[provider] ?? '').join('\n  '),
  })
}

function interrupted({ title }: PartRecipe): AftershockError {
  return new AftershockError('interrupted', `${title}: interrupted while it was starting`, {
    exitCode: ExitCode.interrupted,
  })
}

function placeOf(recipe: PartRecipe, { access, by }: Opened): string {
  const endpoint = endpointOf(recipe, access)
  return by === 'url' ? endpoint : `${by} at ${endpoint}`
}

function logOf({ logFile }: Opened): string {
  return logFile === undefined ? '' : quoted(logFile)
}

function endpointOf({ scheme }: PartRecipe, { host, port, tls }: Access): string {
  return `${scheme}${tls ? 's' : ''}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
