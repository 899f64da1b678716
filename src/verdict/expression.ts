// The grammar of thresholds: a metric with tags, and expressions such as `rate<0.01` or `p(95)<40s`.

import { nearest, suggestion } from '../base/suggest.ts'
import { readDuration } from '../base/units.ts'
import { AGGREGATIONS, type Metric } from '../metrics/catalog.ts'
import type { Tags } from '../metrics/select.ts'

export const OPERATORS = ['<=', '>=', '==', '!=', '<', '>'] as const
export type Operator = (typeof OPERATORS)[number]

export interface Expression {
  readonly aggregation: string
  readonly operator: Operator
  readonly limit: number
}

export interface MetricKey {
  readonly name: string
  readonly tags: Tags
}

export type Read<T> = { readonly ok: T } | { readonly problem: string }

/** `item_lost{phase:after,class:http-404}`, against the catalog of the scenario's metrics. */
export function readMetric(
  text: string,
  catalog: ReadonlyMap<string, Metric>,
): Read<MetricKey & { metric: Metric }> {
  const found = /^\s*([A-Za-z_]\w*)\s*(?:\{([^{}]*)\})?\s*$/.exec(text)
  if (found === null)
    return { problem: `'${text}' is not a metric; write name or name{tag:value,tag:value}` }
  const name = found[1] ?? ''
  const metric = catalog.get(name)
  if (metric === undefined)
    return { problem: `unknown metric '${name}'${suggestion(name, [...catalog.keys()])}` }
  const tags: Record<string, string> = {}
  for (const pair of (found[2] ?? '').split(',').filter((p) => p.trim() !== '')) {
    const colon = pair.indexOf(':')
    const tag = pair.slice(0, colon < 0 ? pair.length : colon).trim()
    if (colon < 0) return { problem: `'${pair.trim()}' is not tag:value` }
    if (!metric.tags.includes(tag))
      return { problem: `${name} has no tag '${tag}'${suggestion(tag, metric.tags)}` }
    tags[tag] = pair.slice(colon + 1).trim()
  }
  return { ok: { name, tags, metric } }
}

/** `rate<0.01`, `p(95)<40s`, `count==0`, for a metric of this type. */
export function readExpression(text: string, metric: Metric): Read<Expression> {
  const found = /^\s*([a-z]+(?:\(\s*[\d.]+\s*\))?)\s*([<>=!]+)\s*(\S+)\s*$/.exec(text)
  if (found === null)
    return {
      problem: `'${text}' is not an expression; write aggregation, operator and limit: rate<0.01`,
    }
  const aggregation = (found[1] ?? '').replaceAll(/\s/g, '')
  const operator = OPERATORS.find((o) => o === found[2])
  if (operator === undefined)
    return { problem: `unknown operator '${found[2]}' in '${text}'; known: ${OPERATORS.join(' ')}` }
  const problem = aggregationProblem(aggregation, metric)
  if (problem !== undefined) return { problem }
  const limit = readLimit(found[3] ?? '')
  if (limit === undefined)
    return {
      problem: `'${found[3]}' in '${text}' is neither a number nor a duration${cure(found[3] ?? '')}`,
    }
  return { ok: { aggregation, operator, limit } }
}

/** A percentage is meant as a share. */
function cure(limit: string): string {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(limit)?.[1]
  return percent === undefined ? '' : `; write ${Number((Number(percent) / 100).toPrecision(12))}`
}

function aggregationProblem(aggregation: string, metric: Metric): string | undefined {
  const percentile = /^p\(([\d.]+)\)$/.exec(aggregation)
  if (percentile !== null && metric.type === 'trend') {
    const n = Number(percentile[1])
    return n >= 0 && n <= 100 ? undefined : `${aggregation}: a percentile lies between 0 and 100`
  }
  const known = AGGREGATIONS[metric.type]
  if (known.includes(aggregation)) return undefined
  const near = nearest(aggregation, known)
  const list = metric.type === 'trend' ? [...known, 'p(N)'] : known
  return `a ${metric.type} has no '${aggregation}'${near === undefined ? '; known:' : `; did you mean '${near}'? Known:`} ${list.join(', ')}`
}

function readLimit(text: string): number | undefined {
  const number = Number(text)
  if (text !== '' && Number.isFinite(number)) return number
  const duration = readDuration(text)
  return 'ok' in duration ? duration.ok : undefined
}

export function holds(observed: number, { operator, limit }: Expression): boolean {
  switch (operator) {
    case '<':
      return observed < limit
    case '<=':
      return observed <= limit
    case '>':
      return observed > limit
    case '>=':
      return observed >= limit
    case '==':
      return observed === limit
    case '!=':
      return observed !== limit
  }
}
