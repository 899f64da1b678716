// The dates that processes send, beside our own clock: what shows how far theirs is off.
import { amzDateMs } from '../../store/amz-date.ts'
import { LEAST_SKEW_MS } from '../endings.ts'
import type { Tell } from '../fact.ts'
import type { RealTime } from '../time.ts'

export class Dates {
  readonly #processes: ReadonlySet<string>
  readonly #tell: Tell
  readonly #time: RealTime
  readonly #sinceMs = Date.now()

  constructor(processes: readonly string[], tell: Tell, time: RealTime) {
    this.#processes = new Set(processes)
    this.#tell = tell
    this.#time = time
  }

  /** The `Date` of an answer, or of a request. */
  header(host: string, text: string | undefined): void {
    if (text === undefined || !this.#processes.has(host)) return
    this.#see(host, Date.parse(text) - Date.now())
  }

  /** A presigned URL may have been signed at any time since the run began. */
  signature(host: string, target: string): void {
    if (!this.#processes.has(host)) return
    const signed = URL.parse(target, 'http://host')?.searchParams.get('X-Amz-Date')
    const ms = amzDateMs(signed ?? '') ?? Number.NaN
    const nowMs = Date.now()
    if (ms > nowMs || ms < this.#sinceMs - LEAST_SKEW_MS) this.#see(host, ms - nowMs)
  }

  #see(host: string, ms: number): void {
    if (Number.isNaN(ms) || Math.abs(ms) <= LEAST_SKEW_MS) return
    this.#tell({ fact: 'skew', atUs: this.#time.nowUs, host, ms: Math.round(ms / 1_000) * 1_000 })
  }
}
