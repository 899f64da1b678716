// Verdicts in words: what a variant's runs say, and what the variants say together.
import { percent } from '../base/figures.ts'
import { judgeSeeds } from '../run/seeds.ts'
import { sayResult } from '../verdict/said.ts'
import { candidatesOf, isRefuted, type Runs, sayFacts } from './candidates.ts'

/** What the verdict means, in words. */
export function sayVerdict(runs: Runs, variants: readonly Runs[]): string {
  const seeds = judgeSeeds(runs)
  const [first] = runs
  if (first === undefined) return ''
  const failed = runs.length - seeds.passed
  const share = runs.length === 1 ? '' : ` (${failed} of ${runs.length} seeds)`
  if (seeds.verdict === 'fail') return `FAIL${share}: ${seeds.reasons[0] ?? ''}`
  if (seeds.verdict === 'inconclusive') return `inconclusive${share}: ${seeds.reasons[0] ?? ''}`
  if (candidatesOf(variants).includes(runs)) return sayFacts(runs)
  const enough = failed === 0 ? '' : ` in ${seeds.passed} of ${runs.length} seeds, enough`
  if (first.expect.breach.length > 0)
    return `reproduced${enough}: breaches ${first.expect.breach.join(', ')}`
  return `${first.outcome === 'held' || enough !== '' ? 'holds' : 'breached'}${enough}`
}

/** What failed, why, and which variants hold. */
export function conclusionOf(variants: readonly Runs[]): string[] {
  const candidates = candidatesOf(variants)
  const broken = variants
    .flatMap((runs) => runs.slice(0, 1))
    .find((r) => r.outcome === 'breached' && !isRefuted(r))
  if (broken === undefined) return []
  const [top] = broken.failures
  const why =
    top === undefined
      ? ''
      : `${broken.variant}: ${percent(top.count / broken.items.offered)} of all items ${top.fate} at ${top.stage}, ${sayResult(top)}${top.message === undefined ? '' : ` (${top.message})`}`
  const others = variants.filter((runs) => runs[0] !== broken && !candidates.includes(runs))
  const named = (outcome: string) =>
    others
      .filter((runs) => runs.every((r) => r.outcome === outcome && r.verdict === 'pass'))
      .flatMap((runs) => runs[0]?.variant ?? [])
  const [holding, breaking] = [named('held'), named('breached')]
  const held = holding.length === 0 ? '' : `holds: ${holding.join(', ')}`
  const broke = breaking.length === 0 ? '' : `does not hold: ${breaking.join(', ')}`
  return [why, [held, broke].filter((part) => part !== '').join('; ')].filter((line) => line !== '')
}
