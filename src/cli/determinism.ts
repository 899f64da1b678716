// `--check-determinism`: every run twice, event by event; the first that differs is named.
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AftershockError, ExitCode } from '../base/errors.ts'
import type { RunEvent } from '../metrics/history.ts'
import type { Executor } from '../run/executor.ts'
import type { RunResult } from '../run/result.ts'
import { type RunOrder, runOnce } from '../run/run.ts'
import { EventFile } from './events.ts'

const CHUNK = 1 << 16

/** Two runs whose histories part. */
interface Parting {
  /** Counted from 1. */
  readonly number: number
  readonly first: string | undefined
  readonly second: string | undefined
}

/** The history of the first run waits in a temporary file: two runs of hours do not fit into memory. */
export class DeterminismCheck implements Executor, AsyncDisposable {
  readonly width = 1
  readonly #events: EventFile | undefined
  readonly #folder = mkdtempSync(join(tmpdir(), 'aftershock-'))

  constructor(events: EventFile | undefined) {
    this.#events = events
  }

  async execute(order: RunOrder): Promise<RunResult> {
    const file = join(this.#folder, 'first.ndjson')
    const first = await this.#first(order, file)
    // What was cut short has no whole history to compare.
    if (isStopped(order)) return first
    using comparison = new Comparison(file)
    const { onProgress: _shown, ...quiet } = order
    const second = await runOnce({ ...quiet, observer: (event) => comparison.next(event) })
    if (isStopped(order)) return first
    const parting = comparison.end()
    if (parting !== undefined) throw nondeterminism(order, parting)
    if (first.digest !== second.digest)
      throw nondeterminism(order, {
        number: 0,
        first: first.digest ?? '',
        second: second.digest ?? '',
      })
    return first
  }

  async #first(order: RunOrder, file: string): Promise<RunResult> {
    using own = new EventFile(file)
    const asked = this.#events?.begin(order)
    const result = await runOnce({
      ...order,
      observer: (event) => {
        own.line(JSON.stringify(event))
        asked?.(event)
      },
    })
    own.finish()
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Reads the first history as the second comes. */
class Comparison implements Disposable {
  readonly #descriptor: number
  readonly #chunk = Buffer.alloc(CHUNK)
  readonly #decoder = new TextDecoder()
  #rest = ''
  #lines: string[] = []
  #at = 0
  #number = 0
  #parting: Parting | undefined

  constructor(file: string) {
    this.#descriptor = openSync(file, 'r')
  }

  next(event: RunEvent): void {
    if (this.#parting !== undefined) return
    const first = this.#line()
    const second = JSON.stringify(event)
    this.#number++
    if (first !== second) this.#parting = { number: this.#number, first, second }
  }

  /** Where the two part, an end that came too early included. */
  end(): Parting | undefined {
    if (this.#parting !== undefined) return this.#parting
    const first = this.#line()
    return first === undefined ? undefined : { number: this.#number + 1, first, second: undefined }
  }

  #line(): string | undefined {
    while (this.#at >= this.#lines.length) {
      const read = readSync(this.#descriptor, this.#chunk, 0, CHUNK, null)
      if (read === 0) return undefined
      const text =
        this.#rest + this.#decoder.decode(this.#chunk.subarray(0, read), { stream: true })
      this.#lines = text.split('\n')
      this.#rest = this.#lines.pop() ?? ''
      this.#at = 0
    }
    return this.#lines[this.#at++]
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor)
  }
}

function nondeterminism(order: RunOrder, { number, first, second }: Parting): AftershockError {
  const run = `${order.scenario.name ?? order.file} · ${order.variant} · seed ${order.seed}`
  const where =
    number === 0
      ? 'two runs tell the same events but differ in their digests'
      : `two runs part at event ${number.toLocaleString('en')}`
  return new AftershockError(
    'nondeterminism',
    `${run}: ${where}\n  first:  ${first ?? 'had ended'}\n  second: ${second ?? 'had ended'}`,
    {
      exitCode: ExitCode.nondeterminism,
      hint: 'Something outside the world decides: a time, a random number, or state kept between runs.',
    },
  )
}

function isStopped({ signal }: RunOrder): boolean {
  return signal?.aborted === true
}
