// Of the runs of a variant, the one whose details are shown.
import type { RunResult } from '../run/result.ts'

/** The first that does not end as expected; else the first that every fault touched, for that is what tells. */
export function shownOf(runs: readonly RunResult[]): RunResult | undefined {
  const told = runs.filter((r) => r.replacedBy === undefined)
  const isTouched = (r: RunResult) => r.faults.every((f) => f.touched > 0 || f.mayMiss)
  return told.find((r) => r.verdict !== 'pass') ?? told.find(isTouched) ?? told[0] ?? runs[0]
}
