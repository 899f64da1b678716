// Which facts are the run's: what processes do while they start, before it begins, is not.
import type { Fact } from './fact.ts'

/** What a process calls and writes while it starts is none of the run's, nor is a call that begins before it. */
export function isOfRun(fact: Fact): boolean {
  switch (fact.fact) {
    case 'call':
      return fact.startUs >= 0
    case 'start':
    case 'log':
      return fact.atUs >= 0
    default:
      return true
  }
}
