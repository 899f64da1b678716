// Whether a system came back after its last fault, and when: by what ended well, and by how long things wait.
import { Histogram } from './histogram.ts'
import { type Point, Series } from './series.ts'

/** For so long all has to be well. */
export const WELL_FOR_MS = 60_000
const SUCCESS_SHARE = 0.99
const WAIT_FACTOR = 2

export interface Recovery {
  /** From the first injection to the last heal. */
  readonly triggerMs: number
  readonly healedAtMs: number
  /** From the last heal; null where it had not recovered when the load ended. */
  readonly afterMs: number | null
  /** How long after the last heal there was load to see it by. */
  readonly watchedMs: number
  /** What was not well yet when it was looked at last: how items ended, or how long the oldest had waited. */
  readonly because: 'success' | 'waiting' | null
  /** Not recovered for longer than the trigger lasted; null where the load ended too early to say. */
  readonly metastable: boolean | null
}

export interface FaultSpan {
  readonly warmupMs: number
  readonly firstMs: number
  readonly lastHealMs: number
  readonly loadEndMs: number
}

/** Samples how old the oldest item is that has not ended, and works it out when the run is over. */
export class RecoveryWatch {
  readonly #span: FaultSpan
  readonly #waits = new Series()
  readonly #before = new Histogram()

  constructor(span: FaultSpan) {
    this.#span = span
  }

  sample(nowMs: number, oldestMs: number): void {
    const { warmupMs, firstMs, lastHealMs } = this.#span
    if (nowMs >= warmupMs && nowMs < firstMs) this.#before.record(oldestMs)
    if (nowMs >= lastHealMs) this.#waits.record(nowMs * 1_000, oldestMs)
  }

  /**
   * Undefined where there was nothing before the faults, or no load for a minute after them: it cannot be said then.
   * Of a run that was cut short nothing is said beyond its end.
   */
  result(succeeded: Series, lost: Series, endMs: number): Recovery | undefined {
    const { warmupMs, firstMs, lastHealMs } = this.#span
    const loadEndMs = Math.min(this.#span.loadEndMs, endMs)
    const ends = new Ends(succeeded.points(), lost.points())
    const share = ends.share(warmupMs, firstMs)
    if (share === undefined || loadEndMs - lastHealMs < WELL_FOR_MS) return undefined
    const most = WAIT_FACTOR * this.#before.quantile(0.99)
    const tooOld = this.#waits.points().flatMap(({ atMs, max }) => (max >= most ? [atMs] : []))
    let because: Recovery['because'] = null
    const afterMs = firstGood(lastHealMs, loadEndMs - WELL_FOR_MS, (atMs) => {
      const untilMs = atMs + WELL_FOR_MS
      const now = ends.share(atMs, untilMs)
      const isWell = now !== undefined && now >= SUCCESS_SHARE * share
      const isPrompt = !tooOld.some((ms) => ms >= atMs && ms < untilMs)
      if (!isWell || !isPrompt) because = isWell ? 'waiting' : 'success'
      return isWell && isPrompt
    })
    const triggerMs = lastHealMs - firstMs
    const watchedMs = loadEndMs - lastHealMs
    const outMs = afterMs ?? watchedMs
    const metastable = outMs > triggerMs ? true : afterMs === null ? null : false
    return { triggerMs, healedAtMs: lastHealMs, afterMs, watchedMs, because, metastable }
  }
}

/** From the last heal, second by second. */
function firstGood(
  fromMs: number,
  lastMs: number,
  isGood: (atMs: number) => boolean,
): number | null {
  for (let atMs = fromMs; atMs <= lastMs; atMs += 1_000) if (isGood(atMs)) return atMs - fromMs
  return null
}

/** How many items ended well and how many did not, until each moment. */
class Ends {
  readonly #succeeded: readonly Point[]
  readonly #lost: readonly Point[]

  constructor(succeeded: readonly Point[], lost: readonly Point[]) {
    this.#succeeded = succeeded
    this.#lost = lost
  }

  /** Undefined where nothing ended. */
  share(fromMs: number, toMs: number): number | undefined {
    const [well, badly] = [within(this.#succeeded, fromMs, toMs), within(this.#lost, fromMs, toMs)]
    return well + badly === 0 ? undefined : well / (well + badly)
  }
}

/** Points stand in order: the first of the span is found by halving. */
function within(points: readonly Point[], fromMs: number, toMs: number): number {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.atMs ?? 0) < fromMs) low = middle + 1
    else high = middle
  }
  let sum = 0
  for (let i = low; i < points.length; i++) {
    const point = points[i]
    if (point === undefined || point.atMs >= toMs) break
    sum += point.sum
  }
  return sum
}
