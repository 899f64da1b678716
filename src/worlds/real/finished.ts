// What a run in the real world tells of itself when it is over.
import type { Evidence } from '../world.ts'
import type { Refused } from './egress/refused.ts'
import type { Output } from './foreign/index.ts'
import type { Unidentified } from './identified.ts'
import type { OwnLatency } from './own-latency.ts'
import type { ShortLimit } from './short-limits.ts'
import type { SlotUse } from './slot-use.ts'

export interface Finished {
  /** What each fault did in the other thread, by its number. */
  readonly evidence: readonly Evidence[]
  readonly lagP99Ms: { readonly main: number; readonly interposers: number }
  /** Per host whose clock was seen to be off. */
  readonly measuredSkewMs: Readonly<Record<string, number>>
  /** Calls of processes to the world outside that came to nothing. */
  readonly egress: readonly Refused[]
  readonly outputs: readonly Output[]
  readonly unidentified: readonly Unidentified[]
  readonly shortLimits: readonly ShortLimit[]
  /** Per route. */
  readonly ownLatency: Readonly<Record<string, OwnLatency>>
  /** Per host that has a capacity. */
  readonly slotUse: Readonly<Record<string, SlotUse>>
}
