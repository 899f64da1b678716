// A server as a child process: in a group of its own, its output in a file, ended when it is given back.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { killNow, signalGroup, signalGroupAlone } from './end-process.ts'
import type { Environment, Journal } from './journal.ts'
import { startOf, UNTOLD } from './process-identity.ts'

export interface ChildSpec {
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Environment
  /** A temporary folder of its own, where it works unless `cwd` says otherwise. */
  readonly folder: string
  readonly cwd?: string
  /** Written to directly: it tells what happened even where nobody is left to read. */
  readonly logFile: string
  /** Whose process it is; default: ours. */
  readonly user?: User
  /** Asks it to end; default SIGTERM. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT'
  /** From the request to end until it is forced to. */
  readonly stopWithinMs: number
}

export interface User {
  readonly uid: number
  readonly gid: number
}

export interface Child extends AsyncDisposable {
  readonly pid: number
  /** How it ended, `with code 1` or `by SIGKILL`, where nobody asked it to; undefined where we did. */
  readonly ended: Promise<string | undefined>
  /** Sends it and all of its group a signal; false where none is left. */
  signal(signal: NodeJS.Signals): boolean
  /** It goes on without us. */
  keep(): void
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
}

/** Throws what `spawn` reports where the command cannot be run. */
export async function startChild(spec: ChildSpec, journal: Journal): Promise<Child> {
  const { folder } = spec
  let known: { readonly pid: number; readonly startedAt: string } | undefined
  const entry = journal.hold({ kind: 'process', folder }, () => {
    if (known !== undefined) killNow(known.pid, known.startedAt)
  })
  try {
    const { process: child, pid } = await spawned(spec, (started) => {
      known = { pid: started, startedAt: startOf(started) ?? UNTOLD }
      entry.change({ kind: 'process', folder, ...known })
    })
    let isAsked = false
    let isKept = false
    const exited = once(child, 'exit')
    // What it has started itself may outlive it, or may have ignored what it heeded.
    const signal = (what: NodeJS.Signals) => signalGroupAlone(pid, what)
    return {
      pid,
      ended: exited.then(([code, signal]) =>
        isAsked ? undefined : signal === null ? `with code ${code}` : `by ${signal}`,
      ),
      signal,
      async kill() {
        isAsked = true
        signal('SIGKILL')
        await exited
        entry.giveBack()
      },
      keep() {
        isAsked = true
        isKept = true
        child.unref()
        entry.giveBack()
      },
      async [Symbol.asyncDispose]() {
        if (isKept) return
        if (!isAsked && child.exitCode === null && child.signalCode === null) {
          isAsked = true
          signalGroup(pid, spec.stopSignal ?? 'SIGTERM')
          const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), spec.stopWithinMs)
          // One that is stopped hears nothing else.
          signal('SIGCONT')
          await exited
          clearTimeout(force)
        }
        signal('SIGKILL')
        entry.giveBack()
      },
    }
  } catch (error) {
    if (known !== undefined) killNow(known.pid, known.startedAt)
    entry.giveBack()
    throw error
  }
}

/** `onPid` is called before anything else can happen. */
async function spawned(spec: ChildSpec, onPid: (pid: number) => void) {
  const log = openSync(spec.logFile, 'a')
  try {
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd ?? spec.folder,
      env: { ...spec.environment },
      // Ctrl-C reaches the whole group of a terminal: a part must outlive it until the run has reported.
      detached: true,
      ...spec.user,
      stdio: ['ignore', log, log],
    })
    if (child.pid !== undefined) onPid(child.pid)
    await once(child, 'spawn')
    return { process: child, pid: child.pid ?? 0 }
  } finally {
    closeSync(log)
  }
}
