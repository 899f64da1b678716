// An item that is pending at the end must have something left to wait for: given time enough, it ends.
import type { RunResult } from '../../src/run/result.ts'
import { type RunOrder, runOnce } from '../../src/run/run.ts'
import { pipelineOf, type Resolved } from '../../src/scenario/schema.ts'
import { TooManyEvents, type Watch } from './watch.ts'
import { takers } from './work.ts'

/** Longer than any timeout, retry or period of what is drawn here. */
const LONG_MS = 2 * 3_600_000
/** Of one try among many: a slow answer, and the wait before it. */
const TRY_MS = 60_000
/** Half a minute. What goes on for longer is not waited for, and nothing is said of it. */
const MOST_EVENTS = 30_000_000

export async function unexplained(
  order: RunOrder,
  { items }: RunResult,
  watch: Watch,
): Promise<string[]> {
  // A worker that died keeps its lease as long as it says, a year perhaps: leases of a millisecond would be renewed for hours.
  const { pipeline } = order.scenario
  if (pipeline.kind === 'generation' && pipeline.acknowledge === 'late') return []
  watch.begin(MOST_EVENTS)
  // Who finds every slot taken waits for its turn.
  const turns = (items.offered + items.pending) / Math.max(1, takers(order.scenario.pipeline))
  const longMs = LONG_MS + mostTries(order.scenario) * Math.ceil(turns) * TRY_MS
  const scenario = { ...order.scenario, settle: order.scenario.settle + longMs }
  const endsMs: number[] = []
  const longer = await runOnce({
    ...order,
    scenario,
    observer: ({ event, atMs }) => {
      if (event === 'fate') endsMs.push(atMs)
    },
  }).catch((error: unknown) => {
    if (!(error instanceof TooManyEvents)) throw error
  })
  if (longer === undefined) return []
  if (longer.items.succeeded < items.succeeded)
    return [`${items.succeeded} succeeded, and with more time only ${longer.items.succeeded}`]
  // What is given up when the run is over ends at its last moment.
  const lastMs = endsMs.findLast((ms) => ms < longer.simulatedMs) ?? 0
  const isUnderWay = lastMs > longer.simulatedMs - longMs / 2
  if (longer.items.pending === 0 || isUnderWay || isExplained(scenario, longer)) return []
  const waiting = `${longMs / 3_600_000} hours later ${longer.items.pending}, and none since ${lastMs} ms`
  return [`${items.pending} are pending, ${waiting}`]
}

function mostTries({ pipeline }: Resolved): number {
  if (pipeline.kind !== 'generation') return 0
  const { task, ...stages } = pipeline.attempts
  return task * Math.max(...Object.values(stages))
}

/** What its options say will be kept for ever. */
function isExplained(scenario: Resolved, { metrics }: RunResult): boolean {
  const { pipeline } = scenario
  // What died with a host is pending, where no rule says what becomes of it.
  const isAnyDecided = pipelineOf(scenario).outcomes.some(({ on }) => on === 'end')
  if (!isAnyDecided && scenario.faults.some(({ kind }) => kind.startsWith('host.'))) return true
  // Left alone where the first scan after a start found it; or held until a service registers, which none does.
  return (
    pipeline.kind === 'inference' &&
    (pipeline.scan.existing === 'ignore' ||
      (pipeline.onNoService === 'hold' && metrics.services_registered?.value === 0))
  )
}
