// The real world's time: the wall clock, run `speed` times as fast, from one moment that both threads share.
import { performance } from 'node:perf_hooks'

/** Milliseconds that both threads of a process agree on, since the epoch, never stepped. */
export function steadyMs(): number {
  return performance.timeOrigin + performance.now()
}

/** Node's timers hold no more than this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Nothing takes as long to start. */
const LONGEST_START_MS = 86_400_000

export class RealTime {
  readonly speed: number
  /** The run's calendar at its beginning, ms since the epoch. */
  readonly startMs: number
  readonly #upSinceMs = steadyMs()
  #originMs = 0
  #wallStartMs = 0
  /** While something is done as at another time. */
  #pinnedMs: number | undefined

  constructor(speed: number, startMs: number) {
    this.speed = speed
    this.startMs = startMs
    this.begin(steadyMs())
  }

  /** Of a world that is being put up: until `begin` all times are long before the run's own. */
  static beforeRun(speed: number, startMs: number): RealTime {
    const time = new RealTime(speed, startMs)
    time.begin(steadyMs() + LONGEST_START_MS)
    return time
  }

  /** The run begins, or has begun: `originMs` by `steadyMs`, the same in both threads. */
  begin(originMs: number): void {
    this.#originMs = originMs
    this.#wallStartMs = Date.now() - (steadyMs() - originMs)
  }

  /** How long this has been kept, on the wall: before and since the run began. */
  get upForMs(): number {
    return steadyMs() - this.#upSinceMs
  }

  get originMs(): number {
    return this.#originMs
  }

  /** Milliseconds of the world since the run began. */
  get nowMs(): number {
    if (this.#pinnedMs !== undefined) return this.#pinnedMs
    return (steadyMs() - this.#originMs) * this.speed
  }

  /** A timer fires late: what it does at once is dated as it was due, as the windows of the run are. */
  asDue(atMs: number, act: () => void): void {
    this.#pinnedMs = atMs
    try {
      act()
    } finally {
      this.#pinnedMs = undefined
    }
  }

  get nowUs(): number {
    return Math.round(this.nowMs * 1_000)
  }

  /** How long the world's milliseconds last on the wall. */
  wall(ms: number): number {
    return ms / this.speed
  }

  /** What a server's clock said, in the run's calendar. */
  toCalendar(serverMs: number): number {
    return this.startMs + (serverMs - this.#wallStartMs) * this.speed
  }

  /** Fires at a time of the world, never early. */
  schedule(atMs: number, fire: () => void): Disposable {
    let timer: NodeJS.Timeout | undefined
    const arm = () => {
      const restMs = this.wall(atMs - this.nowMs)
      timer = setTimeout(
        () => (this.nowMs < atMs ? arm() : fire()),
        Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(restMs))),
      )
    }
    arm()
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  }
}
