// Sums runs up: what each variant's seeds say together, and the verdict over all.
import { VERSION } from '../base/version.ts'
import type { RunResult, Summary, VariantResult, Verdict } from './result.ts'
import { judgeSeeds } from './seeds.ts'

export function summaryOf(runs: readonly RunResult[]): Summary {
  const variants = [
    ...Map.groupBy(runs, (r) => JSON.stringify([r.file, r.variant, r.brief])).values(),
  ].flatMap(variantOf)
  return {
    schema: 'aftershock/summary/v1',
    version: VERSION,
    verdict: worst(variants.map((v) => v.verdict)),
    runs,
    variants,
  }
}

function variantOf(runs: readonly RunResult[]): VariantResult[] {
  const [first] = runs
  if (first === undefined) return []
  const { scenario, file, variant, brief } = first
  return [{ scenario, file, variant, brief, seeds: runs.map((r) => r.seed), ...judgeSeeds(runs) }]
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.length === 0 || verdicts.includes('inconclusive') ? 'inconclusive' : 'pass'
}
