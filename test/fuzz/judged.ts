// What a scenario asserts: thresholds over the catalog of its metrics, and alerts over what it exposes.
import fc from 'fast-check'
import { AGGREGATIONS, catalogOf } from '../../src/metrics/catalog.ts'
import { exposedNames } from '../../src/metrics/exposition.ts'
import { OPERATORS } from '../../src/verdict/expression.ts'
import { FUNCTIONS } from '../../src/verdict/promql-read.ts'
import { AGGREGATIONS as SUMS } from '../../src/verdict/promql-tree.ts'
import { Later, pick, type Surroundings } from './draft.ts'

const CLASSES = ['ok', 'http-404', 'refused', 'reset', 'read-timeout', 'aborted', 'no-service']

/** What a tag of a metric may be, in this scenario. */
function tagValues(around: Surroundings): Readonly<Record<string, readonly string[]>> {
  const { pipeline, hosts, routes, faultNames, windows } = around
  return {
    phase: ['warmup', 'before', 'fault', 'after'],
    fault: faultNames,
    window: windows,
    route: routes,
    class: CLASSES,
    code: ['SlowDown', 'NoSuchKey'],
    stage: ['infer', 'put', 'reply', 'queue'],
    line: pipeline.lines,
    part: [...pipeline.parts, ...hosts.filter((name) => name !== 'objects')],
  }
}

interface Asserted {
  readonly metric: number
  readonly tags: readonly number[]
  readonly aggregation: number
  readonly operator: string
  readonly limit: string
}

const asserted: fc.Arbitrary<Asserted> = fc.record({
  metric: fc.nat(1_000),
  tags: fc.array(fc.nat(1_000), { maxLength: 2 }),
  aggregation: fc.nat(20),
  operator: fc.constantFrom(...OPERATORS),
  limit: fc.constantFrom('0', '0.01', '1', '-3', '40s', '250ms', '1e3', '.5'),
})

function metricOf({ metric: n, tags }: Asserted, around: Surroundings) {
  const catalog = [...catalogOf(around.pipeline)]
  const [name, metric] = pick(catalog, n) ?? ['item_lost', undefined]
  const values = tagValues(around)
  const wanted = name.startsWith('part_') ? ['part'] : []
  const chosen = tags.flatMap((tag) => pick(metric?.tags ?? [], tag) ?? [])
  const pairs = [...new Set([...wanted, ...chosen])].flatMap((tag) => {
    const value = pick(values[tag] ?? [], n + tag.length)
    return value === undefined ? [] : [`${tag}:${value}`]
  })
  const key = pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
  return { key, type: metric?.type ?? 'rate' }
}

/** Thresholds, or a fingerprint. */
export const judged = fc.array(asserted, { minLength: 1, maxLength: 3 }).map(
  (all) =>
    new Later((around) =>
      Object.fromEntries(
        all.map((one) => {
          const { key, type } = metricOf(one, around)
          const known = [...AGGREGATIONS[type], ...(type === 'trend' ? ['p(95)', 'p(0.1)'] : [])]
          return [key, [`${pick(known, one.aggregation)}${one.operator}${one.limit}`]]
        }),
      ),
    ),
)

type Promql = (around: Surroundings) => string

const nameOf = (n: number, type?: string): Promql => {
  return ({ pipeline }) => {
    const known = [...exposedNames(pipeline)].filter(
      ([, m]) => type === undefined || m.type === type,
    )
    return pick(known, n)?.[0] ?? 'items_total'
  }
}

const selector: fc.Arbitrary<Promql> = fc.nat(60).map((n) => nameOf(n))
const matched: fc.Arbitrary<Promql> = fc.constantFrom(
  () => 'items_total{fate="failed"}',
  () => 'items_total{fate=~"failed|skipped"}',
  () => 'attempts_total{class!~"ok|http-4.."}',
  () => 'attempts_total{route!="infer",class="ok"}',
  () => 'part_busy{part="queue"}',
)
const ranges = FUNCTIONS.filter((name) => name !== 'absent')
const counted: fc.Arbitrary<Promql> = fc
  .tuple(fc.constantFrom(...ranges), fc.nat(60), fc.constantFrom('30s', '1m', '5m', '1h30m'))
  .map(([apply, n, range]) => {
    const of = nameOf(n, apply === 'rate' || apply === 'increase' ? 'counter' : undefined)
    return (around: Surroundings) => `${apply}(${of(around)}[${range}])`
  })
const series: fc.Arbitrary<Promql> = fc.oneof(selector, matched, counted)
const summed: fc.Arbitrary<Promql> = fc.tuple(fc.constantFrom(...SUMS), series).map(
  ([sum, of]): Promql =>
    (around) =>
      `${sum}(${of(around)})`,
)
const single: fc.Arbitrary<Promql> = fc.oneof(
  summed,
  fc.tuple(summed, fc.constantFrom('+', '-', '*', '/'), summed).map(
    ([a, by, b]): Promql =>
      (around) =>
        `(${a(around)} ${by} ${b(around)})`,
  ),
)
const compared: fc.Arbitrary<Promql> = fc
  .tuple(
    fc.oneof(single, series),
    fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
    fc.constantFrom('0', '1', '0.5', '-2', '1e2'),
  )
  .map(
    ([of, operator, limit]): Promql =>
      (around) =>
        `${of(around)} ${operator} ${limit}`,
  )

/** PromQL. */
export const expressions = fc
  .oneof(
    { weight: 4, arbitrary: compared },
    {
      weight: 1,
      arbitrary: series.map(
        (of): Promql =>
          (around) =>
            `absent(${of(around)})`,
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(single, fc.constantFrom('and', 'or', 'unless', '>', '=='), single).map(
        ([a, by, b]): Promql =>
          (around) =>
            `${a(around)} ${by} ${b(around)}`,
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Promql>(
        () => 'sum by (route) (rate(attempts_total[1m])) > 0.1',
        () => 'max by (part) (part_busy) >= 1 and max by (part) (part_waiting) > 0',
        () => '-queue_depth < -3',
      ),
    },
  )
  .map((write) => new Later(write))
