// What a run leaves behind: the summary contract, `aftershock/summary/v1`.
import type { AttemptCount } from '../metrics/attempts.ts'
import type { Recovery } from '../metrics/recovery.ts'
import type { Refused } from '../worlds/real/egress/refused.ts'
import type { Output } from '../worlds/real/foreign/index.ts'
import type { OwnLatency } from '../worlds/real/own-latency.ts'
import type { Burden } from './burden.ts'
import type { CheckpointDigests } from './checkpoints.ts'
import type { Course } from './course.ts'
import type { Fidelity } from './fidelity.ts'
import type { Regression } from './regression.ts'
import type { SeedsVerdict } from './seeds.ts'
import type { FaultReport } from './timeline.ts'
import type { WindowFigures } from './window-table.ts'

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
  /** Their ids, `00000312-00000446 00000450`; absent where they lie too far apart to be listed. */
  readonly which?: string
  /** One of them, of somebody else's process: with the W3C trace that the load gave it, if any. */
  readonly example?: Example
}

export interface Example {
  readonly item: string
  readonly traceparent?: string
}

/** What a process wrote of an item that was lost or that nothing explains, or before it ended by itself. */
export interface Said {
  readonly host: string
  /** Absent: before it ended. */
  readonly item?: string
  readonly lines: readonly string[]
}

export interface Judged {
  readonly metric: string
  readonly expr: string
  /** Null: nothing was measured. */
  readonly observed: number | null
  readonly ok: boolean | null
  /** The limit lies within the sampling error: another seed might decide otherwise. */
  readonly narrow?: true
  /** What it was if the items that no rule explains succeeded, and if they were lost: `ok` is null, for that decides it. */
  readonly either?: readonly [succeeded: number | null, lost: number | null]
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
  /** Inconclusive, and set aside for the run of this further seed. */
  readonly replacedBy?: number
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
  /** How the digest came about, for whoever finds another one. */
  readonly checkpoints?: CheckpointDigests
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
  /** Where there were faults, something before them, and load for a minute after. */
  readonly recovery?: Recovery
  /** The windows that the scenario names, side by side. */
  readonly windows?: readonly WindowFigures[]
  /** What was asked of the upstreams, where there are any. */
  readonly upstreams?: Burden
  /** How many items ended and nobody was told, by how they ended; absent where it is not known who was told. */
  readonly untold?: Readonly<Record<string, number>>
  /** Quoted from the output of processes of somebody else's. */
  readonly said?: readonly Said[]
  /** Of the real world: the servers it ran on, and how well it kept time. */
  readonly environment?: Environment
  /** For charts, where they were asked for; no part of what is exported. */
  readonly course?: Course
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
  /** Per host, the share of its capacity that real calls' own time took while requests waited; hosts with none are left out. */
  readonly capacityTaken: Readonly<Record<string, number>>
  /** Clocks that were seen to be off, by the store's own date, ms. */
  readonly measuredSkewMs?: Readonly<Record<string, number>>
  /** Calls of processes to hosts of the world outside that came to nothing, by who made them and where they went. */
  readonly egress?: readonly Refused[]
  /** Of processes that were started: where their output is kept. */
  readonly outputs?: readonly Output[]
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
  /** Asked for and not run to their end. */
  readonly unjudged?: readonly Unjudged[]
  /** Against an earlier summary: what got worse. */
  readonly regressions?: readonly Regression[]
}

/** A variant of which seeds are missing. */
export interface Unjudged {
  readonly scenario: string
  readonly file: string
  readonly variant: string
  readonly brief: boolean
  readonly world: RunResult['world']
  readonly asserted: Asserted
  /** `interrupted`, that it was not wanted any more, or what went wrong. */
  readonly why: string
  /** Whether something went wrong. */
  readonly isError: boolean
}

/** What a run would have been judged by. */
export interface Asserted {
  readonly thresholds: readonly Pick<Judged, 'metric' | 'expr'>[]
  readonly alerts: readonly Pick<AlertOutcome, 'name' | 'expect'>[]
  readonly breach: readonly string[]
}

export interface VariantResult extends SeedsVerdict {
  readonly scenario: string
  readonly file: string
  readonly variant: string
  readonly brief: boolean
  readonly world: RunResult['world']
  readonly seeds: readonly number[]
}
