// Ends what earlier processes left behind when they were killed, as their journals tell.
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../base/errors.ts'
import { killNow } from './end-process.ts'
import {
  type Environment,
  type Handle,
  isOrphan,
  Journal,
  journalFolder,
  journalName,
  type Line,
} from './journal.ts'
import { processesIn, startOf } from './process-identity.ts'
import { takeAway, wordsForRemains } from './remains.ts'
import { isTemporaryFolder, removeFolder } from './temporary-folder.ts'

export interface Swept {
  /** In words: `process 4711`, `folder /tmp/aftershock-…`. */
  readonly removed: readonly string[]
  /** What is still there, and why; the next sweep tries again. */
  readonly left: readonly string[]
}

/** Ends every container with a label; how many there were. */
export type RemoveContainers = (label: string) => Promise<number>

/** The journal of a process that is about to start something; first, what others left is swept. */
export async function openJournal(
  environment: Environment,
  removeContainers: RemoveContainers,
): Promise<{ readonly journal: Journal; readonly swept: Swept }> {
  const folder = journalFolder(environment)
  const swept = await sweep(folder, removeContainers)
  return { journal: new Journal(folder), swept }
}

/** Journals of processes that live are not touched. Of several that sweep at once, each journal falls to one. */
export async function sweep(folder: string, removeContainers: RemoveContainers): Promise<Swept> {
  const removed: string[] = []
  const left: string[] = []
  for (const name of namesIn(folder).filter(isOrphan)) {
    const path = takeOver(folder, name)
    if (path === undefined) continue
    let isClean = true
    for (const handle of heldIn(path)) {
      try {
        removed.push(...(await end(handle, removeContainers)))
      } catch (error) {
        isClean = false
        left.push(`${wordsFor(handle)}: ${messageOf(error)}`)
      }
    }
    // Ours now: it stays until a later process finds that we are gone.
    if (isClean) rmSync(path, { force: true })
  }
  return { removed, left }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Undefined where another process was quicker. */
function takeOver(folder: string, name: string): string | undefined {
  const path = join(folder, journalName())
  try {
    renameSync(join(folder, name), path)
    return path
  } catch {
    return undefined
  }
}

/** What is still held, the latest first. A last line that was cut short told of nothing that had begun. */
function heldIn(path: string): Handle[] {
  const held = new Map<number, Handle>()
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    const line = lineOf(text)
    if (line === undefined) continue
    if ('held' in line) held.set(line.held, line.handle)
    else held.delete(line.givenBack)
  }
  return [...held.values()].reverse()
}

function lineOf(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line
  } catch {
    return undefined
  }
}

async function end(handle: Handle, removeContainers: RemoveContainers): Promise<string[]> {
  if (handle.kind === 'process') return endProcess(handle)
  if (handle.kind === 'container') {
    const count = await removeContainers(handle.label)
    return count === 0 ? [] : [wordsFor(handle)]
  }
  if (handle.kind !== 'folder') {
    await takeAway(handle)
    return [wordsFor(handle)]
  }
  // A journal is a file that anything may have written into: nothing else is ever deleted by its word.
  if (!isTemporaryFolder(handle.path)) throw new Error('it is no folder of ours')
  return removeFolder(handle.path) ? [wordsFor(handle)] : []
}

function endProcess(handle: Handle & { readonly kind: 'process' }): string[] {
  const { pid, startedAt, folder } = handle
  const known: (readonly [number, string | undefined])[] =
    pid === undefined
      ? isTemporaryFolder(folder)
        ? processesIn(folder).map((found) => [found, startOf(found)])
        : []
      : [[pid, startedAt]]
  return known.flatMap(([number, start]) => {
    if (start === undefined || startOf(number) !== start) return []
    if (!killNow(number, start)) throw new Error('it does not end')
    return [`process ${number} in ${folder}`]
  })
}

function wordsFor(handle: Handle): string {
  if (handle.kind === 'folder') return `folder ${handle.path}`
  if (handle.kind === 'container') return `container ${handle.label}`
  if (handle.kind === 'process') return `process ${handle.pid ?? `in ${handle.folder}`}`
  return wordsForRemains(handle)
}
