// How many events a scenario may have, by what it says itself: a run that needs many more does not come to its end.
import { compileDistribution, type DistributionSpec } from '../../src/base/distribution.ts'
import { RELAY_MOST_ROWS, RELAY_REST_MS } from '../../src/pipelines/generation/relay.ts'
import { loadOf, pipelineOf, type Resolved } from '../../src/scenario/schema.ts'
import { RECONNECT_MS } from '../../src/worlds/job-queue.ts'

/** Calls of an item, each with its answer, its deadline and what it waits for. */
const PER_ITEM = 60
/** A beat, a scan, a sweep: a call there and back. */
const PER_TICK = 12
/** Nothing that has a period comes at shorter ones than this because of what its calls take. */
const SHORTEST_MS = 0.001

/** A generous bound: items with all their tries, and everything that may be a period at its shortest. */
export function mostEvents(scenario: Resolved): number {
  const endMs = loadOf(scenario).durationMs(scenario.load)
  const horizonMs = endMs + scenario.settle
  const hosts = pipelineOf(scenario).hosts(scenario.pipeline).length + 1
  const pipeline: Options = { ...scenario.pipeline }
  const { items, tries } = { items: itemsOf(scenario), tries: largest(pipeline) }
  const ticks = periods(scenario.pipeline).reduce((sum, ms) => sum + horizonMs / ms, 0)
  const injections = scenario.faults.reduce(
    (sum, { every }) => sum + (every === undefined ? 1 : endMs / every),
    0,
  )
  const idle = takers(pipeline) * (1 + horizonMs / RECONNECT_MS) * PER_TICK
  const ticking = ticks * hosts * PER_TICK + injections * hosts * 10
  // What nobody takes of an outbox is sent again after each rest.
  const untaken = pipeline.callbackOutbox === true ? Math.min(RELAY_MOST_ROWS, items) : 0
  const relayed = untaken * (horizonMs / RELAY_REST_MS) * PER_TICK
  return Math.ceil(20_000 + items * (PER_ITEM + 6 * tries) + ticking + idle + relayed)
}

/** That it offers; where only the run can tell, at most about. */
export function itemsOf(scenario: Resolved): number {
  const endMs = loadOf(scenario).durationMs(scenario.load)
  const expected = loadOf(scenario).expected(scenario.load)
  if (!Number.isNaN(expected)) return expected
  const {
    connections = 1,
    users = connections,
    think,
  } = scenario.load as { users?: number; connections?: number; think?: DistributionSpec }
  // However little a user thinks, an item takes a call there and back.
  const thinkMs = think === undefined ? 0 : compileDistribution(think).meanMs
  return (users * endMs) / Math.max(1, thinkMs / 10)
}

/** What pipelines may have, and other kinds have not. */
interface Options {
  readonly call?: { readonly attempts?: number }
  readonly workers?: number
  readonly slots?: number
  readonly callbackOutbox?: boolean
}

function largest({ call }: Options): number {
  return call?.attempts ?? 1
}

/** Whoever waits for jobs of a queue that may be down, and asks again. */
export function takers({ workers = 0, slots = 0 }: Options): number {
  return workers * slots
}

/** Every time in a pipeline's options could be how often something comes again. */
function periods(options: object): number[] {
  return Object.entries(options).flatMap(([key, value]) => {
    if (typeof value === 'object' && value !== null) return periods(value)
    const isPeriod = /^(every|sweep|idle|interval|period|visibilityTimeout)$/.test(key)
    return isPeriod && typeof value === 'number' ? [Math.max(SHORTEST_MS, value)] : []
  })
}
