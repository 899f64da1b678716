// What a run leaves behind: the summary contract, `aftershock/summary/v1`.
import type { AttemptCount } from '../metrics/attempts.ts'
import type { OwnLatency } from '../worlds/real/own-latency.ts'
import type { Fidelity } from './fidelity.ts'
import type { SeedsVerdict } from './seeds.ts'
import type { FaultReport } from './timeline.ts'

export type Verdict = 'pass' | 'fail' | 'inconclusive'

export interface Items {
  readonly offered: number
  readonly succeeded: number
  readonly failed: number
  readonly skipped: number
  readonly rejected: number
  readonly discarded: number
  readonly pending: number
  readonly duplicates: number
}

/** Items that did not succeed, by fate, stage and root cause as the wire shows it. */
export interface FailureCount {
  readonly fate: string
  readonly stage: string
  readonly class: string
  readonly code?: string
  readonly message?: string
  readonly count: number
}

export interface Judged {
  readonly metric: string
  readonly expr: string
  /** Null: nothing was measured. */
  readonly observed: number | null
  readonly ok: boolean | null
  /** The limit lies within the sampling error: another seed might decide otherwise. */
  readonly narrow?: true
}

export interface AlertOutcome {
  readonly name: string
  readonly expr: string
  readonly expect: string | null
  readonly firedAtMs: number | null
  readonly resolvedAtMs: number | null
  readonly ok: boolean | null
  /** Why what was expected could not be judged. */
  readonly unclear?: string
}

/** What the system says of itself beside what was measured. */
export interface Book {
  readonly reported: string
  readonly says: number
  readonly metric: string
  readonly measured: number
}

export interface RunResult {
  readonly scenario: string
  readonly file: string
  readonly variant: string
  readonly incident?: string
  readonly about?: string
  readonly world: 'virtual' | 'real'
  readonly brief: boolean
  readonly seed: number
  readonly verdict: Verdict
  readonly outcome: 'held' | 'breached'
  readonly expect: {
    readonly breach: readonly string[]
    readonly fingerprint: 'met' | 'missed'
    /** Share of the seeds that must end as expected; absent: all. */
    readonly holds?: number
  }
  readonly reasons: readonly string[]
  readonly simulatedMs: number
  readonly wallMs: number
  readonly digest: string | null
  readonly items: Items
  readonly failures: readonly FailureCount[]
  readonly attempts: readonly AttemptCount[]
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number | null>>>>
  readonly reported: Readonly<Record<string, number>>
  readonly books: readonly Book[]
  readonly thresholds: readonly Judged[]
  readonly fingerprint: readonly Judged[]
  readonly faults: readonly FaultReport[]
  readonly alerts: readonly AlertOutcome[]
  readonly parts: Readonly<Record<string, unknown>>
  /** Of the real world: the servers it ran on, and how well it kept time. */
  readonly environment?: Environment
}

export interface Environment {
  readonly speed: number
  /** Per part: which provider, and its version or digest. */
  readonly parts: Readonly<Record<string, string>>
  /** Why it could not keep up, so that its figures tell nothing; empty where it could. */
  readonly unfit: readonly string[]
  /** How late each thread's event loop ran, p99 in wall ms. */
  readonly lagP99Ms: { readonly main: number; readonly interposers: number }
  /** How late items were offered, p99 in ms of the world. */
  readonly sendLatenessP99Ms: number | null
  /** Per route, how much of its latency is real calls' own. */
  readonly ownLatency: Readonly<Record<string, OwnLatency>>
  /** Clocks that were seen to be off, by the store's own date, ms. */
  readonly measuredSkewMs?: Readonly<Record<string, number>>
}

export interface Summary {
  readonly schema: 'aftershock/summary/v1'
  readonly version: string
  readonly verdict: Verdict
  readonly runs: readonly RunResult[]
  /** What the seeds of each variant say together, in the order of the runs. */
  readonly variants: readonly VariantResult[]
  /** Where a variant was run in both worlds: how far they differ. */
  readonly fidelity?: readonly Fidelity[]
}

export interface VariantResult extends SeedsVerdict {
  readonly scenario: string
  readonly file: string
  readonly variant: string
  readonly brief: boolean
  readonly world: RunResult['world']
  readonly seeds: readonly number[]
}
