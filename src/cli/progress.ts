// A line on the terminal for runs that take longer than a second.
import { clip } from '../reporters/text.ts'

const PATIENCE_MS = 1_000
const REFRESH_MS = 100
const CELLS = 24
const ERASE = '\r\x1b[2K'

export class ProgressLine {
  readonly #startedMs = performance.now()
  #shownMs = Number.NEGATIVE_INFINITY
  #shown = false

  /** `share`: how far this one run has come, 0 to 1. */
  show(scenario: string, variant: string, seed: number, share: number): void {
    const nowMs = performance.now()
    if (nowMs - this.#startedMs < PATIENCE_MS || nowMs - this.#shownMs < REFRESH_MS) return
    const done = Math.round(share * CELLS)
    const bar = '█'.repeat(done) + '░'.repeat(CELLS - done)
    const line = `${bar} ${Math.floor(share * 100)} %  ${scenario} · ${variant} · seed ${seed}`
    // A line that wraps could not be erased.
    process.stderr.write(ERASE + clip(line, (process.stderr.columns ?? 80) - 1))
    this.#shownMs = nowMs
    this.#shown = true
  }

  clear(): void {
    if (this.#shown) process.stderr.write(ERASE)
    this.#shown = false
  }
}
