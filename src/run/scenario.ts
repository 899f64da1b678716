// Runs scenarios: every variant, every seed, one after the other, and sums them up.

import { VERSION } from '../base/version.ts'
import type { Scenario } from '../scenario/read.ts'
import { INTERRUPTED, missedFault } from './judge.ts'
import type { RunResult, Summary, Verdict } from './result.ts'
import { runOnce } from './run.ts'

export interface RunOptions {
  /** First seed; default 1, never random. */
  readonly seed?: number
  /** How many seeds, counted up from the first. */
  readonly seeds?: number
  /** Variants to run; default all. */
  readonly variants?: readonly string[]
  readonly brief?: boolean
  /** Stop after the first variant that does not pass. */
  readonly bail?: boolean
  readonly signal?: AbortSignal
  /** Wall-clock milliseconds, for `wallMs` in the results; default: not measured. */
  readonly wallMs?: () => number
  readonly onProgress?: (variant: string, seed: number, share: number) => void
  readonly onResult?: (result: RunResult) => void
}

/** Runs one scenario. Results stand in the order of its variants, then of the seeds. */
export async function run(scenario: Scenario, options: RunOptions = {}): Promise<RunResult[]> {
  const all: RunResult[] = []
  for (const variant of options.variants ?? scenario.variants) {
    const runs = withEvidence(await runVariant(scenario, variant, options))
    for (const result of runs) options.onResult?.(result)
    all.push(...runs)
    const stopped = options.signal?.aborted === true
    if (stopped || (options.bail === true && runs.some((r) => r.verdict !== 'pass'))) break
  }
  return all
}

async function runVariant(
  scenario: Scenario,
  variant: string,
  options: RunOptions,
): Promise<RunResult[]> {
  const resolved = scenario.resolve(variant, options.brief === true)
  const { signal, onProgress, seed: first = 1 } = options
  const runs: RunResult[] = []
  for (let seed = first; seed < first + (options.seeds ?? 1); seed++) {
    if (signal?.aborted === true) break
    const run = await runOnce({
      scenario: resolved,
      file: scenario.file,
      variant,
      brief: options.brief === true,
      seed,
      wallMs: options.wallMs ?? (() => 0),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined
        ? {}
        : { onProgress: (share: number) => onProgress(variant, seed, share) }),
    })
    runs.push(run)
  }
  return runs
}

/** A fault that touched nothing over all seeds of a variant proves nothing, however green the run. */
function withEvidence(runs: readonly RunResult[]): RunResult[] {
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

/** `isWhole`: every run that was asked for is among them. */
export function summaryOf(runs: readonly RunResult[], isWhole = true): Summary {
  const verdict = worst(runs.map((r) => r.verdict))
  return {
    schema: 'aftershock/summary/v1',
    version: VERSION,
    verdict: verdict === 'pass' && !isWhole ? 'inconclusive' : verdict,
    runs,
  }
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.length === 0 || verdicts.includes('inconclusive') ? 'inconclusive' : 'pass'
}
