// A line on the terminal for runs that take longer than a second.

const PATIENCE_MS = 1_000
const REFRESH_MS = 100
const CELLS = 24

export class ProgressLine {
  readonly #silent: boolean
  readonly #startedMs = performance.now()
  #shownMs = Number.NEGATIVE_INFINITY
  #shown = false

  constructor(quiet: boolean) {
    this.#silent = quiet || process.stderr.isTTY !== true
  }

  show(scenario: string, variant: string, seed: number, share: number): void {
    const nowMs = performance.now()
    if (this.#silent || nowMs - this.#startedMs < PATIENCE_MS || nowMs - this.#shownMs < REFRESH_MS) return
    const done = Math.round(share * CELLS)
    const bar = '█'.repeat(done) + '░'.repeat(CELLS - done)
    process.stderr.write(`\r\x1b[2K${bar} ${Math.floor(share * 100)} %  ${scenario} · ${variant} · seed ${seed}`)
    this.#shownMs = nowMs
    this.#shown = true
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[2K')
    this.#shown = false
  }
}
