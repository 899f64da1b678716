// What the screen shows, gathered from the runs as they tell of themselves: plain data, whatever draws it.
import type { Glimpse } from '../../run/glimpse.ts'
import type { RunResult, Verdict } from '../../run/result.ts'

/** How many points a sparkline remembers. */
const REMEMBERED = 120
/** More often nobody sees it. */
const LOOK_EVERY_MS = 100

export interface Running {
  readonly scenario: string
  readonly variant: string
  readonly seed: number
  readonly startedMs: number
  lookedMs: number
  share: number
  glimpse: Glimpse | undefined
  /** Since the glimpse before, per second of the world. */
  readonly succeededPerSecond: number[]
  readonly lostShare: number[]
}

export interface View {
  readonly world: string
  readonly total: number
  readonly startedMs: number
  nowMs: number
  /** In the order in which they began. */
  readonly running: readonly Running[]
  readonly done: Readonly<Record<Verdict, number>>
  isStopping: boolean
}

export class LiveView implements View {
  readonly world: string
  readonly total: number
  readonly startedMs: number
  readonly done = { pass: 0, fail: 0, inconclusive: 0 }
  nowMs: number
  isStopping = false
  readonly #running = new Map<string, Running>()

  constructor(world: string, total: number, nowMs: number) {
    this.world = world
    this.total = total
    this.startedMs = nowMs
    this.nowMs = nowMs
  }

  get running(): readonly Running[] {
    return [...this.#running.values()]
  }

  progress(
    scenario: string,
    variant: string,
    seed: number,
    share: number,
    look: (() => Glimpse) | undefined,
    nowMs: number,
  ): void {
    this.nowMs = nowMs
    const key = keyOf(scenario, variant, seed)
    let run = this.#running.get(key)
    if (run === undefined) {
      run = {
        scenario,
        variant,
        seed,
        startedMs: nowMs,
        lookedMs: Number.NEGATIVE_INFINITY,
        share,
        glimpse: undefined,
        succeededPerSecond: [],
        lostShare: [],
      }
      this.#running.set(key, run)
    }
    run.share = share
    if (nowMs - run.lookedMs < LOOK_EVERY_MS) return
    run.lookedMs = nowMs
    remember(run, look?.())
  }

  ended({ scenario, variant, seed, verdict }: RunResult): void {
    this.#running.delete(keyOf(scenario, variant, seed))
    this.done[verdict]++
  }
}

function remember(run: Running, glimpse: Glimpse | undefined): void {
  const before = run.glimpse
  if (glimpse === undefined) return
  run.glimpse = glimpse
  if (before === undefined || glimpse.nowMs <= before.nowMs) return
  const seconds = (glimpse.nowMs - before.nowMs) / 1_000
  const succeeded = glimpse.succeeded - before.succeeded
  const lost = glimpse.lost - before.lost
  run.succeededPerSecond.push(succeeded / seconds)
  run.lostShare.push(succeeded + lost === 0 ? 0 : Math.max(0, lost) / (succeeded + lost))
  for (const points of [run.succeededPerSecond, run.lostShare])
    if (points.length > REMEMBERED) points.shift()
}

function keyOf(scenario: string, variant: string, seed: number): string {
  return JSON.stringify([scenario, variant, seed])
}
