// When a call is given up: connecting may take so long, the answer so long after that, and all of it so long.
import type { Timeouts } from '../world.ts'
import type { CallStages } from './stages.ts'
import type { RealTime } from './time.ts'

export interface Timed {
  readonly time: RealTime
  readonly stages: CallStages
  readonly slot: number
  /** When it began, ms of the world. */
  readonly startMs: number
  readonly timeouts: Timeouts
}

export type TimeoutClass = 'connect-timeout' | 'read-timeout'

/** Looks how far the call has come when it would be due by what was known at the last look. */
export class Deadline implements Disposable {
  readonly #call: Timed
  readonly #onTimeout: (klass: TimeoutClass) => void
  #timer: Disposable | undefined
  #isAnswered = false

  constructor(call: Timed, onTimeout: (klass: TimeoutClass) => void) {
    this.#call = call
    this.#onTimeout = onTimeout
    this.#look()
  }

  /** The answer has begun: what is left is the limit for all of it. */
  answered(): void {
    this.#isAnswered = true
    this.#look()
  }

  #look(): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
    const { time, startMs, timeouts } = this.#call
    const { connectMs = Number.POSITIVE_INFINITY, readMs = Number.POSITIVE_INFINITY } = timeouts
    const { nowMs } = time
    const connectedMs = this.#call.stages.connectedMs(this.#call.slot)
    const isConnecting = connectedMs === undefined && !this.#isAnswered
    const stageMs = this.#isAnswered
      ? Number.POSITIVE_INFINITY
      : connectedMs === undefined
        ? startMs + connectMs
        : connectedMs + readMs
    const dueMs = Math.min(stageMs, startMs + (timeouts.totalMs ?? Number.POSITIVE_INFINITY))
    if (dueMs <= nowMs) {
      // Which limit it was: it may be connected by the time that somebody asks.
      const isConnects = isConnecting && startMs + connectMs <= nowMs
      this.#onTimeout(isConnects ? 'connect-timeout' : 'read-timeout')
      return
    }
    // It may be connected at any moment, and is due that long after it.
    const lookMs = isConnecting ? Math.min(dueMs, nowMs + readMs) : dueMs
    if (Number.isFinite(lookMs)) this.#timer = time.schedule(lookMs, () => this.#look())
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]()
  }
}
