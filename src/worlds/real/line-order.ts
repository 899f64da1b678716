// A line, or a key in Redis, that says that an item went wrong stands after the call that failed, whichever was seen first.
import type { CallFact, Fact, KeyFact, LogFact } from './fact.ts'

/**
 * When a line was written is known to some milliseconds, and it has the earliest time. A call about its item that failed
 * by the latest is why it was written: the line goes behind it. Whoever hung up may be seen to have done so `laterUs`
 * after it wrote. What is not ready yet goes into `waiting`; both are in order, and stay so.
 */
export function afterFailures(ready: Fact[], waiting: Fact[], laterUs: number): readonly Fact[] {
  for (let i = 0; i < ready.length; i++) {
    const fact = ready[i] as Fact
    const byUs = writtenBy(fact)
    if (byUs === undefined) continue
    const { item } = fact as LogFact | KeyFact
    const isWhy = (call: CallFact) =>
      call.item === item &&
      call.class !== 'ok' &&
      call.startUs <= byUs &&
      (call.answeredUs ?? call.atUs - laterUs) <= byUs
    const there = lastCall(ready, i + 1, isWhy)
    const later = lastCall(waiting, 0, isWhy)
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
  return fact.byUs
}

function lastCall(facts: readonly Fact[], from: number, is: (call: CallFact) => boolean): number {
  for (let i = facts.length - 1; i >= from; i--) {
    const fact = facts[i] as Fact
    if (fact.fact === 'call' && is(fact)) return i
  }
  return -1
}
