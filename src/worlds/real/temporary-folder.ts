// A folder for what a part keeps while it runs, removed with it.
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, isAbsolute, join, normalize } from 'node:path'
import type { Journal } from './journal.ts'

const NAME = /^aftershock-[a-z]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export interface TemporaryFolder extends Disposable {
  readonly path: string
  /** It stays, and is no longer ours. */
  keep(): void
}

export function temporaryFolder(name: string, journal: Journal): TemporaryFolder {
  const path = join(tmpdir(), `aftershock-${name}-${randomUUID()}`)
  const remove = () => {
    removeFolder(path)
  }
  const entry = journal.hold({ kind: 'folder', path }, remove)
  let isOurs = true
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (cause) {
    entry.giveBack()
    throw cause
  }
  return {
    path,
    keep() {
      isOurs = false
      entry.giveBack()
    },
    [Symbol.dispose]() {
      if (isOurs) remove()
      entry.giveBack()
    },
  }
}

/** True: it was there. */
export function removeFolder(path: string): boolean {
  if (!existsSync(path)) return false
  // Retried where a process that is just dying still writes into it.
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
  return true
}

/** Whether a path is one that `temporaryFolder` could have made, here or under another TMPDIR. */
export function isTemporaryFolder(path: string): boolean {
  return isAbsolute(path) && normalize(path) === path && NAME.test(basename(path))
}
