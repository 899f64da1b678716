// A host that is somebody else's process: started, watched, killed, stopped and started again on the same port.
import { randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { must } from '../../../base/assert.ts'
import { AftershockError, ExitCode, messageOf } from '../../../base/errors.ts'
import type { ForeignProcess } from '../../foreign.ts'
import { type Child, startChild } from '../child.ts'
import type { Tell } from '../fact.ts'
import type { Environment, Journal } from '../journal.ts'
import { quoted } from '../log-tail.ts'
import { NotReady } from '../providers/part.ts'
import { untilReady } from '../providers/ready.ts'
import { FakeClock } from '../skew/faketime.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import type { RealTime } from '../time.ts'
import { type Addresses, invocationOf } from './environment.ts'
import { LogFollower } from './log-follower.ts'
import { probe } from './readiness.ts'

/** Where what is started is kept and written down. */
export interface Keeping {
  readonly journal: Journal
  readonly logFolder: string
  readonly environment: Environment
}

export interface HostSetup extends Keeping {
  readonly name: string
  readonly spec: ForeignProcess
  readonly port: number
  readonly addresses: Addresses
  readonly time: RealTime
  readonly tell: Tell
  readonly itemOf: (key: string) => number
  /** libfaketime, where a fault will skew its clock. */
  readonly faketime?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export class ProcessHost implements AsyncDisposable {
  readonly name: string
  readonly logFile: string
  downs = 0
  pauses = 0
  /** How it ended by itself, the last time that it did. */
  endedBy: string | undefined
  readonly #setup: HostSetup
  readonly #follower: LogFollower
  readonly #written: RegExp | undefined
  readonly #lines: readonly { readonly line: string; readonly regex: RegExp }[]
  readonly #owned = new AsyncDisposableStack()
  readonly #folder: string
  readonly #clock: FakeClock | undefined
  #child: Child | undefined
  readonly #pids: number[] = []
  #isOver = false
  #hasWritten = false

  constructor(setup: HostSetup) {
    const { name, spec, logFolder, journal } = setup
    this.name = name
    this.#setup = setup
    this.logFile = join(logFolder, `process-${name}-${randomUUID().slice(0, 8)}.log`)
    this.#folder = this.#owned.use(temporaryFolder('process', journal)).path
    this.#clock =
      setup.faketime === undefined ? undefined : new FakeClock(setup.faketime, this.#folder)
    this.#lines = spec.lines.map(({ line, pattern }) => ({ line, regex: new RegExp(pattern) }))
    this.#written = spec.ready.on === 'log' ? new RegExp(spec.ready.pattern) : undefined
    this.#follower = this.#owned.use(
      new LogFollower(
        this.logFile,
        () => setup.time.nowUs,
        (...read) => this.#read(...read),
      ),
    )
  }

  /** Ready when it resolves. Throws why not, with the last lines of its output. */
  async start(): Promise<void> {
    const { spec, signal } = this.#setup
    if (spec.attach === undefined) await this.#spawn()
    try {
      await untilReady({
        probe: (over) => probe(spec.ready, this.#port, () => this.#hasWritten, over),
        withinMs: spec.readyWithinMs,
        ...(this.#child === undefined ? {} : { ended: this.#child.ended }),
        signal,
      })
    } catch (error) {
      if (signal?.aborted === true) throw interrupted(this.name)
      if (error instanceof NotReady) throw this.#notStarted(error.message)
      throw error
    }
  }

  get #port(): number {
    const { spec, port } = this.#setup
    return spec.attach === undefined ? port : Number(new URL(spec.attach).port || 80)
  }

  async #spawn(): Promise<void> {
    const { spec, addresses, environment: own, journal } = this.#setup
    const configFile = join(this.#folder, 'config')
    const invocation = invocationOf(spec, { ...addresses, 'config.file': configFile }, own)
    if (invocation.config !== undefined) writeFileSync(configFile, invocation.config)
    const { command, args, environment: given } = invocation
    const environment = this.#clock?.environment(given) ?? given
    try {
      const child = await startChild(
        {
          command,
          args,
          environment,
          folder: this.#folder,
          cwd: spec.folder,
          logFile: this.logFile,
          stopWithinMs: spec.graceMs,
        },
        journal,
      )
      this.#child = child
      this.#pids.push(child.pid)
      void child.ended.then((how) => this.#ended(child, how))
    } catch (error) {
      throw this.#notStarted(`it cannot be run: ${whyNotRun(command, spec.folder, error)}`)
    }
  }

  #notStarted(why: string): AftershockError {
    const { spec } = this.#setup
    const end = spec.attach === undefined ? quoted(this.logFile) : ''
    return new AftershockError('process', `process ${this.name}: ${why}${end}`, {
      exitCode: ExitCode.environment,
    })
  }

  #ended(child: Child, how: string | undefined): void {
    if (this.#child !== child) return
    this.#child = undefined
    if (how === undefined || this.#isOver) return
    this.endedBy = how
    const { tell, time, spec } = this.#setup
    tell({ fact: 'counter', atUs: time.nowUs, name: 'process_exits', by: 1 })
    if (spec.restart === 'always') void this.#startAgain(spec.restartAfterMs)
  }

  /** Nobody waits for it: whether it takes calls shows in the calls. */
  async #startAgain(afterMs: number): Promise<void> {
    if (afterMs > 0) await sleep(afterMs)
    if (this.#isOver || this.downs > 0 || this.#child !== undefined) return
    await this.#spawn().catch((error: unknown) => this.#note(messageOf(error)))
    if (this.pauses > 0) this.#signal('SIGSTOP')
  }

  #signal(signal: NodeJS.Signals): void {
    this.#child?.signal(signal)
  }

  #note(line: string): void {
    const { tell, time, name } = this.#setup
    tell({ fact: 'log', atUs: time.nowUs, host: name, line, item: -1 })
  }

  #read(line: string, atUs: number, byUs: number): void {
    if (this.#written?.test(line) === true) this.#hasWritten = true
    const { tell, name, itemOf } = this.#setup
    for (const { line: known, regex } of this.#lines) {
      const found = regex.exec(line)
      if (found === null) continue
      const id = found.groups?.item
      const item = id === undefined ? itemOf(line) : /^\d+$/.test(id) ? Number(id) : itemOf(id)
      tell({ fact: 'log', atUs, byUs, host: name, line: known, item })
    }
  }

  /** By us: of one that is attached nothing is seen. */
  get isStarted(): boolean {
    return this.#setup.spec.attach === undefined
  }

  get isAlive(): boolean {
    return this.#child !== undefined || !this.isStarted
  }

  /** SIGKILL, as a crash does; how many connections that cuts nobody tells. */
  crash(): void {
    this.downs++
    void this.#child?.kill()
    this.#child = undefined
  }

  revive(): void {
    if (--this.downs === 0 && this.#child === undefined) void this.#startAgain(0)
  }

  /** Its own clock is off by so much more, and that of whatever it starts. */
  skew(ms: number): Disposable {
    const clock = must(this.#clock, 'who skews a clock says so before the process starts')
    clock.shift(ms)
    return { [Symbol.dispose]: () => clock.shift(-ms) }
  }

  pause(): void {
    if (this.pauses++ === 0) this.#signal('SIGSTOP')
  }

  resume(): void {
    if (--this.pauses === 0) this.#signal('SIGCONT')
  }

  /** The lines that came last, for what is told of a run that failed. */
  look(): void {
    this.#follower.look()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    await this.#child?.[Symbol.asyncDispose]()
    for (const pid of this.#pids) this.#clock?.ended(pid)
    await this.#owned.disposeAsync()
  }
}

function whyNotRun(command: string, folder: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  const isPath = command.includes('/')
  if (code === 'EACCES') return `'${command}' is no program that this user may run: chmod +x`
  if (code !== 'ENOENT') return messageOf(error)
  if (!isPath) return `there is no program '${command}' on PATH`
  return existsSync(resolve(folder, command))
    ? `'${command}' names an interpreter in its first line that is not here`
    : `there is no file '${command}' in ${folder}`
}

function interrupted(name: string): AftershockError {
  return new AftershockError('interrupted', `process ${name}: interrupted while it was starting`, {
    exitCode: ExitCode.interrupted,
  })
}
