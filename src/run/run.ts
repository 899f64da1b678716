// One run: opens the books, lets the world run, and judges what was measured.
import { AftershockError, ExitCode } from '../base/errors.ts'
import { catalogOf } from '../metrics/catalog.ts'
import { exposedNames } from '../metrics/exposition.ts'
import type { Observer } from '../metrics/history.ts'
import type { Unexplained } from '../metrics/select.ts'
import type { PipelineDefinition } from '../pipelines/pipeline.ts'
import type { Resolved } from '../scenario/schema.ts'
import { AlertEvaluator } from '../verdict/alerts.ts'
import { guardExits } from '../worlds/virtual/leaks.ts'
import { VirtualWorld } from '../worlds/virtual/world.ts'
import { sayExpected } from './asserted.ts'
import { BeforeFaults } from './before-faults.ts'
import { type Books, openBooks } from './books.ts'
import { burdenOf, untoldOf } from './burden.ts'
import { Checkpoints } from './checkpoints.ts'
import { type Conducted, conduct, type Tell } from './conduct.ts'
import { CourseReader } from './course.ts'
import { MOST_ITEMS } from './drive.ts'
import { undeclaredCalls } from './egress.ts'
import { impliedBy, withForbidden } from './forbidden.ts'
import { judge, judgeAll } from './judge.ts'
import { booksOf, failuresOf, itemsOf, metricsOf, partsOf, reportedOf } from './measure.ts'
import { type Plan, planOf } from './plan.ts'
import type { AlertOutcome, RunResult } from './result.ts'
import { saidOf } from './said.ts'
import { Timeline } from './timeline.ts'
import { judgeBothWays, unexplainedIn } from './unexplained.ts'
import { unseen } from './unseen.ts'
import { windowFigures } from './window-table.ts'

export interface RunOrder {
  readonly scenario: Resolved
  readonly file: string
  readonly variant: string
  readonly brief: boolean
  readonly seed: number
  /** Ends the run early; what was measured until then is judged `interrupted`. */
  readonly signal?: AbortSignal
  /** Told now and then how far the run has come, 0 to 1. */
  readonly onProgress?: Tell
  /** Whether progress comes with what can be seen of the run. */
  readonly glimpses?: boolean
  /** Told of every event, in order. */
  readonly observer?: Observer
  /** Whether its course is kept, for charts. */
  readonly course?: boolean
  /** Wall-clock milliseconds; the core has none of its own. */
  readonly wallMs: () => number
}

/** Lets a world run to its end; when that was, in microseconds of the world, and what else it tells of itself. */
export type Conductor = (run: Conducted, seed: number) => Promise<Ended>

export interface Ended {
  readonly world: RunResult['world']
  readonly endUs: number
  /** What makes its figures unfit for a verdict: a part that could not keep up. */
  readonly unfit: readonly string[]
  /** Which servers it ran on, and how well it kept time. */
  readonly environment?: RunResult['environment']
}

export async function runOnce(order: RunOrder, conductor?: Conductor): Promise<RunResult> {
  return runPlan(planOf(order.scenario), order, conductor)
}

