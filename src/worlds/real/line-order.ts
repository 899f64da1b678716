// A line that says that an item went wrong stands after the call that failed, whichever was seen first.
import type { Fact, LogFact } from './facts.ts'

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
    if (fact.fact !== 'log' || fact.item < 0 || fact.byUs === undefined) continue
    const there = lastFailure(fact, ready, i + 1)
    const later = lastFailure(fact, waiting, 0)
    if (there < 0 && later < 0) continue
    ready.splice(i, 1)
    i--
    const [list, at] = later < 0 ? [ready, there - 1] : [waiting, later]
    const { byUs: _, ...line } = fact
    list.splice(at + 1, 0, { ...line, atUs: (list[at] as Fact).atUs })
  }
  return ready
}

function lastFailure({ item, byUs = 0 }: LogFact, facts: readonly Fact[], from: number): number {
  let found = -1
  for (let i = from; i < facts.length; i++) {
    const fact = facts[i] as Fact
    if (fact.atUs > byUs + SEEN_LATER_US) break
    if (fact.fact !== 'call' || fact.item !== item || fact.class === 'ok') continue
    if (fact.startUs <= byUs) found = i
  }
  return found
}
