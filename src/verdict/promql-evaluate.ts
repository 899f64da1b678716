// Evaluates an alert expression at the instant of the latest scrape, as Prometheus would.
import { CompensatedSum, greater, lesser, OVER_RANGE } from './promql-functions.ts'
import { COMPUTE } from './promql-operators.ts'
import type {
  Aggregate,
  Aggregation,
  ArithmeticOperator,
  ComparisonOperator,
  Match,
  OverRange,
  PromqlExpression,
  Selector,
  Vector,
  WithNumber,
} from './promql-tree.ts'
import { keyOf, type Labels, type Sample, type Samples } from './samples.ts'

const HOLDS: Readonly<Record<ComparisonOperator, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

/** The series for which the expression holds, no two with the same labels. */
export function evaluate({ root }: PromqlExpression, samples: Samples): readonly Sample[] {
  return vector(root, samples)
}

function vector(node: Vector, samples: Samples): readonly Sample[] {
  switch (node.kind) {
    case 'selector':
      return select(node, samples)
    case 'range':
      return overRange(node, samples)
    case 'aggregate':
      return aggregate(node, vector(node.of, samples))
    case 'absent':
      return vector(node.of, samples).length > 0
        ? []
        : [{ labels: node.labels, key: keyOf(node.labels), value: 1 }]
    case 'number':
      return withNumber(node, vector(node.of, samples))
    case 'match':
      return match(node, vector(node.left, samples), vector(node.right, samples))
  }
}

/** What the latest scrape found: a series that it did not find is stale, however lately it was there. */
function select(selector: Selector, samples: Samples): Sample[] {
  const found: Sample[] = []
  for (const series of samples.of(selector.name)) {
    const last = series.size - 1
    if (series.atMs(last) !== samples.nowMs || !matches(selector, series.labels)) continue
    found.push({ labels: series.labels, key: series.key, value: series.value(last) })
  }
  return found
}

function matches({ matchers }: Selector, labels: Labels): boolean {
  return matchers.every(({ label, accepts }) => accepts(labels[label] ?? ''))
}

function overRange({ apply, of, rangeMs }: OverRange, samples: Samples): Sample[] {
  const endMs = samples.nowMs
  const startMs = endMs - rangeMs
  const found: Sample[] = []
  for (const series of samples.of(of.name)) {
    const first = series.firstAfter(startMs)
    if (first === series.size || !matches(of, series.labels)) continue
    const value = OVER_RANGE[apply]({ series, first, startMs, endMs })
    if (value !== undefined) found.push({ labels: series.labels, key: series.key, value })
  }
  return found
}

function withNumber(node: WithNumber, of: readonly Sample[]): readonly Sample[] {
  const { operator, number, numberFirst } = node
  if (isComparison(operator)) {
    const holds = HOLDS[operator]
    return of.filter(({ value }) => (numberFirst ? holds(number, value) : holds(value, number)))
  }
  const compute = COMPUTE[operator]
  return of.map((sample) => ({
    ...sample,
    value: numberFirst ? compute(number, sample.value) : compute(sample.value, number),
  }))
}

function match(
  { operator }: Match,
  left: readonly Sample[],
  right: readonly Sample[],
): readonly Sample[] {
  const values = new Map(right.map(({ key, value }) => [key, value]))
  if (operator === 'and') return left.filter(({ key }) => values.has(key))
  if (operator === 'unless') return left.filter(({ key }) => !values.has(key))
  if (operator === 'or') {
    const ours = new Set(left.map(({ key }) => key))
    return [...left, ...right.filter(({ key }) => !ours.has(key))]
  }
  return left.flatMap((sample) => {
    const other = values.get(sample.key)
    if (other === undefined) return []
    if (!isComparison(operator))
      return [{ ...sample, value: COMPUTE[operator](sample.value, other) }]
    return HOLDS[operator](sample.value, other) ? [sample] : []
  })
}

function isComparison(
  operator: ArithmeticOperator | ComparisonOperator,
): operator is ComparisonOperator {
  return operator in HOLDS
}

function aggregate({ operator, by }: Aggregate, of: readonly Sample[]): Sample[] {
  const groups = new Map<string, { labels: Labels; values: number[] }>()
  for (const { labels, value } of of) {
    const kept: Record<string, string> = {}
    for (const name of by) {
      const own = labels[name]
      if (own !== undefined) kept[name] = own
    }
    const key = keyOf(kept)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { labels: kept, values: [value] })
    else group.values.push(value)
  }
  return Array.from(groups, ([key, { labels, values }]) => ({
    labels,
    key,
    value: AGGREGATE[operator](values),
  }))
}

const AGGREGATE: Readonly<Record<Aggregation, (values: readonly number[]) => number>> = {
  sum: (values) => total(values).over(1),
  avg: (values) => total(values).over(values.length),
  min: (values) => values.reduce(lesser),
  max: (values) => values.reduce(greater),
  count: (values) => values.length,
}

function total(values: readonly number[]): CompensatedSum {
  const sum = new CompensatedSum()
  for (const value of values) sum.add(value)
  return sum
}
