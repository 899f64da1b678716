// How long to wait before another try: fixed or exponential, with or without jitter.

export interface Backoff {
  readonly kind: 'fixed' | 'exponential'
  readonly delayMs: number
  /** Exponential: no wait is longer. */
  readonly maxMs: number
  /** full: anything from nothing to the wait; equal: from half of it. */
  readonly jitter: 'none' | 'full' | 'equal'
}

/** At once, as often as it takes. */
export const NO_BACKOFF: Backoff = { kind: 'fixed', delayMs: 0, maxMs: 0, jitter: 'none' }

/**
 * The wait after try number `attempt`, from 1, failed; `u` is uniform in [0, 1).
 * As in Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffMs(backoff: Backoff, attempt: number, u: number): number {
  const { kind, delayMs, maxMs, jitter } = backoff
  const ms = kind === 'fixed' ? delayMs : Math.min(maxMs, delayMs * 2 ** Math.min(attempt - 1, 64))
  if (jitter === 'none') return ms
  return jitter === 'full' ? u * ms : ms / 2 + (u * ms) / 2
}
