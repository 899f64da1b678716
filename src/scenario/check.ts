// Checks what no schema can: that what a scenario names exists in it, and that times fit.
import { formatDuration, LONGEST_MS } from '../base/units.ts'
import { catalogOf } from '../metrics/catalog.ts'
import { exposedNames } from '../metrics/exposition.ts'
import { checkFaults, whyOutside } from './check-faults.ts'
import { checkAlerts, checkExpectation, checkJudged } from './check-judged.ts'
import { checkPipeline } from './check-pipeline.ts'
import { namesOf } from './names.ts'
import type { Problem } from './problems.ts'
import { loadOf, pipelineOf, type Resolved } from './schema.ts'

/** Item ids have eight digits. */
const MOST_ITEMS = 100_000_000

export async function check(scenario: Resolved): Promise<Problem[]> {
  const contradictions = checkPipeline(scenario)
  if (contradictions.length > 0) return contradictions
  const pipeline = pipelineOf(scenario)
  const load = loadOf(scenario)
  const endMs = load.durationMs(scenario.load)
  const names = namesOf(scenario, pipeline)
  return [
    ...checkLoad(scenario, endMs, load.expected(scenario.load)),
    ...checkEntry(scenario),
    ...checkFaults(scenario, pipeline, endMs),
    ...checkWindows(scenario, endMs),
    ...checkExpectation(scenario),
    ...checkJudged(scenario, names, catalogOf(pipeline)),
    ...(await checkAlerts(scenario, names, exposedNames(pipeline))),
  ]
}

/** `items` is NaN where only the run can tell. */
function checkLoad({ warmup }: Resolved, endMs: number, items: number): Problem[] {
  const problems: Problem[] = []
  if (endMs > LONGEST_MS) problems.push({ path: ['load'], message: 'lasts longer than a year' })
  if (items > MOST_ITEMS)
    problems.push({
      path: ['load'],
      message: `offers ${items.toLocaleString('en')} items; at most ${MOST_ITEMS.toLocaleString('en')} are possible: lower the rate or the time`,
    })
  if (warmup >= endMs)
    problems.push({
      path: ['warmup'],
      message: `the warm-up of ${formatDuration(warmup)} leaves nothing of the load of ${formatDuration(endMs)}`,
    })
  return problems
}

/** Requests need somebody to take them. */
function checkEntry(scenario: Resolved): Problem[] {
  const [load, pipeline] = [loadOf(scenario), pipelineOf(scenario)]
  const isPossible =
    load.asksByHttp !== true || pipeline.entryRoute?.(scenario.pipeline) !== undefined
  if (isPossible) return []
  const message = `'${load.kind}' asks an HTTP entry, and items enter this '${pipeline.kind}' otherwise; 'closed' keeps as many of them under way`
  return [{ path: ['load', 'kind'], message }]
}

function checkWindows({ windows, warmup }: Resolved, endMs: number): Problem[] {
  return Object.entries(windows).flatMap(([name, { at }]) => {
    const message = whyOutside(at, warmup, endMs)
    return message === undefined ? [] : [{ path: ['windows', name, 'at'], message }]
  })
}
