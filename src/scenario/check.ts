// Checks what no schema can: that metrics, routes, hosts and keys named in a scenario exist in it, and that times fit.
import picomatch from 'picomatch'
import { must } from '../base/assert.ts'
import { suggestion } from '../base/suggest.ts'
import { formatDuration } from '../base/units.ts'
import type { Targets } from '../faults/fault.ts'
import { catalogOf, type Metric } from '../metrics/catalog.ts'
import { exposedNames } from '../metrics/exposition.ts'
import type { PipelineDefinition } from '../pipelines/pipeline.ts'
import { readExpression, readMetric } from '../verdict/expression.ts'
import { parsePromql } from '../verdict/promql.ts'
import type { Problem } from './problems.ts'
import { faults, loads, pipelines, type Resolved } from './schema.ts'

export const STORE_NAME = 'objects'
export const STORE_ROUTES = ['put', 'head', 'fetch', 'delete', 'deleteMany', 'list']

export async function check(scenario: Resolved): Promise<Problem[]> {
  const pipeline = must(pipelines.find((p) => p.kind === scenario.pipeline.kind), 'the schema knows the pipeline')
  return [
    ...checkLoad(scenario),
    ...checkFaults(scenario, pipeline),
    ...checkJudged(scenario, pipeline),
    ...checkBreach(scenario),
    ...(await checkAlerts(scenario, pipeline)),
  ]
}

function endOfLoad({ load }: Resolved): number {
  return must(loads.find((l) => l.kind === load.kind), 'the schema knows the load').durationMs(load)
}

function checkLoad(scenario: Resolved): Problem[] {
  const endMs = endOfLoad(scenario)
  if (scenario.warmup < endMs) return []
  return [{ path: ['warmup'], message: `the warm-up of ${formatDuration(scenario.warmup)} outlasts the load of ${formatDuration(endMs)}` }]
}

function checkFaults(scenario: Resolved, pipeline: PipelineDefinition): Problem[] {
  const endMs = endOfLoad(scenario)
  const there = partsOf(scenario, pipeline)
  const names = new Map<string, number>()
  return scenario.faults.flatMap((options, i): Problem[] => {
    const definition = must(faults.find((f) => f.kind === options.kind), 'the schema knows the fault')
    const at = ['faults', i] as const
    const problems = checkTimes(options, at, scenario.warmup, endMs, definition.instant === true)
    if (options.name !== undefined) {
      if (names.has(options.name)) problems.push({ path: [...at, 'name'], message: `fault ${names.get(options.name)} has this name too` })
      names.set(options.name, i)
    }
    return [...problems, ...checkTargets(definition.targets?.(options) ?? {}, there, at, options)]
  })
}

function checkTimes(
  { at, for: forMs, every }: { at?: number | undefined; for?: number | undefined; every?: number | undefined },
  path: readonly PropertyKey[],
  warmupMs: number,
  endMs: number,
  instant: boolean,
): Problem[] {
  const startMs = at ?? warmupMs
  const problems: Problem[] = []
  if (startMs < warmupMs)
    problems.push({ path: [...path, 'at'], message: `starts at ${formatDuration(startMs)}, inside the warm-up of ${formatDuration(warmupMs)}: what it does would be measured nowhere` })
  if (startMs >= endMs)
    problems.push({ path: [...path, 'at'], message: `starts at ${formatDuration(startMs)}, but the load ends at ${formatDuration(endMs)}` })
  if (every !== undefined && forMs === undefined && !instant)
    problems.push({ path: [...path, 'every'], message: 'comes again before it is healed: give `for`, shorter than `every`' })
  if (every !== undefined && forMs !== undefined && forMs >= every)
    problems.push({ path: [...path, 'for'], message: `lasts ${formatDuration(forMs)} but comes again every ${formatDuration(every)}` })
  return problems
}

