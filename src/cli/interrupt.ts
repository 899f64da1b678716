// Ctrl-C, the end of the terminal, SIGTERM or the time limit end a run early; what it measured is still reported.
import { AftershockError, ExitCode } from '../base/errors.ts'
import type { Environment } from './complain.ts'

/** Timers take no more milliseconds than this, some 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** One Ctrl-C may come twice, from the terminal and from npm; a closed terminal sends several signals. */
const SAME_REQUEST_MS = 1_000
/** npm hands a signal to the shell that it started, which dies of it and tells its own child nothing. */
const PARENT_EVERY_MS = 250

export class Interrupt implements Disposable {
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout | undefined
  readonly #onSignal = () => this.#asked()
  readonly #parent = process.ppid
  readonly #watch: NodeJS.Timeout | undefined
  #askedMs: number | undefined

  constructor(limitMs: number | undefined, { npm_lifecycle_event: script }: Environment) {
    for (const signal of SIGNALS) process.on(signal, this.#onSignal)
    this.#timer =
      limitMs === undefined
        ? undefined
        : setTimeout(() => this.#controller.abort(), Math.min(limitMs, LONGEST_TIMER_MS))
    // Elsewhere who started a run may well go before it ends.
    if (script !== undefined) this.#watch = setInterval(() => this.#orphaned(), PARENT_EVERY_MS)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Who asks again means at once: what has been started is ended, and nothing is waited for. */
  #asked(): void {
    const nowMs = performance.now()
    this.#askedMs ??= nowMs
    if (nowMs - this.#askedMs > SAME_REQUEST_MS)
      throw new AftershockError('interrupted', 'interrupted again: ended at once', {
        exitCode: ExitCode.interrupted,
      })
    this.#controller.abort()
  }

  #orphaned(): void {
    if (process.ppid !== this.#parent) this.#controller.abort()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#watch)
    for (const signal of SIGNALS) process.off(signal, this.#onSignal)
    clearTimeout(this.#timer)
  }
}
