// Checks the faults of a scenario: that they fit into its load, and that what they name is there.
import picomatch from 'picomatch'
import { suggestion } from '../base/suggest.ts'
import { formatDuration } from '../base/units.ts'
import type { Targets, Timing } from '../faults/fault.ts'
import { type PipelineDefinition, partNamesOf, routesOf } from '../pipelines/pipeline.ts'
import type { Problem } from './problems.ts'
import { faultOf, type Resolved } from './schema.ts'
import { type Path, written } from './source.ts'

/** The matcher throws at some tens of thousands of letters; no name is nearly as long. */
const LONGEST_GLOB = 1_000

/** A fault injected more often than this is another fault, or a slip. */
const MOST_INJECTIONS = 100_000

export function checkFaults(
  scenario: Resolved,
  pipeline: PipelineDefinition,
  endMs: number,
): Problem[] {
  const there = partsOf(scenario, pipeline)
  const names = new Map<string, number>()
  return scenario.faults.flatMap((options, i): Problem[] => {
    const definition = faultOf(scenario, options)
    const at = ['faults', i] as const
    const problems = checkTimes(options, at, {
      warmupMs: scenario.warmup,
      endMs,
      mayOverlap: definition.instant === true || definition.addsUp?.(options) === true,
    })
    const twin = names.get(options.name ?? '')
    if (twin !== undefined)
      problems.push({
        path: [...at, 'name'],
        message: `${written(['faults', twin])} has this name too`,
      })
    if (options.name !== undefined) names.set(options.name, twin ?? i)
    return [
      ...problems,
      ...checkTargets(definition.targets?.(options) ?? {}, there, at, options),
      ...(isOwnKind(scenario) ? [] : checkFetches(options, pipeline.hosts(scenario.pipeline), at)),
    ]
  })
}

/** A pipeline of somebody's own may sign where no bundled one does. */
function isOwnKind({ modules }: Resolved): boolean {
  return modules !== undefined
}

/** A presigned URL leads past its signer's interposer, whoever fetches it. */
function checkFetches(
  options: object,
  hosts: readonly { readonly name: string; readonly isUpstream?: boolean }[],
  at: Path,
): Problem[] {
  const { from, route, before, after } = options as Readonly<Record<string, unknown>>
  const isFetch = [route, before, after].includes('fetch')
  if (!isFetch || typeof from !== 'string' || from.length > LONGEST_GLOB) return []
  const matches = picomatch(from, { dot: true })
  const meant = hosts.filter(({ name }) => matches(name))
  if (meant.length === 0 || !meant.every(({ isUpstream }) => isUpstream === true)) return []
  const message = `touches nothing: a fetch by a presigned URL counts as a call of the host that signed it, not of '${from}'; leave \`from\` out, or name the signer`
  return [{ path: [...at, 'from'], message }]
}

interface Span {
  readonly warmupMs: number
  readonly endMs: number
  /** It may come again before it is healed. */
  readonly mayOverlap: boolean
}

function checkTimes(
  { at, for: forMs, every }: Timing,
  path: Path,
  { warmupMs, endMs, mayOverlap }: Span,
): Problem[] {
  const startMs = at ?? warmupMs
  const problem = (key: string, message: string) => [{ path: [...path, key], message }]
  const outside = whyOutside(startMs, warmupMs, endMs)
  if (outside !== undefined) return problem('at', outside)
  if (every === undefined) return []
  if (forMs === undefined && !mayOverlap)
    return problem(
      'every',
      'comes again before it is healed; say how long it lasts: `for`, shorter than `every`',
    )
  if (forMs !== undefined && forMs >= every)
    return problem(
      'for',
      `lasts ${formatDuration(forMs)}, but comes again every ${formatDuration(every)}; it must be shorter`,
    )
  const times = Math.ceil((endMs - startMs) / every)
  if (times <= MOST_INJECTIONS) return []
  return problem(
    'every',
    `comes ${times.toLocaleString('en')} times; at most ${MOST_INJECTIONS.toLocaleString('en')} are possible`,
  )
}

/** Why something that starts then would not be measured, if so. */
export function whyOutside(startMs: number, warmupMs: number, endMs: number): string | undefined {
  const starts = `starts at ${formatDuration(startMs)}`
  if (startMs < warmupMs)
    return `${starts}, inside the warm-up of ${formatDuration(warmupMs)}, where nothing is measured`
  return startMs < endMs ? undefined : `${starts}, but the load ends at ${formatDuration(endMs)}`
}

interface Parts {
  readonly hosts: readonly string[]
  readonly routes: readonly string[]
  keys(): Iterable<string>
}

function partsOf({ pipeline: options }: Resolved, pipeline: PipelineDefinition): Parts {
  return {
    hosts: [...pipeline.hosts(options).map((host) => host.name), ...partNamesOf(pipeline, options)],
    routes: routesOf(pipeline, options),
    keys: () => pipeline.keys(options),
  }
}

function checkTargets(
  { hosts = [], routes = [], keys = [] }: Targets,
  there: Parts,
  at: Path,
  options: object,
): Problem[] {
  const unknown = (what: string, names: readonly string[], known: readonly string[]) =>
    names
      .filter((name) => !matchesAny(name, known))
      .map((name) => ({
        path: [...at, ...fieldOf(options, name)],
        message: nothing(what, name) + suggestion(name, known),
      }))
  return [
    ...unknown('host or part', hosts, there.hosts),
    ...unknown('route', routes, there.routes),
    ...keys
      // Where none is known beforehand, any may be there.
      .filter((key) => firstOf(there.keys()) !== undefined && !matchesAny(key, there.keys()))
      .map((key) => ({
        path: [...at, ...fieldOf(options, key)],
        message: `${nothing('object key', key)}; keys look like '${firstOf(there.keys())}'`,
      })),
  ]
}

function nothing(what: string, name: string): string {
  return `no ${what} of this scenario is called or matches '${name}'`
}

function matchesAny(glob: string, known: Iterable<string>): boolean {
  if (glob.length > LONGEST_GLOB) return false
  const matches = picomatch(glob, { dot: true })
  for (const one of known) if (matches(one)) return true
  return false
}

/** The field, or the entry of a list in it, that holds a name: a message points at it. */
function fieldOf(options: object, name: string): Path {
  for (const [key, value] of Object.entries(options)) {
    if (value === name) return [key]
    if (Array.isArray(value) && value.includes(name)) return [key, value.indexOf(name)]
  }
  return []
}

function firstOf(names: Iterable<string>): string | undefined {
  for (const name of names) return name
  return undefined
}
