// What is right in a scenario and yet likely to prove nothing: said by `validate`, with the figure and the cure.
import picomatch from 'picomatch'
import { formatDuration } from '../base/units.ts'
import type { Selection } from '../faults/fault.ts'
import { type PipelineDefinition, routesOf } from '../pipelines/pipeline.ts'
import { dueItems } from './due-items.ts'
import { type Injection, injectionsOf } from './injections.ts'
import type { Problem } from './problems.ts'
import { faultOf, loadOf, pipelineOf, type Resolved } from './schema.ts'

/** With fewer to be expected, there may well be none. */
const FEWEST_TOUCHES = 3

export function warningsOf(scenario: Resolved): Problem[] {
  return [...fewTouches(scenario), ...anyCause(scenario)]
}

function anyCause({ expect, fingerprint }: Resolved): Problem[] {
  if (expect.breach.length === 0 || Object.keys(fingerprint).length > 0) return []
  const message =
    'any cause will do for this breach: a fingerprint would prove that it was this one'
  return [{ path: ['expect', 'breach'], message }]
}

function fewTouches(scenario: Resolved): Problem[] {
  const load = loadOf(scenario)
  const due = dueItems(load, scenario.load)
  const span = { warmupMs: scenario.warmup, loadEndMs: load.durationMs(scenario.load) }
  return scenario.faults.flatMap((options, i): Problem[] => {
    const definition = faultOf(scenario, options)
    const isInstant = definition.instant === true
    const injections = injectionsOf(options, { ...span, isInstant })
    const meets = definition.meets?.(options)
    if (options.mayMiss || meets === undefined || due === undefined) return []
    const items = itemsIn(injections, due)
    const touches =
      meets === 'items' ? items : callsOf(meets, pipelineOf(scenario), scenario, items, injections)
    if (touches === undefined || touches >= FEWEST_TOUCHES) return []
    const many = touches === 0 ? 'no' : `about ${Number(touches.toPrecision(2))}`
    const message = `${many} touch${touches === 1 ? ' is' : 'es are'} to be expected in its ${formatDuration(lengthOf(injections))}; with none the run is inconclusive: ${cure(meets)}`
    return [{ path: ['faults', i], message }]
  })
}

function cure(meets: Selection | 'items'): string {
  const isRare = meets !== 'items' && (meets.probability ?? 1) < 1
  return `let it last longer${isRare ? ' or make it more probable' : ''}, run more seeds, or say mayMiss: true`
}

/** Undefined where it cannot be told how often one of the routes is called, for which keys, or again. */
function callsOf(
  { from, to, route, key, probability = 1, nth = 1, first, attempt = 1 }: Selection,
  pipeline: PipelineDefinition,
  { pipeline: options }: Resolved,
  items: number,
  injections: readonly Injection[],
): number | undefined {
  const traffic = pipeline.traffic?.(options) ?? []
  const told = new Set(traffic.map((calls) => calls.route))
  const isMeant = matcher(route)
  const routes = routesOf(pipeline, options).filter(isMeant)
  if (key !== undefined || attempt > 1 || !routes.every((name) => told.has(name))) return undefined
  const [fromIsMeant, toIsMeant] = [matcher(from), matcher(to)]
  const seconds = lengthOf(injections) / 1_000
  const met = traffic.filter((t) => isMeant(t.route) && fromIsMeant(t.from) && toIsMeant(t.to))
  if (met.some((t) => t.perItem === undefined && t.perSecond === undefined)) return undefined
  const calls = met.reduce(
    (sum, { perItem = 0, perSecond = 0 }) => sum + perItem * items + perSecond * seconds,
    0,
  )
  const acts = calls / nth
  // The first two of many are two for certain: few, and yet not too few.
  const limit = first === undefined || (probability === 1 && acts >= FEWEST_TOUCHES) ? acts : first
  return Math.min(limit, acts) * probability
}

function matcher(pattern: string | undefined): (name: string) => boolean {
  return pattern === undefined ? () => true : picomatch(pattern, { dot: true })
}

function lengthOf(injections: readonly Injection[]): number {
  return injections.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
}

/** Both in order, and no injection begins before the last has ended. */
function itemsIn(injections: readonly Injection[], due: Float64Array): number {
  let items = 0
  let i = 0
  for (const atMs of due) {
    while (i < injections.length && atMs >= (injections[i]?.toMs ?? 0)) i++
    const injection = injections[i]
    if (injection === undefined) break
    if (atMs >= injection.fromMs) items++
  }
  return items
}
