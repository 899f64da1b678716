// Conducts a run in whichever world: load, timeline, alerts and progress, until all is settled.
import { AftershockError, UserCodeError } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { readSeries } from '../metrics/exposition.ts'
import { type AlertEvaluator, SCRAPE_MS } from '../verdict/alerts.ts'
import type { Saturation } from '../worlds/saturation.ts'
import type { Hands, Item } from '../worlds/world.ts'
import { again } from './again.ts'
import type { BeforeFaults } from './before-faults.ts'
import type { Books } from './books.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { CourseReader } from './course.ts'
import { LoadDriver } from './drive.ts'
import { type Glimpse, watcher } from './glimpse.ts'
import type { Plan } from './plan.ts'
import type { Stage, Timeline } from './timeline.ts'

/** `share`: how far the load has come, 0 to 1. */
export type Tell = (share: number, look?: Look) => void
/** Costs something only when it is called, which is while progress is told. */
export type Look = () => Glimpse

/** What conducting needs of a world. */
export interface ConductedWorld extends Stage {
  readonly random: Random
  offer(entry: string, item: Item): void
  saturate(entry: string, load: Saturation): void
  startHosts(): void
  /** Lets time pass until `stop`. */
  run(): Promise<void>
  stop(): void
  /** Ends `run` with an error: code of the pipeline threw. */
  fail(error: unknown): void
  stopLoad: Hands['stopLoad']
}

export interface Conducted {
  readonly plan: Plan
  readonly books: Books
  readonly timeline: Timeline
  readonly alerts: AlertEvaluator
  readonly before: BeforeFaults
  readonly signal: AbortSignal | undefined
  readonly onProgress: Tell | undefined
  /** Whether progress comes with what can be seen of the run. */
  readonly glimpses?: boolean
  /** How often progress is told, at most this many ms of the world; default a hundredth of the load. */
  readonly tellEveryMs?: number
  readonly checkpoints: Checkpoints
  /** Where somebody is going to draw charts. */
  readonly course: CourseReader | undefined
}

/** Once the last item has ended, what is under way beside it (a publication, say) has this long to finish. */
const GRACE_MS = 1_000

export async function conduct(world: ConductedWorld, run: Conducted): Promise<void> {
  const { plan, books, timeline, alerts, signal, onProgress, before, checkpoints, course } = run
  const { ledger, trace } = books
  const driver = new LoadDriver(
    {
      get nowMs() {
        return world.nowMs
      },
      schedule: (atMs, fire) => world.schedule(atMs, fire),
      offer: (item) => world.offer(plan.pipeline.entry, item),
      saturate: (load) => world.saturate(plan.pipeline.entry, load),
    },
    world.random.fork('load'),
  )
  world.stopLoad = () => driver.stop()
  let loadIsOver = false
  // Who was not told may still be told, or ask again: until then there is something under way.
  const isSettled = () =>
    loadIsOver && ledger.openCount === 0 && (ledger.told === undefined || ledger.told.untold === 0)
  const finishIfSettled = () => {
    // An item that was due at the very end of the load may have been offered since.
    if (isSettled()) world.schedule(world.nowMs + GRACE_MS, () => isSettled() && world.stop())
  }
  ledger.onEnd = (index) => {
    driver.ended(index)
    finishIfSettled()
  }
  if (ledger.told !== undefined) ledger.told.onTold = finishIfSettled
  // While time runs, so that what a host's main throws at once ends the run too.
  world.schedule(0, () => world.startHosts())
  before.watch(world)
  timeline.start(world, trace)
  plan.load.start(plan.scenario.load, driver)
  world.schedule(plan.loadEndMs, () => {
    loadIsOver = true
    timeline.healAll()
    finishIfSettled()
  })
  world.schedule(plan.loadEndMs + plan.scenario.settle, () => world.stop())
  if (books.recovery !== undefined) everySecond(world, plan.loadEndMs, books)
  if (plan.scenario.alerts.length > 0) everyScrape(world, books, alerts)
  if (onProgress !== undefined) tellProgress(world, run, onProgress)
  checkpoints.watch(world, trace)
  if (course !== undefined)
    again(world, (nowMs) => {
      course.read(nowMs)
      return course.stepMs(nowMs)
    })
  const stop = () => world.stop()
  signal?.addEventListener('abort', stop)
  // Interrupted while the world was being built.
  if (signal?.aborted === true) world.schedule(0, stop)
  try {
    await untilItStops(world)
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** While there is load: how long the oldest item has waited. Not part of the trace. */
function everySecond(world: ConductedWorld, endMs: number, { ledger, recovery }: Books): void {
  const sample = () => {
    const { nowMs } = world
    recovery?.sample(nowMs, ledger.oldestMs(nowMs * 1_000))
    if (nowMs < endMs) world.schedule(nowMs + 1_000, sample)
  }
  world.schedule(0, sample)
}

function everyScrape(world: ConductedWorld, books: Books, alerts: AlertEvaluator): void {
  const read = (name: string) => readSeries(books, name)
  again(world, (nowMs) => {
    alerts.scrape(nowMs, read)
    return SCRAPE_MS
  })
}

/** A hundred times until the load ends, or as often as is asked for; not part of the trace. */
function tellProgress(world: ConductedWorld, run: Conducted, tell: Tell): void {
  const { plan, books, glimpses = false, tellEveryMs = Number.POSITIVE_INFINITY } = run
  const endMs = plan.loadEndMs
  const look = glimpses ? watcher(plan, books, world) : undefined
  const everyMs = Math.max(1, Math.min(endMs / 100, tellEveryMs))
  again(world, (nowMs) => {
    tell(Math.min(1, nowMs / endMs), look)
    return nowMs < endMs ? everyMs : undefined
  })
}

/** A promise of the pipeline that nobody awaited and that failed is the pipeline's bug, not a crash of ours. */
export async function untilItStops(world: Pick<ConductedWorld, 'run' | 'fail'>): Promise<void> {
  const stray = (error: unknown) =>
    world.fail(
      error instanceof AftershockError
        ? error
        : new UserCodeError("a promise that nobody awaited, such as an intake's,", error),
    )
  process.on('unhandledRejection', stray)
  try {
    await world.run()
  } finally {
    process.off('unhandledRejection', stray)
  }
}
