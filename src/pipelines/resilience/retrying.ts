// Tries a call as often as it may: waits in between, spares an upstream that fails, and stops at a deadline.
import { type Backoff, backoffMs } from '../../base/backoff.ts'
import type { Host, Timeouts } from '../../worlds/world.ts'
import type { Breaker } from './breaker.ts'
import type { RetryBudget } from './retry-budget.ts'

/** How one try ended. */
export type Tried<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      /** A class of errors, in the caller's own words. */
      readonly why: string
      /** No other try would end otherwise. */
      readonly isFinal: boolean
      /** The server asks for as long a wait. */
      readonly retryAfterMs?: number
    }

export interface RetryPolicy {
  /** The waits of one call are not those of another about the same. */
  readonly label: string
  /** Tries in all. */
  readonly attempts: number
  /** Undefined: the next follows at once. */
  readonly backoff: Backoff | undefined
  readonly breaker?: Breaker | undefined
  readonly budget?: RetryBudget | undefined
}

export const BREAKER_OPEN = 'breaker-open'
export const DEADLINE_PASSED = 'deadline-passed'

/** `key` is what the call is about: the waits are drawn by it. `deadlineMs` is a time of the host's wall clock. */
export async function retrying<T>(
  host: Host,
  policy: RetryPolicy,
  key: string,
  deadlineMs: number | undefined,
  once: (restMs: number | undefined) => Promise<Tried<T>>,
): Promise<Tried<T>> {
  const { label, attempts, backoff, breaker, budget } = policy
  budget?.firstTry()
  for (let attempt = 1; ; attempt++) {
    const restMs = deadlineMs === undefined ? undefined : deadlineMs - host.clock.now()
    if (restMs !== undefined && restMs <= 0) return gaveUp(DEADLINE_PASSED, true)
    const tried = await (breaker === undefined ? once(restMs) : through(breaker, restMs, once))
    if (tried.ok || tried.isFinal || attempt >= attempts) return tried
    if (budget?.spend() === false) return tried
    if (backoff === undefined) continue
    const ms = backoffMs(backoff, attempt, host.random.at(label, key, attempt))
    await host.clock.sleep(Math.max(ms, tried.retryAfterMs ?? 0))
  }
}

async function through<T>(
  breaker: Breaker,
  restMs: number | undefined,
  once: (restMs: number | undefined) => Promise<Tried<T>>,
): Promise<Tried<T>> {
  if (!breaker.allows()) return gaveUp(BREAKER_OPEN, false)
  const tried = await once(restMs)
  // A refusal for good is an answer: the upstream is well.
  breaker.ended(tried.ok || tried.isFinal)
  return tried
}

function gaveUp<T>(why: string, isFinal: boolean): Tried<T> {
  return { ok: false, why, isFinal }
}

/** A call's own timeouts, and none of them beyond the deadline. */
export function within(timeouts: Timeouts, restMs: number): Timeouts {
  return { ...timeouts, totalMs: Math.min(restMs, timeouts.totalMs ?? Number.POSITIVE_INFINITY) }
}
