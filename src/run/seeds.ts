// The verdict over many seeds: the unit is the run, never the item.
import { CONFIDENCE, shareBounds } from '../verdict/statistics.ts'
import type { RunResult, Verdict } from './result.ts'

/** How many seeds are worth asking for before a share counts as undecidable. */
const MOST_SEEDS = 10_000
/** Seeds enough to see how often a narrow threshold holds. */
const PLENTY_OF_SEEDS = 30

/** What the runs of one variant say together. */
export interface SeedsVerdict {
  readonly verdict: Verdict
  readonly reasons: readonly string[]
  readonly passed: number
  readonly failed: number
  readonly inconclusive: number
  /** The first seed that does not end as expected. */
  readonly counterexample?: number
  /** Seeds beyond these that would decide, if they passed as often; null: no number within reason. */
  readonly moreSeeds?: number | null
  /** Thresholds that a seed decides so narrowly that another may decide otherwise. */
  readonly knifeEdge: readonly KnifeEdge[]
}

export interface KnifeEdge {
  readonly seed: number
  readonly metric: string
  readonly expr: string
  readonly observed: number
}

/** Of the runs of one variant: every one must pass, or the share that its `expect.holds` asks for. */
export function judgeSeeds(all: readonly RunResult[]): SeedsVerdict {
  const runs = all.filter((r) => r.replacedBy === undefined)
  const count = (verdict: Verdict) => runs.filter((r) => r.verdict === verdict).length
  const counts = {
    passed: count('pass'),
    failed: count('fail'),
    inconclusive: count('inconclusive'),
  }
  const bad = runs.find((r) => r.verdict === 'fail') ?? runs.find((r) => r.verdict !== 'pass')
  const holds = runs[0]?.expect.holds
  return {
    ...counts,
    ...(holds === undefined || holds >= 1 ? every(bad) : share(holds, counts)),
    ...(bad === undefined ? {} : { counterexample: bad.seed }),
    knifeEdge: runs.length >= PLENTY_OF_SEEDS ? [] : knifeEdges(runs),
  }
}

function every(bad: RunResult | undefined) {
  return { verdict: bad?.verdict ?? ('pass' as const), reasons: bad?.reasons ?? [] }
}

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly inconclusive: number
}

/** By exact one-sided bounds; a run that measured nothing counts against either decision. */
function share(holds: number, { passed, failed, inconclusive }: Counts) {
  const runs = passed + failed + inconclusive
  const { lower } = shareBounds(passed, runs)
  const { upper } = shareBounds(passed + inconclusive, runs)
  const seen = `${passed} of ${runs} seeds pass`
  const level = `${CONFIDENCE * 100} % confidence`
  if (lower >= holds) return { verdict: 'pass' as const, reasons: [] }
  if (upper < holds)
    return {
      verdict: 'fail' as const,
      reasons: [`${seen}: below the ${holds} that must hold, with ${level}`],
    }
  const moreSeeds = seedsToDecide(passed, runs, holds)
  const cure =
    moreSeeds === null
      ? 'and no reasonable number of seeds would decide'
      : `about ${moreSeeds} more would decide: --seeds ${runs + moreSeeds}`
  return {
    verdict: 'inconclusive' as const,
    moreSeeds,
    reasons: [
      `${seen}: whether ${holds} of all do is open (${lower.toFixed(3)} to ${upper.toFixed(3)} with ${level}); ${cure}`,
    ],
  }
}

/** The fewest further seeds that decide if they pass in the share seen so far. */
function seedsToDecide(passed: number, runs: number, holds: number): number | null {
  const decides = (total: number) => {
    const hits = Math.round((passed / runs) * total)
    const { lower, upper } = shareBounds(hits, total)
    return lower >= holds || upper < holds
  }
  if (!decides(MOST_SEEDS)) return null
  let [open, decided] = [runs, MOST_SEEDS]
  while (decided - open > 1) {
    const middle = Math.floor((open + decided) / 2)
    if (decides(middle)) decided = middle
    else open = middle
  }
  return decided - runs
}

function knifeEdges(runs: readonly RunResult[]): KnifeEdge[] {
  return runs.flatMap(({ seed, thresholds }) =>
    thresholds.flatMap(({ metric, expr, observed, narrow }) =>
      narrow === true && observed !== null ? [{ seed, metric, expr, observed }] : [],
    ),
  )
}
