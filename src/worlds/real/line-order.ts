// A line, or a key in Redis, that says that an item went wrong stands after the call that failed, whichever was seen first.
import type { Fact, KeyFact, LogFact } from './fact.ts'

/** An interposer sees the end of an answer this much later, at most, than its caller: half of what facts wait. */
const SEEN_LATER_US = 20_000

/**
 * When a line was written is known to some milliseconds, and it has the earliest time. A call about its item that failed
 * by the latest is why it was written: the line goes behind it. What is not ready yet goes into `waiting`; both are in
 * order, and stay so.
 */
export function afterFailures(ready: Fact[], waiting: Fact[]): readonly Fact[] {
  for (let i = 0; i < ready.length; i++) {
    const fact = ready[i] as Fact
    const byUs = writtenBy(fact)
    if (byUs === undefined) continue
    const { item } = fact as LogFact | KeyFact
    const there = lastFailure(item, byUs, ready, i + 1)
    const later = lastFailure(item, byUs, waiting, 0)
    if (there < 0 && later < 0) continue
    ready.splice(i, 1)
    i--
    const [list, at] = later < 0 ? [ready, there - 1] : [waiting, later]
    list.splice(at + 1, 0, { ...fact, atUs: (list[at] as Fact).atUs, placed: true } as Fact)
  }
  return ready
}

/** By when a process had written what tells of an item; undefined for all else, and for what has its place. */
function writtenBy(fact: Fact): number | undefined {
  if ((fact.fact !== 'log' && fact.fact !== 'key') || fact.item < 0) return undefined
  if (fact.placed === true) return undefined
  return fact.fact === 'key' ? fact.atUs : fact.byUs
}

function lastFailure(item: number, byUs: number, facts: readonly Fact[], from: number): number {
  let found = -1
  for (let i = from; i < facts.length; i++) {
    const fact = facts[i] as Fact
    if (fact.atUs > byUs + SEEN_LATER_US) break
    if (fact.fact !== 'call' || fact.item !== item || fact.class === 'ok') continue
    if (fact.startUs <= byUs) found = i
  }
  return found
}
