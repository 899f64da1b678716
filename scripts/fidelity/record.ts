// The record of what was compared: newer results take the place of older ones, or add their seeds; what no longer exists goes.
import { readFileSync, writeFileSync } from 'node:fs'
import type { Comparison, ComparisonRecord } from '../../dist/src/cli/comparisons.js'
import type { Compared } from './compare.ts'

export const RECORD_FILE = 'scenarios/fidelity.json'

/** `exists`: whether there still is such a variant. A run that could not keep up compared nothing. */
export function record(
  compared: readonly Compared[],
  exists: (scenario: string, variant: string) => boolean,
): void {
  const all = new Map(
    read().flatMap((old) =>
      exists(old.scenario, old.variant) ? [[nameOf(old), old] as const] : [],
    ),
  )
  for (const one of compared) {
    if (one.agrees === null) continue
    const fresh = entryOf(one, one.agrees)
    all.set(nameOf(fresh), withSeedsOf(all.get(nameOf(fresh)), fresh))
  }
  const comparisons = [...all.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const written: ComparisonRecord = { writtenBy: 'npm run fidelity', comparisons }
  writeFileSync(RECORD_FILE, `${JSON.stringify(written, null, 2)}\n`)
}

/** Other seeds that came to the same on the same store, as fast, stay beside those that are new. */
function withSeedsOf(old: Comparison | undefined, fresh: Comparison): Comparison {
  const isAlike =
    old?.agrees === fresh.agrees && old.speed === fresh.speed && old.store === fresh.store
  if (!isAlike || fresh.seeds.some((seed) => old.seeds.includes(seed))) return fresh
  const faults: Record<string, { virtual: number; real: number }> = {}
  for (const [kind, touched] of [...Object.entries(old.faults), ...Object.entries(fresh.faults)]) {
    const { virtual, real } = faults[kind] ?? { virtual: 0, real: 0 }
    faults[kind] = { virtual: virtual + touched.virtual, real: real + touched.real }
  }
  return { ...fresh, seeds: [...old.seeds, ...fresh.seeds].toSorted((a, b) => a - b), faults }
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
