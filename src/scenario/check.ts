// Checks what no schema can: that metrics, tags, routes and hosts named in a scenario exist in it, and that times fit.
import { listed, suggestion } from '../base/suggest.ts'
import { formatDuration, LONGEST_MS } from '../base/units.ts'
import { catalogOf, type Metric } from '../metrics/catalog.ts'
import { exposedNames } from '../metrics/exposition.ts'
import type { PipelineDefinition } from '../pipelines/pipeline.ts'
import { readExpression, readMetric } from '../verdict/expression.ts'
import { parsePromql } from '../verdict/promql.ts'
import { STORE_ROUTES } from '../worlds/world.ts'
import { checkFaults, whyOutside } from './check-faults.ts'
import type { Problem } from './problems.ts'
import { loadOf, pipelineOf, type Resolved } from './schema.ts'
import type { Path } from './source.ts'

/** Item ids have eight digits. */
const MOST_ITEMS = 100_000_000

export async function check(scenario: Resolved): Promise<Problem[]> {
  const pipeline = pipelineOf(scenario)
  const load = loadOf(scenario)
  const endMs = load.durationMs(scenario.load)
  return [
    ...checkLoad(scenario, endMs, load.expected(scenario.load)),
    ...checkFaults(scenario, pipeline, endMs),
    ...checkWindows(scenario, endMs),
    ...checkJudged(scenario, pipeline),
    ...checkBreach(scenario),
    ...checkMissed(scenario),
    ...(await checkAlerts(scenario, pipeline)),
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

function checkWindows({ windows, warmup }: Resolved, endMs: number): Problem[] {
  return Object.entries(windows).flatMap(([name, { at }]) => {
    const message = whyOutside(at, warmup, endMs)
    return message === undefined ? [] : [{ path: ['windows', name, 'at'], message }]
  })
}

function checkJudged(scenario: Resolved, pipeline: PipelineDefinition): Problem[] {
  const catalog = catalogOf(pipeline)
  const values = tagValues(scenario, pipeline)
  return (['thresholds', 'fingerprint'] as const).flatMap((section) =>
    Object.entries(scenario[section]).flatMap(([key, expressions]) =>
      checkMetric(key, expressions, [section, key], catalog, values),
    ),
  )
}

type TagValues = Readonly<Record<string, readonly string[]>>

function checkMetric(
  key: string,
  expressions: readonly string[],
  path: Path,
  catalog: ReadonlyMap<string, Metric>,
  values: TagValues,
): Problem[] {
  const onKey = (message: string): Problem[] => [{ path, on: 'key', message }]
  const read = readMetric(key, catalog)
  if ('problem' in read) return onKey(read.problem)
  const { metric, tags, name } = read.ok
  if (name.startsWith('part_') && tags.part === undefined)
    return onKey(`${name} needs a part: ${name}{part:…}; known: ${listed(values.part ?? [])}`)
  const wrong = Object.entries(tags).find(
    ([tag, value]) => values[tag] !== undefined && !values[tag].includes(value),
  )
  if (wrong !== undefined) return onKey(unknownTagValue(...wrong, values))
  return expressions.flatMap((expression, i): Problem[] => {
    const parsed = readExpression(expression, metric)
    return 'problem' in parsed ? [{ path: [...path, i], message: parsed.problem }] : []
  })
}

/** What gives a tag its first value. */
const REMEDY: Readonly<Record<string, string>> = {
  fault: '; give the fault that name: {kind: …, name: …}',
  window: '; say when it is: windows: {name: {at: …, for: …}}',
}

function unknownTagValue(tag: string, value: string, values: TagValues): string {
  const known = values[tag] ?? []
  if (known.length > 0) return `no ${tag} '${value}' in this scenario${suggestion(value, known)}`
  return `no ${tag} '${value}' in this scenario${REMEDY[tag] ?? ''}`
}

function tagValues(scenario: Resolved, pipeline: PipelineDefinition): TagValues {
  const hosts = pipeline.hosts(scenario.pipeline).map((host) => host.name)
  return {
    phase: ['warmup', 'before', 'fault', 'after'],
    fault: scenario.faults.flatMap((f) => f.name ?? []),
    window: Object.keys(scenario.windows),
    route: [...STORE_ROUTES, ...Object.keys(pipeline.routes)],
    line: pipeline.lines,
    part: [...pipeline.parts, ...hosts],
  }
}

/** `expect.breach` names thresholds of this variant, as they are written there. */
function checkBreach({ expect, thresholds }: Resolved): Problem[] {
  const known = Object.keys(thresholds)
  const problem = (metric: string) =>
    `'${metric}' is no threshold of this variant${known.length === 0 ? ', which has none' : suggestion(metric, known)}`
  return expect.breach.flatMap((metric, i) =>
    known.includes(metric) ? [] : [{ path: ['expect', 'breach', i], message: problem(metric) }],
  )
}

/** A candidate without facts cannot be refuted by them. */
function checkMissed({ expect, fingerprint }: Resolved): Problem[] {
  if (expect.fingerprint !== 'missed' || Object.keys(fingerprint).length > 0) return []
  return [
    { path: ['expect', 'fingerprint'], message: 'there is no fingerprint that it could miss' },
  ]
}

async function checkAlerts({ alerts }: Resolved, pipeline: PipelineDefinition): Promise<Problem[]> {
  const names = exposedNames(pipeline)
  const problems = await Promise.all(
    alerts.map(async ({ expr }, i): Promise<Problem[]> => {
      const parsed = await parsePromql(expr, names)
      return 'problem' in parsed ? [{ path: ['alerts', i, 'expr'], message: parsed.problem }] : []
    }),
  )
  return problems.flat()
}
