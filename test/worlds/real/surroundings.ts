// A machine of a test's own: its programs, its state, its temporary folder, and containers that are not there.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { AftershockError } from '../../../src/base/errors.ts'
import type { Containers } from '../../../src/worlds/real/containers.ts'
import { Journal, journalFolder } from '../../../src/worlds/real/journal.ts'
import { startOf } from '../../../src/worlds/real/process-identity.ts'
import type { PartContext } from '../../../src/worlds/real/providers/part.ts'

export class Surroundings implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'aftershock-test-'))
  readonly environment = {
    PATH: join(this.path, 'bin'),
    HOME: this.path,
    AFTERSHOCK_STATE_DIR: join(this.path, 'state'),
  }
  readonly journals = journalFolder(this.environment)
  readonly journal = new Journal(this.journals)
  readonly logFolder = join(this.path, 'logs')

  /** A program on this machine's PATH, in JavaScript. It is told its arguments as `args`. */
  program(name: string, code: string): string {
    const path = join(this.path, 'bin', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `#!${process.execPath}\nconst args = process.argv.slice(2)\n${code}\n`)
    chmodSync(path, 0o755)
    return path
  }

  context(more: Partial<PartContext> = {}): PartContext {
    return {
      journal: this.journal,
      logFolder: this.logFolder,
      environment: this.environment,
      containers: noContainers('none of its sockets is there'),
      allowedTargets: [],
      limits: { readyMs: 20_000, pullMs: 20_000, stopMs: 20_000 },
      ...more,
    }
  }

  /** Files below the journal's folder: empty when nothing is held. */
  get held(): string[] {
    try {
      return readdirSync(this.journals)
    } catch {
      return []
    }
  }

  [Symbol.dispose](): void {
    this.journal[Symbol.dispose]()
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** A machine without a container runtime. */
export function noContainers(why: string): Containers {
  const fail = () => Promise.reject(new Error(why))
  return {
    version: fail,
    has: fail,
    pull: fail,
    run: fail,
    remove: fail,
    removeAtExit: () => {
      throw new Error(why)
    },
  }
}

/** What a start was refused with, in the words that are shown. */
export async function refusal(start: Promise<unknown>): Promise<string> {
  try {
    await start
  } catch (error) {
    const { message, hint, exitCode } = error as AftershockError
    return `${exitCode}: ${message}${hint === undefined ? '' : `\n→ ${hint}`}`
  }
  throw new Error('it was not refused')
}

export function isRunning(pid: number): boolean {
  return startOf(pid) !== undefined
}

export interface Running {
  readonly pid: number
  readonly args: string
}

/** Processes whose command line has this in it, those that are only waited for left out. */
export function processesWith(text: string): Running[] {
  return commandLines().filter(({ args }) => args.includes(text))
}

function commandLines(): Running[] {
  if (!existsSync('/proc/self/cmdline')) {
    const { stdout } = spawnSync('ps', ['-eww', '-o', 'pid=,args='], { encoding: 'utf8' })
    return stdout
      .split('\n')
      .map((line) => ({ pid: Number.parseInt(line, 10), args: line.replace(/^\s*\d+ /, '') }))
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const args = readFileSync(`/proc/${name}/cmdline`, 'utf8')
        return [{ pid: Number(name), args: args.replaceAll('\0', ' ') }]
      } catch {
        return []
      }
    })
}