/** Runs a plan whose pipeline need not be a bundled one. */
export async function runPlan(
  plan: Plan,
  order: Omit<RunOrder, 'scenario'>,
  conductor: Conductor = virtually,
): Promise<RunResult> {
  const startedMs = order.wallMs()
  const { scenario, pipeline } = plan
  const catalog = catalogOf(pipeline)
  const books = openBooks(plan, order.observer)
  const { ledger, recorder, trace } = books
  const alerts = await AlertEvaluator.create(scenario.alerts, exposedNames(pipeline))
  const timeline = new Timeline(plan.faults)
  const before = new BeforeFaults(plan, catalog, books)
  const { signal, onProgress, seed } = order
  const checkpoints = new Checkpoints(plan.loadEndMs)
  const course = order.course === true ? new CourseReader(plan, books) : undefined
  const conducted = {
    plan,
    books,
    timeline,
    alerts,
    signal,
    onProgress,
    glimpses: order.glimpses === true,
    before,
    checkpoints,
    course,
  }
  const ended = await conductor(conducted, seed).catch((error: unknown) => {
    throw inFile(order.file, error)
  })
  const { endUs } = ended
  ledger.settle(endUs)
  recorder.close(endUs)
  const recovery = books.recovery?.result(ledger.succeededSeries, ledger.lostSeries, endUs / 1_000)
  const measured = { ledger, recorder, endUs, recovery }
  const [upstreams, untold] = [burdenOf(measured), untoldOf(measured)]
  refuseImbalance(ledger.imbalance())

  const items = itemsOf(measured)
  const faults = timeline.report()
  const outcomes = alerts
    .results(plan.firstFaultMs, endUs / 1_000, plan.loadEndMs)
    .map((alert): AlertOutcome => ({ ...alert, expect: sayExpected(alert.expect) }))
  const judgeAs = (unexplained: Unexplained | undefined) => {
    const seen = { ...measured, unexplained }
    const thresholds = judgeAll(scenario.thresholds, seen, catalog)
    const fingerprint = judgeAll(scenario.fingerprint, seen, catalog)
    const judgement = judge({
      scenario: unexplained === undefined ? scenario : { ...scenario, pending: 'allowed' },
      interrupted: order.signal?.aborted === true,
      items,
      dropped: ledger.dropped,
      pendingInWarmup: ledger.pending({ phase: 'warmup' }),
      thresholds,
      fingerprint,
      alerts: outcomes,
      unfit: ended.unfit,
      unseen: unseen({ plan, measured, catalog, thresholds, fingerprint, before }),
    })
    return { thresholds, fingerprint, judgement }
  }
  const traceOf = (item: string) => pipeline.traceparent?.(scenario.pipeline, item, order.seed)
  const isTwofold = pipeline.mayBeUnexplained === true && scenario.pending === 'forbidden'
  const { thresholds, fingerprint, judgement } = isTwofold
    ? judgeBothWays(ledger, judgeAs, traceOf, ended.unfit)
    : judgeAs(undefined)
  const implied = judgeAll(impliedBy(pipeline, scenario), measured, catalog)
  const judged = withForbidden(judgement, implied)
  const failures = failuresOf(
    measured,
    pipeline.traceparent === undefined ? undefined : (item) => traceOf(item),
  )
  const said = saidOf(ended.environment?.outputs ?? [], [
    ...failures.flatMap(({ example }) => (example === undefined ? [] : [example])),
    ...(isTwofold ? unexplainedIn(ledger, traceOf) : []),
  ])
  return {
    scenario: scenario.name ?? order.file,
    file: order.file,
    variant: order.variant,
    ...(scenario.incident === undefined ? {} : { incident: scenario.incident }),
    ...(scenario.about === undefined ? {} : { about: scenario.about }),
    world: ended.world,
    brief: order.brief,
    seed: order.seed,
    ...judged,
    reasons: [...judged.reasons, ...undeclaredCalls(ended.environment)],
    expect: expectationOf(scenario),
    simulatedMs: endUs / 1_000,
    wallMs: order.wallMs() - startedMs,
    ...(ended.world === 'virtual'
      ? { digest: trace.digest(), checkpoints: checkpoints.digests() }
      : { digest: null }),
    items,
    failures,
    attempts: recorder.routes.flatMap((route) => route.counts({})),
    metrics: metricsOf(measured, catalog),
    reported: reportedOf(measured),
    books: booksOf(measured, pipeline),
    thresholds: [...thresholds, ...implied],
    fingerprint,
    faults,
    alerts: outcomes,
    parts: partsOf(measured),
    ...(recovery === undefined ? {} : { recovery }),
    ...(Object.keys(scenario.windows).length === 0
      ? {}
      : { windows: windowFigures(measured, scenario) }),
    ...(upstreams === undefined ? {} : { upstreams }),
    ...(untold === undefined ? {} : { untold }),
    ...(said.length === 0 ? {} : { said }),
    ...(ended.environment === undefined ? {} : { environment: ended.environment }),
    ...(course === undefined ? {} : { course: course.course(endUs / 1_000) }),
  }
}

const virtually: Conductor = async (run, seed) => {
  const world = virtualWorld(run.plan, run.books, seed)
  // The bundled kinds have been looked through; of a user's own nobody has.
  using _guard =
    run.plan.scenario.modules === undefined ? null : guardExits((leak) => world.fail(leak))
  await conduct(world, run)
  return { world: 'virtual', endUs: world.clock.nowUs, unfit: [] }
}

function virtualWorld(plan: Plan, { recorder, ledger }: Books, seed: number): VirtualWorld {
  const { pipeline, scenario } = plan
  const world = new VirtualWorld({
    seed,
    startMs: scenario.start,
    recorder,
    ledger,
    routes: Object.entries(pipeline.routes).map(([route, { key }]) =>
      key === undefined ? { route } : { route, key },
    ),
    itemOf: itemsOnly(pipeline),
    uses: pipeline.uses?.(scenario.pipeline) ?? {},
  })
  for (const host of plan.hosts) world.addHost(host.name, (ports) => host.main(ports))
  return world
}

/** A number with more digits than an item's id is something else. */
function itemsOnly(pipeline: PipelineDefinition): (key: string) => number {
  return (key) => {
    const item = pipeline.itemOf(key)
    return item < MOST_ITEMS ? item : -1
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

function expectationOf({ expect, holds }: Resolved): RunResult['expect'] {
  const { breach, fingerprint, holds: share = holds } = expect
  return { breach, fingerprint, ...(share === undefined ? {} : { holds: share }) }
}

/** A process that does not start is told with its scenario's file: of several nobody else could say which. */
function inFile(file: string, error: unknown): unknown {
  if (!(error instanceof AftershockError) || error.code !== 'process') return error
  const { code, message, exitCode, hint, cause } = error
  return new AftershockError(code, `${file}: ${message}`, {
    exitCode,
    cause,
    ...(hint === undefined ? {} : { hint }),
  })
}
