// One run: builds the world, drives the load, heals, settles, and judges what was measured.
import { AftershockError, ExitCode, UserCodeError } from '../base/errors.ts'
import { catalogOf } from '../metrics/catalog.ts'
import { exposedNames, readSeries } from '../metrics/exposition.ts'
import { Ledger } from '../metrics/ledger.ts'
import { Recorder } from '../metrics/recorder.ts'
import { Trace } from '../metrics/trace.ts'
import type { PipelineDefinition } from '../pipelines/pipeline.ts'
import type { Resolved } from '../scenario/schema.ts'
import { AlertEvaluator, SCRAPE_MS } from '../verdict/alerts.ts'
import { VirtualWorld } from '../worlds/virtual/world.ts'
import { STORE_ROUTES } from '../worlds/world.ts'
import { BeforeFaults } from './before-faults.ts'
import { LoadDriver } from './drive.ts'
import { judge, judgeAll } from './judge.ts'
import { booksOf, failuresOf, itemsOf, metricsOf, partsOf, reportedOf } from './measure.ts'
import { type Plan, planOf, windowsOf } from './plan.ts'
import type { AlertOutcome, RunResult } from './result.ts'
import { Timeline } from './timeline.ts'
import { unseen } from './unseen.ts'

export interface RunOrder {
  readonly scenario: Resolved
  readonly file: string
  readonly variant: string
  readonly brief: boolean
  readonly seed: number
  /** Ends the run early; what was measured until then is judged `interrupted`. */
  readonly signal?: AbortSignal
  /** Told now and then how far the run has come, 0 to 1. */
  readonly onProgress?: (share: number) => void
  /** Wall-clock milliseconds; the core has none of its own. */
  readonly wallMs: () => number
}

/** Once the last item has ended, what is under way beside it (a publication, say) has this long to finish. */
const GRACE_MS = 1_000

export async function runOnce(order: RunOrder): Promise<RunResult> {
  const startedMs = order.wallMs()
  const plan = planOf(order.scenario)
  const { scenario, pipeline } = plan
  const catalog = catalogOf(pipeline)
  const names = [...STORE_ROUTES, ...Object.keys(pipeline.routes)]
  const windows = windowsOf(plan)
  const trace = new Trace()
  const recorder = new Recorder(windows, trace, names)
  // A series that is there from the start shows its first increase, too.
  for (const line of pipeline.lines) recorder.log(line)
  for (const name of ['broken_pipes', ...countersOf(pipeline)]) recorder.counter(name)
  const ledger = new Ledger(windows, trace, names, pipeline.outcomes)
  const world = new VirtualWorld({
    seed: order.seed,
    startMs: scenario.start,
    recorder,
    ledger,
    routes: Object.entries(pipeline.routes).map(([route, { key }]) =>
      key === undefined ? { route } : { route, key },
    ),
    rules: pipeline.outcomes,
    itemOf: (key) => pipeline.itemOf(key),
  })
  for (const host of plan.hosts) world.addHost(host.name, (ports) => host.main(ports))
  const alerts = await AlertEvaluator.create(scenario.alerts, exposedNames(pipeline))
  const timeline = new Timeline(plan.faults)
  const before = new BeforeFaults(plan, catalog)
  before.watch(world)
  await simulate(world, plan, timeline, alerts, order)
  const endUs = world.clock.nowUs
  ledger.settle(endUs)
  recorder.close(endUs)
  const measured = { ledger, recorder, endUs }
  refuseImbalance(ledger.imbalance())

  const items = itemsOf(measured)
  const faults = timeline.report()
  const outcomes = alerts.results(plan.firstFaultMs, endUs / 1_000, plan.loadEndMs).map(asOutcome)
  const thresholds = judgeAll(scenario.thresholds, measured, catalog)
  const fingerprint = judgeAll(scenario.fingerprint, measured, catalog)
  const judgement = judge({
    scenario,
    interrupted: order.signal?.aborted === true,
    items,
    dropped: ledger.dropped,
    pendingInWarmup: ledger.pending({ phase: 'warmup' }),
    thresholds,
    fingerprint,
    alerts: outcomes,
    unseen: unseen({ plan, measured, catalog, thresholds, fingerprint, before }),
  })
  return {
    scenario: scenario.name ?? order.file,
    file: order.file,
    variant: order.variant,
    ...(scenario.incident === undefined ? {} : { incident: scenario.incident }),
    ...(scenario.about === undefined ? {} : { about: scenario.about }),
    world: 'virtual',
    brief: order.brief,
    seed: order.seed,
    ...judgement,
    expect: { breach: scenario.expect.breach, fingerprint: scenario.expect.fingerprint },
    simulatedMs: endUs / 1_000,
    wallMs: order.wallMs() - startedMs,
    digest: trace.digest(),
    items,
    failures: failuresOf(measured),
    attempts: recorder.routes.flatMap((route) => route.counts({})),
    metrics: metricsOf(measured, catalog),
    reported: reportedOf(measured),
    books: booksOf(measured, pipeline),
    thresholds,
    fingerprint,
    faults,
    alerts: outcomes,
    parts: partsOf(measured),
  }
}

