// The record of what was compared: newer results take the place of older ones, and what no longer exists goes.
import { readFileSync, writeFileSync } from 'node:fs'
import type { Comparison, ComparisonRecord } from '../../dist/src/cli/comparisons.js'
import type { Compared } from './compare.ts'

export const RECORD_FILE = 'scenarios/fidelity.json'

/** `exists`: whether there still is such a variant. A run that could not keep up compared nothing. */
export function record(
  compared: readonly Compared[],
  exists: (scenario: string, variant: string) => boolean,
): void {
  const fresh = compared.flatMap((one) => (one.agrees === null ? [] : [entryOf(one, one.agrees)]))
  const isFresh = (old: Comparison) =>
    fresh.some(({ scenario, variant }) => scenario === old.scenario && variant === old.variant)
  const kept = read().filter((old) => exists(old.scenario, old.variant) && !isFresh(old))
  const comparisons = [...kept, ...fresh].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const all: ComparisonRecord = { writtenBy: 'npm run fidelity', comparisons }
  writeFileSync(RECORD_FILE, `${JSON.stringify(all, null, 2)}\n`)
}

function entryOf(one: Compared, agrees: boolean): Comparison {
  const { scenario, variant, seeds, environment, store, faults } = one
  return { scenario, variant, seeds, speed: environment?.speed ?? 1, store, agrees, faults }
}

function read(): readonly Comparison[] {
  try {
    return (JSON.parse(readFileSync(RECORD_FILE, 'utf8')) as ComparisonRecord).comparisons
  } catch {
    return []
  }
}

function nameOf({ scenario, variant }: Comparison): string {
  return `${scenario}.${variant}`
}
