// With several seeds: what each variant changes against the first, and how sure that is.
import { differencesOf, pairsOf } from '../run/differences.ts'
import type { RunResult } from '../run/result.ts'
import { differenceTable } from './differences.ts'
import type { Paint } from './text.ts'

/** What tells variants apart; `compare` has the rest. */
const TOLD: readonly string[] = [
  'item_succeeded rate',
  'item_failed rate',
  'item_lost rate',
  'item_duration med',
  'item_duration p(95)',
  'attempt_failed rate',
]

export function variantsTable(variants: readonly (readonly RunResult[])[], paint: Paint): string[] {
  const [base, ...others] = variants
  if (base === undefined || base.length < 2) return []
  return others.flatMap((runs) => {
    const pairs = pairsOf(base, runs)
    const differences = differencesOf(pairs).filter(
      (d) => TOLD.includes(d.metric) && (d.a !== 0 || d.b !== 0),
    )
    if (pairs.length === 0 || differences.length === 0) return []
    const names = [base[0]?.variant ?? '', runs[0]?.variant ?? ''] as const
    return [
      `  ${names[1]} against ${names[0]}, ${pairs.length} seeds paired`,
      ...differenceTable(differences, names, paint).map((line) => `    ${line}`),
      '',
    ]
  })
}
