// Finds a server's program: on PATH, or where ours are kept.
import { accessSync, constants, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Environment } from './journal.ts'

/** Where programs that were built for Aftershock alone are kept. */
export function ownPrograms(environment: Environment): string {
  const { XDG_CACHE_HOME: xdg, HOME } = environment
  const cache = xdg?.startsWith('/') === true ? xdg : join(HOME ?? homedir(), '.cache')
  return join(cache, 'aftershock', 'bin')
}

/** The first of several names that is found; an earlier name counts more than an earlier folder. */
export function findBinary(
  names: readonly string[],
  environment: Environment,
  more: readonly string[] = [],
): string | undefined {
  const onPath = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const folders = [...onPath, ownPrograms(environment), ...more]
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return names
    .flatMap((name) => folders.map((folder) => join(folder, `${name}${suffix}`)))
    .find(isProgram)
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
