// Provider `binary`: a server found on this machine, started on a free port in a temporary folder.
import { chownSync } from 'node:fs'
import { type Child, startChild } from '../child.ts'
import { findBinary, isProgram, ownPrograms } from '../find-binary.ts'
import { freePort, isFree } from '../free-port.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import {
  type Access,
  CannotOpen,
  type Open,
  type PartContext,
  type PartOptions,
  type PartRecipe,
} from './part.ts'
import { untilReady } from './ready.ts'

export const openBinary: Open = async (recipe, options, context) => {
  const path = programOf(recipe, options, context)
  const access: Access = {
    host: '127.0.0.1',
    port: await portFor(options.port),
    tls: false,
    ...recipe.newKeys(),
  }
  const { environment, journal, limits, logFolder } = context
  const logFile = `${logFolder}/${recipe.kind}.log`
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder(recipe.kind, journal))
  const user = recipe.user?.()
  if (user !== undefined) chownSync(folder.path, user.uid, user.gid)
  const start = { program: path, access, folder: folder.path, logFile, environment, user }
  await recipe.prepare?.(start)
  const command = recipe.ofBinary(access, folder.path)
  const spec = {
    command: path,
    args: command.args,
    // What a server finds in the user's environment could make another one of it.
    environment: { PATH: environment.PATH, HOME: folder.path, ...command.environment },
    folder: folder.path,
    logFile,
    stopWithinMs: limits.stopMs,
    ...(user === undefined ? {} : { user }),
    ...(recipe.stopSignal === undefined ? {} : { stopSignal: recipe.stopSignal }),
  }
  const { promise: ended, resolve: end } = Promise.withResolvers<string | undefined>()
  let child: Child
  const begin = async () => {
    const begun = await startChild(spec, journal)
    void begun.ended.then((how) => how !== undefined && end(how))
    child = begun
  }
  await begin()
  stack.defer(async () => {
    await child[Symbol.asyncDispose]()
    end(undefined)
  })
  const owned = stack.move()
  return {
    access,
    by: `binary ${path}`,
    logFile,
    ended,
    restarts: {
      halt: () => child.kill(),
      async resume() {
        await begin()
        await untilReady({
          probe: (over) => recipe.probe(access, over),
          withinMs: limits.readyMs,
          ended,
        })
      },
    },
    version: async (said) =>
      /\d/.test(said) ? said : await recipe.versionOfBinary(path, environment),
    keep() {
      child.keep()
      folder.keep()
      return [`kill ${child.pid}`, `rm -r ${folder.path}`]
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function programOf(recipe: PartRecipe, { binary }: PartOptions, context: PartContext): string {
  const { binaries, remedies } = recipe
  const more = recipe.folders?.() ?? []
  if (binary !== undefined) {
    if (isProgram(binary)) return binary
    throw new CannotOpen(`${binary} is no program`, remedies.binary)
  }
  const found = findBinary(binaries, context.environment, more)
  if (found !== undefined) return found
  const names = binaries.length === 1 ? `no ${binaries[0]}` : `neither ${binaries.join(' nor ')}`
  const where = `on PATH or in ${[ownPrograms(context.environment), ...more].join(' or ')}`
  throw new CannotOpen(`${names} ${where}`, remedies.binary)
}

async function portFor(wanted: number | undefined): Promise<number> {
  if (wanted === undefined) return freePort()
  if (await isFree(wanted)) return wanted
  throw new CannotOpen(
    `port ${wanted} of 127.0.0.1 is taken`,
    'End what listens there, or leave the port out: a free one is found.',
  )
}
