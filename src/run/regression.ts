// Against an earlier summary: which figures got worse by more than noise and a margin, paired by seed.

import { showing } from '../verdict/said.ts'
import type { MetricDifference } from './differences.ts'
import { differencesOf, pairsOf } from './differences.ts'
import type { RunResult, Verdict } from './result.ts'

export interface Regression {
  readonly scenario: string
  readonly variant: string
  readonly brief: boolean
  readonly world: RunResult['world']
  readonly verdict: Verdict
  readonly reasons: readonly string[]
  /** The figures that were looked at. */
  readonly figures: readonly RegressedFigure[]
}

export interface RegressedFigure extends MetricDifference {
  /** How much worse it may get. */
  readonly margin: number
  /** Null where the interval does not say. */
  readonly worse: boolean | null
}

/** Shares of items and calls may get worse by so much: half a point. */
const MARGIN_OF_A_SHARE = 0.005
/** Anything else by this part of what it was. */
const MARGIN = 0.1

/** Looked at beside what is asserted: which way is worse. */
const ALWAYS: Readonly<Record<string, 'up' | 'down'>> = {
  'item_lost rate': 'up',
  'item_duration p(95)': 'up',
}

/** One for each variant that stands in both. */
export function regressionsOf(
  before: readonly RunResult[],
  now: readonly RunResult[],
): Regression[] {
  const key = (r: RunResult) => JSON.stringify([r.scenario, r.variant, r.brief, r.world])
  const earlier = Map.groupBy(before, key)
  return [...Map.groupBy(now, key)].flatMap(([name, runs]) => {
    const found = earlier.get(name)
    const [first] = runs
    return found === undefined || first === undefined ? [] : [regressionOf(first, found, runs)]
  })
}

function regressionOf(
  { scenario, variant, brief, world, thresholds, expect }: RunResult,
  before: readonly RunResult[],
  now: readonly RunResult[],
): Regression {
  const pairs = pairsOf(before, now)
  // What a baseline is to breach may get worse: it is the incident.
  const asserted = thresholds.filter(({ metric }) => !expect.breach.includes(metric))
  const wanted = new Map(
    Object.entries(ALWAYS).filter(([name]) => !expect.breach.includes(name.split(' ')[0] ?? '')),
  )
  for (const { metric, expr } of asserted) {
    const [, aggregation = '', operator = ''] =
      /^\s*([a-z]+(?:\([^)]*\))?)\s*([<>])/.exec(expr) ?? []
    if (operator !== '') wanted.set(`${metric} ${aggregation}`, operator === '<' ? 'up' : 'down')
  }
  const figures = differencesOf(pairs).flatMap((difference) => {
    const direction = wanted.get(difference.metric)
    return direction === undefined ? [] : [judged(difference, direction)]
  })
  const worse = figures.filter((f) => f.worse === true)
  const open = figures.filter((f) => f.worse === null)
  const reasons =
    pairs.length === 0
      ? ['no seed in common with the baseline: run with its --seed and --seeds']
      : worse.length > 0
        ? worse.map((f) => `${f.metric} got worse: ${said(f)}`)
        : open.map(
            (f) => `${f.metric}: ${said(f)} does not say whether it got worse; more --seeds would`,
          )
  return {
    scenario,
    variant,
    brief,
    world,
    verdict:
      worse.length > 0 ? 'fail' : open.length > 0 || pairs.length === 0 ? 'inconclusive' : 'pass',
    reasons,
    figures,
  }
}

function judged(difference: MetricDifference, direction: 'up' | 'down'): RegressedFigure {
  const { metric, a, mean, interval } = difference
  const isShare = metric.endsWith(' rate')
  const margin = isShare ? MARGIN_OF_A_SHARE : MARGIN * Math.abs(a)
  const sign = direction === 'up' ? 1 : -1
  const ends = interval === null ? undefined : [sign * interval.low, sign * interval.high]
  // One pair has no interval: within the margin it is no worse, beyond it nobody knows.
  const [low, high] =
    ends === undefined
      ? [Number.NEGATIVE_INFINITY, sign * mean]
      : [Math.min(...ends), Math.max(...ends)]
  const worse = low > margin ? true : high <= margin ? false : null
  return { ...difference, margin, worse }
}

function said({ metric, a, b, margin, interval }: RegressedFigure): string {
  const show = showing(metric)
  const range =
    interval === null
      ? 'one seed has no interval'
      : `difference ${show.change(interval.low)} to ${show.change(interval.high)}`
  return `${show.value(a)} → ${show.value(b)} (${range}, margin ${show.half(margin)})`
}
