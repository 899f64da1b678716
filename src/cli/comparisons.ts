// Which faults were seen to do the same in both worlds: the record that `npm run fidelity` writes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../base/errors.ts'
import { scenarioFolder } from './bundled.ts'
import { usageError } from './complain.ts'

/** One variant of a bundled scenario, in small, run in both worlds. */
export interface Comparison {
  readonly scenario: string
  readonly variant: string
  readonly seeds: readonly number[]
  readonly speed: number
  /** `binary, MinIO v0…` */
  readonly store: string
  /** Verdicts equal, and the shares of all fates and common failures within two points. */
  readonly agrees: boolean
  /** By kind: how much its faults touched in each world, over all seeds. */
  readonly faults: Readonly<Record<string, { readonly virtual: number; readonly real: number }>>
}

export interface ComparisonRecord {
  readonly writtenBy: string
  readonly comparisons: readonly Comparison[]
}

export const RECORD = 'fidelity.json'

export function readComparisons(): readonly Comparison[] {
  const file = join(scenarioFolder(), RECORD)
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as ComparisonRecord).comparisons
  } catch (error) {
    throw usageError(`cannot read '${file}': ${messageOf(error)}`)
  }
}

/** Those in which a fault of the kind did something in both worlds. */
export function comparisonsOf(kind: string, all: readonly Comparison[]): readonly Comparison[] {
  return all.filter(({ faults }) => {
    const touched = faults[kind]
    return touched !== undefined && touched.virtual > 0 && touched.real > 0
  })
}