async function simulate(
  world: VirtualWorld,
  plan: Plan,
  timeline: Timeline,
  alerts: AlertEvaluator,
  order: RunOrder,
): Promise<void> {
  const { ledger, recorder, clock } = world
  const driver = new LoadDriver(
    {
      get nowMs() {
        return world.nowMs
      },
      schedule: (atMs, fire) => world.schedule(atMs, fire),
      offer: (item) => world.offer(plan.pipeline.entry, item),
    },
    world.random.fork('load'),
  )
  world.stopLoad = () => driver.stop()
  let loadIsOver = false
  const isSettled = () => loadIsOver && ledger.openCount === 0
  const finishIfSettled = () => {
    // An item that was due at the very end of the load may have been offered since.
    if (isSettled()) world.schedule(world.nowMs + GRACE_MS, () => isSettled() && clock.stop())
  }
  ledger.onEnd = (index) => {
    driver.ended(index)
    finishIfSettled()
  }
  // While the clock runs, so that what a host's main throws at once ends the run too.
  world.schedule(0, () => world.startHosts())
  timeline.start(world, recorder.trace)
  plan.load.start(plan.scenario.load, driver)
  world.schedule(plan.loadEndMs, () => {
    loadIsOver = true
    timeline.healAll()
    finishIfSettled()
  })
  world.schedule(plan.loadEndMs + plan.scenario.settle, () => clock.stop())
  if (plan.scenario.alerts.length > 0) everyScrape(world, alerts)
  if (order.onProgress !== undefined) tellProgress(world, plan.loadEndMs, order.onProgress)
  const stop = () => clock.stop()
  order.signal?.addEventListener('abort', stop)
  try {
    await runClock(world)
  } finally {
    order.signal?.removeEventListener('abort', stop)
  }
}

function countersOf({ metrics }: PipelineDefinition): string[] {
  return Object.entries(metrics).flatMap(([name, { type }]) => (type === 'counter' ? [name] : []))
}

function everyScrape(world: VirtualWorld, alerts: AlertEvaluator): void {
  const read = (name: string) => readSeries(world, name)
  const scrape = () => {
    alerts.scrape(world.nowMs, read)
    world.schedule(world.nowMs + SCRAPE_MS, scrape)
  }
  world.schedule(0, scrape)
}

/** A hundred times per run, however long it is; not part of the trace. */
function tellProgress(world: VirtualWorld, endMs: number, tell: (share: number) => void): void {
  const step = () => {
    tell(Math.min(1, world.nowMs / endMs))
    world.schedule(world.nowMs + endMs / 100, step)
  }
  world.schedule(0, step)
}

/** A promise of the pipeline that nobody awaited and that failed is the pipeline's bug, not a crash of ours. */
export async function runClock(world: VirtualWorld): Promise<void> {
  const stray = (error: unknown) =>
    world.clock.fail(
      error instanceof AftershockError
        ? error
        : new UserCodeError('a promise that nobody awaited', error),
    )
  process.on('unhandledRejection', stray)
  try {
    await world.clock.run()
  } finally {
    process.off('unhandledRejection', stray)
  }
}

function refuseImbalance(rest: number): void {
  if (rest === 0) return
  throw new AftershockError(
    'conservation',
    `${Math.abs(rest)} items ${rest > 0 ? 'have no fate' : 'have more than one fate'}`,
    {
      exitCode: ExitCode.ourBug,
      hint: 'This is a bug of Aftershock: please report it with the scenario and seed.',
    },
  )
}

function asOutcome({
  expect,
  ...alert
}: ReturnType<AlertEvaluator['results']>[number]): AlertOutcome {
  const said =
    expect === null
      ? null
      : expect === 'never'
        ? 'never'
        : `fires within ${expect.firesWithinMs / 1_000} s`
  return { ...alert, expect: said }
}
