// Provider `binary`: a server found on this machine, started on a free port in a temporary folder.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { must } from '../../../base/assert.ts'
import { startChild } from '../child.ts'
import { findBinary, isProgram, ownPrograms } from '../find-binary.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import {
  type Access,
  CannotOpen,
  type Open,
  type PartContext,
  type PartOptions,
  type PartRecipe,
} from './part.ts'

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
  const command = recipe.ofBinary(access, folder.path)
  const spec = {
    command: path,
    args: command.args,
    // What a server finds in the user's environment could make another one of it.
    environment: { PATH: environment.PATH, HOME: folder.path, ...command.environment },
    folder: folder.path,
    logFile,
    stopWithinMs: limits.stopMs,
  }
  const child = stack.use(await startChild(spec, journal))
  const owned = stack.move()
  return {
    access,
    by: `binary ${path}`,
    logFile,
    ended: child.ended,
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
  if (binary !== undefined) {
    if (isProgram(binary)) return binary
    throw new CannotOpen(`${binary} is no program`, remedies.binary)
  }
  const found = findBinary(binaries, context.environment)
  if (found !== undefined) return found
  const names = binaries.length === 1 ? `no ${binaries[0]}` : `neither ${binaries.join(' nor ')}`
  const where = `on PATH or in ${ownPrograms(context.environment)}`
  throw new CannotOpen(`${names} ${where}`, remedies.binary)
}

async function portFor(wanted: number | undefined): Promise<number> {
  const server = createServer()
  try {
    server.listen(wanted ?? 0, '127.0.0.1')
    await once(server, 'listening')
    const address = must(server.address(), 'it listens')
    return typeof address === 'string' ? 0 : address.port
  } catch {
    throw new CannotOpen(
      `port ${wanted} of 127.0.0.1 is taken`,
      'End what listens there, or leave the port out: a free one is found.',
    )
  } finally {
    server.close()
  }
}
