// A long run in the real world, on a machine of its own: begun, ended one way or another, and what it left behind.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Summary } from '../../src/run/result.ts'
import { MINIO } from '../worlds/real/needs.ts'
import { processesWith, type Running, Surroundings } from '../worlds/real/surroundings.ts'
import { PROGRAM } from './aftershock.ts'

/** An hour on the wall's clock at the speed of these tests: it never ends by itself. */
const LONG = `
name: long
pipeline: {kind: inference, services: 2, service: {inference: 20ms}}
load: {kind: arrivals, rate: 5/s, for: 10h}
thresholds: {item_lost: [rate<0.5]}
`
const LOOK_EVERY_MS = 50
const PATIENCE_MS = 60_000
const EVENTS = 'events.ndjson'
const SUMMARY = 'summary.json'

export interface EndedRun {
  readonly code: number | null
  readonly stdout: string
  /** Without what depends on the machine: how far it has come, and what is being waited for. */
  readonly stderr: string
  readonly waiting: readonly string[]
  /** From the request to its end. */
  readonly tookMs: number
}

export class RealRun implements Disposable {
  readonly around = new Surroundings()
  child: ChildProcess | undefined
  /** Variables of the program, beside those of every such run. */
  more: Readonly<Record<string, string>> = {}
  readonly #said = { stdout: '', stderr: '' }

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries({ 'long.yaml': LONG, ...files }))
      writeFileSync(this.#path(name), text)
    mkdirSync(this.#path('tmp'))
  }

  /** `args` after the flags of every such run. */
  start(args: readonly string[] = [], file = 'long.yaml'): ChildProcess {
    const flags = ['--world', 'real', '--speed', '10', '--events', EVENTS]
    return this.startWith(['run', file, ...flags, '--summary-export', SUMMARY, ...args])
  }

  startWith(args: readonly string[], terminal?: string): ChildProcess {
    const command = [process.execPath, PROGRAM, ...args]
    const [program = '', ...rest] =
      terminal === undefined ? command : [terminal, '-qec', command.join(' '), '/dev/null']
    const child = spawn(program, rest, { cwd: this.around.path, env: this.environment })
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        this.#said[name] += text
      })
    this.child = child
    return child
  }

  /** Its own state and temporary folder; programs are this machine's, behind those of a test. */
  get environment(): Readonly<Record<string, string | undefined>> {
    const own = this.around.environment
    const folders = [own.PATH, dirname(MINIO ?? '/none/minio'), process.env.PATH]
    return { ...own, PATH: folders.join(':'), TMPDIR: this.#path('tmp'), ...this.more }
  }

  /** When it has told of its first few hundred events. */
  async begun(): Promise<void> {
    await until(() => sizeOf(this.#path(EVENTS)) > 0 || this.child?.exitCode !== null)
  }

  async said(text: string): Promise<void> {
    await until(
      () =>
        `${this.#said.stdout}${this.#said.stderr}`.includes(text) || this.child?.exitCode !== null,
    )
  }

  get stdout(): string {
    return this.#said.stdout
  }

  async ended(sinceMs = performance.now()): Promise<EndedRun> {
    const { child } = this
    if (child !== undefined && child.exitCode === null && child.signalCode === null)
      await once(child, 'close')
    const { stdout, stderr } = this.#said
    const isWaiting = (line: string) => line.startsWith('waiting for the ')
    const isProgress = (line: string) => / · seed \d+: \d+ %/.test(line)
    const lines = stderr.split(/(?<=\n)/)
    return {
      code: child?.exitCode ?? null,
      stdout,
      stderr: lines.filter((line) => !isWaiting(line) && !isProgress(line)).join(''),
      waiting: lines.filter(isWaiting),
      tookMs: performance.now() - sinceMs,
    }
  }

  async signalled(signal: NodeJS.Signals): Promise<EndedRun> {
    const sinceMs = performance.now()
    this.child?.kill(signal)
    return this.ended(sinceMs)
  }

  /** Servers that work in its temporary folder. */
  get servers(): readonly Running[] {
    return processesWith(this.#path('tmp')).filter(({ args }) => !args.includes(PROGRAM))
  }

  /** To the only server; never to number 0, which is every process of the tests' own group. */
  signalServer(signal: NodeJS.Signals): void {
    const [server] = this.servers
    if (server === undefined) throw new Error('no server runs')
    process.kill(server.pid, signal)
  }

  /** Undefined until it is written, and whole. */
  get summary(): Summary | undefined {
    try {
      return JSON.parse(readFileSync(this.#path(SUMMARY), 'utf8')) as Summary
    } catch {
      return undefined
    }
  }

  /** Processes, folders and journals: all empty when nothing was left behind. */
  get left() {
    return {
      servers: this.servers,
      folders: readdirSync(this.#path('tmp')).filter((name) => name.startsWith('aftershock-')),
      journals: this.around.held,
    }
  }

  #path(name: string): string {
    return join(this.around.path, name)
  }

  [Symbol.dispose](): void {
    this.child?.kill('SIGKILL')
    for (const { pid } of this.servers) process.kill(pid, 'SIGKILL')
    this.around[Symbol.dispose]()
  }
}

export const NOTHING = { servers: [], folders: [], journals: [] }

/** Whatever the test then finds is its answer. */
async function until(isTrue: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS
  while (!isTrue() && performance.now() < endMs)
    await new Promise((again) => setTimeout(again, LOOK_EVERY_MS))
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0
}
