// What keeps a call from going on: a rule until it heals, or removals until they are done.
import type { ActiveRule } from '../../rules.ts'
import type { WireCall } from './wire-call.ts'

/** Nothing happens to the call until the rule heals. */
export function hold(call: WireCall, by: ActiveRule<WireCall>, onward: () => void): void {
  call.onward = onward
  by.holding.add(call)
}

/** At once where nothing is being removed: the order of things stays as it is. */
export function whenRemoved(call: WireCall, then: () => void): Promise<void> | undefined {
  if (call.removals.length === 0) {
    then()
    return undefined
  }
  const all = call.removals
  call.removals = []
  return Promise.allSettled(all).then(then)
}
