// `--events FILE`: the history of every run as NDJSON, one event a line, each run opened by a line of its own.
import { closeSync, openSync, writeSync } from 'node:fs'
import { AftershockError, ExitCode, messageOf } from '../base/errors.ts'
import { redact } from '../base/redact.ts'
import type { Observer } from '../metrics/history.ts'
import { type Executor, inThisThread } from '../run/executor.ts'
import type { RunOrder } from '../run/run.ts'

const BUFFER = 1 << 16

/** A file of lines, written as they come: a run's events need not fit into memory. */
export class EventFile implements Disposable {
  readonly #file: string
  readonly #descriptor: number
  #buffer = ''
  #trouble: unknown
  lines = 0

  constructor(file: string) {
    this.#file = file
    this.#descriptor = openSync(file, 'w')
  }

  /** Opens a run; its events go to the observer that comes back. */
  begin({ scenario, file, variant, brief, seed }: RunOrder): Observer {
    const name = scenario.name ?? file
    this.line(JSON.stringify({ event: 'run', scenario: name, file, variant, brief, seed }))
    return (event) => this.line(JSON.stringify(event))
  }

  line(text: string): void {
    this.lines++
    this.#buffer += `${redact(text)}\n`
    if (this.#buffer.length >= BUFFER) this.#flush()
  }

  /** A full disk must not look like an error of the run that is being watched: it is kept until the end. */
  #flush(): void {
    const text = this.#buffer
    this.#buffer = ''
    if (this.#trouble !== undefined || text === '') return
    try {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at)
    } catch (error) {
      this.#trouble = error
    }
  }

  /** Throws what kept the file from being whole. */
  finish(): void {
    this.#flush()
    if (this.#trouble === undefined) return
    throw new AftershockError(
      'environment',
      `cannot write '${this.#file}': ${messageOf(this.#trouble)}`,
      { exitCode: ExitCode.environment, cause: this.#trouble },
    )
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor)
  }
}

/** Runs told to a file as they are carried out: one at a time, or their events would come mixed. */
export function watched(
  events: EventFile,
  executor: Executor & Partial<AsyncDisposable> = inThisThread,
): Executor & AsyncDisposable {
  return {
    width: 1,
    execute: (order) => executor.execute({ ...order, observer: events.begin(order) }),
    [Symbol.asyncDispose]: async () => executor[Symbol.asyncDispose]?.(),
  }
}
