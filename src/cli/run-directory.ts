// A run's own folder: `reports/<scenario>/<20251113T112217Z>/`, with every report in it and `latest` beside it.
import { mkdir, readdir, rename, symlink, unlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AftershockError, ExitCode, messageOf } from '../base/errors.ts'
import type { Reporter } from '../reporters/reporter.ts'
import type { Destination } from './destinations.ts'

/** What is written without being asked for: file → reporter. */
const FILES: Readonly<Record<string, string>> = {
  'summary.json': 'json',
  'report.html': 'html',
  'junit.xml': 'junit',
  'report.md': 'markdown',
}
export const PAGE = 'report.html'
const LATEST = 'latest'

/** Makes the folder; where its reports go, the page among them. Throws where it cannot be made. */
export async function openRunDirectory(
  outDir: string,
  scenario: string,
  startedAt: string,
): Promise<{ readonly folder: string; readonly destinations: readonly Destination[] }> {
  const parent = join(outDir, folderName(scenario))
  try {
    // A path from the root: from a current folder that was removed, Node would look for a parent for ever.
    await mkdir(resolve(parent), { recursive: true })
    const folder = await freshFolder(parent, stampOf(startedAt))
    await pointLatest(parent, folder)
    return {
      folder: join(parent, folder),
      destinations: await destinationsIn(join(parent, folder)),
    }
  } catch (error) {
    throw new AftershockError('environment', `cannot write to '${parent}': ${messageOf(error)}`, {
      exitCode: ExitCode.environment,
      hint: 'Name another folder with --out-dir, or none with --no-out-dir.',
      cause: error,
    })
  }
}

async function destinationsIn(folder: string): Promise<Destination[]> {
  const reporters: readonly Reporter[] = Object.values(await import('../reporters/index.ts'))
  return Object.entries(FILES).flatMap(([file, kind]) =>
    reporters
      .filter((reporter) => reporter.kind === kind)
      .map((reporter) => ({ reporter, file: join(folder, file) })),
  )
}

/** `20251113T112217Z`: no character that file systems or artifact stores refuse. */
export function stampOf(startedAt: string): string {
  return `${startedAt.slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

/** Two commands within one second have a folder each. */
async function freshFolder(parent: string, stamp: string): Promise<string> {
  const taken = new Set(await readdir(parent))
  for (let n = 1; ; n++) {
    const name = n === 1 ? stamp : `${stamp}-${n}`
    if (taken.has(name)) continue
    try {
      await mkdir(join(parent, name))
      return name
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      taken.add(name)
    }
  }
}

/** A link, replaced in one step; where links are not to be had, a text file with the folder's name. */
async function pointLatest(parent: string, folder: string): Promise<void> {
  const latest = join(parent, LATEST)
  const next = join(parent, `.${LATEST}-${folder}`)
  try {
    await symlink(folder, next)
    await rename(next, latest)
  } catch {
    await unlink(next).catch(() => undefined)
    // A convenience: that nothing can be had in its place is no reason to write no report.
    await writeFile(latest, `${folder}\n`).catch(() => undefined)
  }
}

const LONGEST_NAME = 100

/** A scenario may be called anything; its folder is not. */
function folderName(scenario: string): string {
  const name = scenario.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[.-]+|[.-]+$/g, '')
  return name.slice(0, LONGEST_NAME) || 'scenario'
}
