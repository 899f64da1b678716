// Ctrl-C, SIGTERM or the time limit end a run early; what it measured is still reported.

/** Timers take no more milliseconds than this, some 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export class Interrupt implements Disposable {
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout | undefined
  readonly #stop = () => this.#controller.abort()

  constructor(limitMs: number | undefined) {
    // Once: a second Ctrl-C ends the process at once.
    process.once('SIGINT', this.#stop)
    process.once('SIGTERM', this.#stop)
    this.#timer =
      limitMs === undefined
        ? undefined
        : setTimeout(this.#stop, Math.min(limitMs, LONGEST_TIMER_MS))
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#stop)
    process.off('SIGTERM', this.#stop)
    clearTimeout(this.#timer)
  }
}
