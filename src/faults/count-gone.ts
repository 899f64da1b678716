// What Redis lost to a fault that took or emptied it.
import type { Evidence, Gone } from '../worlds/world.ts'

/** What Redis no longer has, as evidence of the fault that took it. */
export function countGone(evidence: Evidence, { lost, forgotten }: Gone): void {
  evidence.touched = (evidence.touched ?? 0) + lost + forgotten
  evidence.jobsLost = (evidence.jobsLost ?? 0) + lost
  if (forgotten > 0) evidence.jobsForgotten = (evidence.jobsForgotten ?? 0) + forgotten
}
