// What the runs of a variant say only together: whether its faults touched anything, and which runs are set aside.
import { INTERRUPTED, missedFault } from './judge.ts'
import type { RunResult } from './result.ts'
import { judgeSeeds } from './seeds.ts'

/** A fault that touched nothing over all seeds of a variant proves nothing, however green the run. */
export function withEvidence(runs: readonly RunResult[]): RunResult[] {
  // A fault counts what it touched when it heals: of one that was cut short nothing is known.
  if (runs.some((r) => r.reasons.includes(INTERRUPTED))) return [...runs]
  const faults = runs[0]?.faults ?? []
  const missed = faults.filter(
    (fault, i) => !fault.mayMiss && runs.every((r) => r.faults[i]?.touched === 0),
  )
  if (missed.length === 0) return [...runs]
  return runs.map((r) => ({
    ...r,
    verdict: r.verdict === 'fail' ? 'fail' : 'inconclusive',
    reasons: [...r.reasons, ...missed.map(missedFault)],
  }))
}

/** Runs beyond the `asked` stand in for those that told nothing, one for one. A breach is never set aside. */
export function withReplacements(runs: readonly RunResult[], asked: number): RunResult[] {
  const added = runs.slice(asked).filter((r) => r.verdict !== 'inconclusive')
  return runs.map((run, i) => {
    if (run.verdict !== 'inconclusive') return run
    const standIn = added.shift()
    // An added run that told nothing either was not asked for.
    const replacedBy = standIn?.seed ?? (i < asked ? undefined : run.seed)
    return replacedBy === undefined ? run : { ...run, replacedBy }
  })
}

/** Whether a further seed may decide what these leave open. */
export function isOpen(runs: readonly RunResult[], asked: number): boolean {
  if (runs.some((r) => r.reasons.includes(INTERRUPTED))) return false
  return judgeSeeds(withReplacements(withEvidence(runs), asked)).verdict === 'inconclusive'
}
