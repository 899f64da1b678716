// The journal of what a process has started: written before the start, so that what a `kill -9` leaves can be swept.
import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { must } from '../../base/assert.ts'
import { AftershockError, ExitCode, messageOf } from '../../base/errors.ts'
import { startOf, thisMachine } from './process-identity.ts'
import type { Remains } from './remains.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What was started, by what finds it again. */
export type Handle =
  | { readonly kind: 'folder'; readonly path: string }
  /** It works in a folder of its own, which finds it before its pid is known. */
  | {
      readonly kind: 'process'
      readonly folder: string
      readonly pid?: number
      readonly startedAt?: string
    }
  /** All containers that carry a label, `name=value`. */
  | { readonly kind: 'container'; readonly label: string }
  | Remains

/** One line: something is held (again, with more known of it), or was given back. */
export type Line =
  | { readonly held: number; readonly handle: Handle }
  | { readonly givenBack: number }

export interface Entry {
  /** More is known of it now. */
  change(handle: Handle): void
  /** It is there no more, or is left to the user: no longer ours to end. */
  giveBack(): void
}

/** `$AFTERSHOCK_STATE_DIR`, or a folder where the XDG rules have state kept. */
export function stateFolder(environment: Environment): string {
  const { AFTERSHOCK_STATE_DIR: own, XDG_STATE_HOME: xdg } = environment
  if (own !== undefined && own !== '') return own
  // The rules say that a relative path is to be ignored.
  const home =
    xdg?.startsWith('/') === true ? xdg : join(environment.HOME ?? homedir(), '.local', 'state')
  return join(home, 'aftershock')
}

export function journalFolder(environment: Environment): string {
  return join(stateFolder(environment), 'journal')
}

/** A journal's owner is in its name: taking one over is one rename, which only one process can do. */
export function journalName(): string {
  const start = plainStart(startOf(process.pid))
  return `${thisMachine()}.${process.pid}.${start}.${randomUUID().slice(0, 8)}.jsonl`
}

/** Whether the process that a journal's name speaks of is gone. Those of other machines cannot be judged here. */
export function isOrphan(name: string): boolean {
  const [machine, pid, start, , suffix] = name.split('.')
  return (
    machine === thisMachine() && suffix === 'jsonl' && plainStart(startOf(Number(pid))) !== start
  )
}

function plainStart(start: string | undefined): string {
  return (start ?? 'gone').replaceAll(/[^\w-]+/g, '_')
}

/**
 * One file for each, so that processes never wait for each other. There is a file only while something is held.
 * What is still held when the process ends by itself is ended then, as far as that can be done at once.
 */
export class Journal implements Disposable {
  readonly #folder: string
  readonly #held = new Map<number, () => void>()
  readonly #onExit = () => this.#endAll()
  #file: { readonly path: string; readonly descriptor: number } | undefined
  #next = 0

  constructor(folder: string) {
    this.#folder = folder
    process.on('exit', this.#onExit)
  }

  /** To be called before anything is started. `atExit` ends it without waiting for anything. */
  hold(handle: Handle, atExit: () => void): Entry {
    const id = this.#next++
    this.#write({ held: id, handle })
    this.#held.set(id, atExit)
    return {
      change: (more) => this.#write({ held: id, handle: more }),
      giveBack: () => this.#giveBack(id),
    }
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#onExit)
    if (this.#held.size === 0) this.#remove()
  }

  #giveBack(id: number): void {
    if (!this.#held.delete(id)) return
    try {
      if (this.#held.size === 0) this.#remove()
      else this.#write({ givenBack: id })
    } catch {
      // On a full disk it stays in the journal: a sweep then looks for what is no longer there.
    }
  }

  #write(line: Line): void {
    try {
      this.#file ??= this.#open()
      writeSync(this.#file.descriptor, `${JSON.stringify(line)}\n`)
      fsyncSync(this.#file.descriptor)
    } catch (cause) {
      throw new AftershockError('journal', `cannot write the journal: ${messageOf(cause)}`, {
        exitCode: ExitCode.environment,
        hint: 'Nothing is started that could not be found again; AFTERSHOCK_STATE_DIR names another folder for it.',
        cause,
      })
    }
  }

  #open() {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const path = join(this.#folder, journalName())
    return { path, descriptor: openSync(path, 'ax', 0o600) }
  }

  #remove(): void {
    if (this.#file === undefined) return
    const { path, descriptor } = this.#file
    this.#file = undefined
    closeSync(descriptor)
    rmSync(path, { force: true })
  }

  #endAll(): void {
    for (const id of [...this.#held.keys()].reverse()) {
      try {
        must(this.#held.get(id), 'it is held')()
        this.#giveBack(id)
      } catch {
        // It stays in the journal, and the next start sweeps it.
      }
    }
  }
}