interface Parts {
  readonly hosts: readonly string[]
  readonly routes: readonly string[]
  keys(): Iterable<string>
}

function partsOf({ pipeline: options }: Resolved, pipeline: PipelineDefinition): Parts {
  return {
    hosts: [...pipeline.hosts(options).map((host) => host.name), STORE_NAME],
    routes: [...STORE_ROUTES, ...Object.keys(pipeline.routes)],
    keys: () => pipeline.keys(options),
  }
}

function checkTargets(targets: Targets, there: Parts, at: readonly PropertyKey[], options: object): Problem[] {
  // The field that holds the name, so that the message points at it.
  const field = (name: string) => Object.entries(options).find(([, v]) => v === name || (Array.isArray(v) && v.includes(name)))?.[0]
  const path = (name: string) => [...at, ...(field(name) === undefined ? [] : [field(name) as string])]
  const none = (what: string, name: string, known: readonly string[]): Problem => ({
    path: path(name),
    message: `no ${what} of this scenario is called or matches '${name}'${suggestion(name, known)}`,
  })
  const matchesAny = (name: string, known: Iterable<string>) => {
    const matches = picomatch(name, { dot: true })
    for (const one of known) if (matches(one)) return true
    return false
  }
  return [
    ...(targets.hosts ?? []).filter((h) => !matchesAny(h, there.hosts)).map((h) => none('host or part', h, there.hosts)),
    ...(targets.routes ?? []).filter((r) => !matchesAny(r, there.routes)).map((r) => none('route', r, there.routes)),
    ...(targets.keys ?? []).filter((k) => !matchesAny(k, there.keys())).map((k) => none('object key', k, firstKeys(there))),
  ]
}

function firstKeys(there: Parts): string[] {
  const keys: string[] = []
  for (const key of there.keys()) if (keys.push(key) === 3) break
  return keys
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

function checkMetric(
  key: string,
  expressions: readonly string[],
  path: readonly PropertyKey[],
  catalog: ReadonlyMap<string, Metric>,
  values: Readonly<Record<string, readonly string[]>>,
): Problem[] {
  const read = readMetric(key, catalog)
  if ('problem' in read) return [{ path, message: read.problem }]
  const { metric, tags, name } = read.ok
  if (name.startsWith('part_') && tags.part === undefined)
    return [{ path, message: `${name} needs a part: ${name}{part:…}; known: ${(values.part ?? []).join(', ')}` }]
  const wrong = Object.entries(tags).find(([tag, value]) => values[tag] !== undefined && !values[tag].includes(value))
  if (wrong !== undefined)
    return [{ path, message: `no ${wrong[0]} '${wrong[1]}' in this scenario${suggestion(wrong[1], values[wrong[0]] ?? [])}` }]
  return expressions.flatMap((expression, i) => {
    const parsed = readExpression(expression, metric)
    return 'problem' in parsed ? [{ path: [...path, i], message: parsed.problem }] : []
  })
}

function tagValues(scenario: Resolved, pipeline: PipelineDefinition): Readonly<Record<string, readonly string[]>> {
  const hosts = pipeline.hosts(scenario.pipeline).map((host) => host.name)
  return {
    phase: ['warmup', 'before', 'fault', 'after'],
    fault: scenario.faults.flatMap((f) => f.name ?? []),
    route: [...STORE_ROUTES, ...Object.keys(pipeline.routes)],
    line: pipeline.lines,
    part: [...pipeline.parts, ...hosts],
  }
}

/** `expect.breach` names thresholds of this variant, as they are written there. */
function checkBreach({ expect, thresholds }: Resolved): Problem[] {
  const known = Object.keys(thresholds)
  return expect.breach.flatMap((metric, i) =>
    known.includes(metric)
      ? []
      : [{ path: ['expect', 'breach', i], message: `'${metric}' is no threshold of this variant${known.length === 0 ? '; it has none' : suggestion(metric, known)}` }],
  )
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
