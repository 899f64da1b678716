// When a fault is there: its injections, and how each ends.
import type { Timing } from '../faults/fault.ts'

/** One injection of a fault, in milliseconds from the start. */
export interface Injection {
  readonly fromMs: number
  readonly toMs: number
}

/** All faults are healed when the load ends, so that what is in flight can settle. */
export function injectionsOf(
  { at, for: forMs, every }: Timing,
  { isInstant, warmupMs, loadEndMs }: { isInstant: boolean; warmupMs: number; loadEndMs: number },
): Injection[] {
  const lengthMs = forMs ?? (isInstant ? 0 : Number.POSITIVE_INFINITY)
  const injections: Injection[] = []
  for (let fromMs = at ?? warmupMs; fromMs < loadEndMs; fromMs += every ?? Number.POSITIVE_INFINITY)
    injections.push({ fromMs, toMs: Math.min(fromMs + lengthMs, loadEndMs) })
  return injections
}
