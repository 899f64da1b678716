// How two sets of runs differ, metric by metric, paired by seed: the same seed gives both the same arrivals and draws.
import { type Difference, pairedDifference } from '../verdict/statistics.ts'
import type { RunResult } from './result.ts'

export interface MetricDifference extends Difference {
  /** `item_lost rate` */
  readonly metric: string
  /** Means over the pairs. */
  readonly a: number
  readonly b: number
  /** Whether the interval leaves no difference out; of a single pair, whether there is any. */
  readonly differs: boolean
}

/** Aggregations worth comparing, by metric name: the rest says the same in other words. */
const COMPARED: readonly string[] = ['rate', 'avg', 'med', 'p(95)', 'p(99)', 'max']
const NO_RATE: readonly string[] = [
  'items_offered',
  'items_dropped',
  'item_duplicates',
  'log_lines',
]

/** Pairs a with b by seed; seeds that only one of them has are left out. */
export function pairsOf(
  a: readonly RunResult[],
  b: readonly RunResult[],
): (readonly [RunResult, RunResult])[] {
  return a.flatMap((one) => {
    const other = b.find((run) => run.seed === one.seed)
    return other === undefined ? [] : [[one, other] as const]
  })
}

/** Of every figure that all runs of the pairs have, in the order of the first run. */
export function differencesOf(
  pairs: readonly (readonly [RunResult, RunResult])[],
): MetricDifference[] {
  const figures = pairs.map(([a, b]) => [figuresOf(a), figuresOf(b)] as const)
  const names = [...(figures[0]?.[0].keys() ?? [])]
  return names.flatMap((metric) => {
    const values = figures.flatMap(([a, b]): (readonly [number, number])[] => {
      const [x, y] = [a.get(metric), b.get(metric)]
      return x === undefined || y === undefined ? [] : [[x, y]]
    })
    if (values.length < pairs.length) return []
    const difference = pairedDifference(values)
    const { interval } = difference
    const mean = (of: (pair: readonly [number, number]) => number) =>
      values.reduce((sum, pair) => sum + of(pair), 0) / values.length
    return [
      {
        ...difference,
        metric,
        a: mean(([x]) => x),
        b: mean(([, y]) => y),
        differs: interval === null ? difference.mean !== 0 : interval.low > 0 || interval.high < 0,
      },
    ]
  })
}

function figuresOf({ metrics, thresholds }: RunResult): Map<string, number> {
  const figures = new Map<string, number>()
  for (const { metric, expr, observed } of thresholds) {
    const aggregation = /^[a-z]+(\([^)]*\))?/.exec(expr)?.[0] ?? ''
    if (observed !== null) figures.set(`${metric} ${aggregation}`, observed)
  }
  for (const [metric, values] of Object.entries(metrics))
    for (const [aggregation, value] of Object.entries(values)) {
      const wanted = NO_RATE.includes(metric)
        ? aggregation === 'count'
        : COMPARED.includes(aggregation)
      if (wanted && value !== null) figures.set(`${metric} ${aggregation}`, value)
    }
  return figures
}
