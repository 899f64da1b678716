// Sums runs up: what each variant's seeds say together, and the verdict over all.
import { VERSION } from '../base/version.ts'
import { fidelities } from './fidelity.ts'
import { regressionsOf } from './regression.ts'
import type { RunResult, Summary, Unjudged, VariantResult, Verdict } from './result.ts'
import { judgeSeeds } from './seeds.ts'

export interface Beside {
  /** Whether every run that was asked for is among them; default true. */
  readonly isWhole?: boolean
  readonly unjudged?: readonly Unjudged[]
  /** The runs of an earlier summary, to be no worse than. */
  readonly baseline?: readonly RunResult[]
}

export function summaryOf(
  runs: readonly RunResult[],
  { isWhole = true, unjudged = [], baseline }: Beside = {},
): Summary {
  const variants = [
    ...Map.groupBy(runs, (r) => JSON.stringify([r.file, r.variant, r.brief, r.world])).values(),
  ].flatMap(variantOf)
  const fidelity = fidelities(runs)
  const agreement = fidelity.map(({ agrees }): Verdict => {
    if (agrees === null) return 'inconclusive'
    return agrees ? 'pass' : 'fail'
  })
  const regressions = baseline === undefined ? [] : regressionsOf(baseline, runs)
  const verdict = worst([
    ...variants.map((v) => v.verdict),
    ...agreement,
    ...regressions.map((r) => r.verdict),
  ])
  return {
    schema: 'aftershock/summary/v1',
    version: VERSION,
    verdict: verdict === 'pass' && !isWhole ? 'inconclusive' : verdict,
    runs,
    variants,
    ...(fidelity.length === 0 ? {} : { fidelity }),
    ...(unjudged.length === 0 ? {} : { unjudged }),
    ...(baseline === undefined ? {} : { regressions }),
  }
}

function variantOf(runs: readonly RunResult[]): VariantResult[] {
  const [first] = runs
  if (first === undefined) return []
  const { scenario, file, variant, brief, world } = first
  return [
    { scenario, file, variant, brief, world, seeds: runs.map((r) => r.seed), ...judgeSeeds(runs) },
  ]
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.length === 0 || verdicts.includes('inconclusive') ? 'inconclusive' : 'pass'
}

/** As it is exported: charts are drawn once, and their figures are many. */
export function withoutCourses(summary: Summary): Summary {
  return { ...summary, runs: summary.runs.map(({ course: _drawn, ...run }) => run) }
}
