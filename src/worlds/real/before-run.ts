// Which facts are the run's: what processes do while they start, before it begins, is not.
import type { Fact } from './fact.ts'

/** What a process calls and writes while it starts is none of the run's, nor is a call that begins before it. */
export function isOfRun(fact: Fact): boolean {
  switch (fact.fact) {
    case 'call':
      return fact.startUs >= 0
    case 'start':
      return fact.atUs >= 0
    // A line is dated by the look before the one that found it, which may have been before the run: its item tells.
    case 'log':
      return fact.atUs >= 0 || (fact.item >= 0 && (fact.byUs ?? fact.atUs) >= 0)
    default:
      return true
  }
}
