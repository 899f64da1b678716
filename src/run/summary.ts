// Sums runs up: what each variant's seeds say together, and the verdict over all.
import { VERSION } from '../base/version.ts'
import { fidelities } from './fidelity.ts'
import type { RunResult, Summary, VariantResult, Verdict } from './result.ts'
import { judgeSeeds } from './seeds.ts'

/** `isWhole`: every run that was asked for is among them. */
export function summaryOf(runs: readonly RunResult[], isWhole = true): Summary {
  const variants = [
    ...Map.groupBy(runs, (r) => JSON.stringify([r.file, r.variant, r.brief, r.world])).values(),
  ].flatMap(variantOf)
  const fidelity = fidelities(runs)
  const agreement = fidelity.map(({ agrees }): Verdict => {
    if (agrees === null) return 'inconclusive'
    return agrees ? 'pass' : 'fail'
  })
  const verdict = worst([...variants.map((v) => v.verdict), ...agreement])
  return {
    schema: 'aftershock/summary/v1',
    version: VERSION,
    verdict: verdict === 'pass' && !isWhole ? 'inconclusive' : verdict,
    runs,
    variants,
    ...(fidelity.length === 0 ? {} : { fidelity }),
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
