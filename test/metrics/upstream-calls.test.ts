// What is asked of upstreams: calls, calls again, and what was of use.
import { expect, test } from 'vitest'
import { OpenItem } from '../../src/metrics/open-items.ts'
import { UpstreamCalls } from '../../src/metrics/upstream-calls.ts'
import { Windows } from '../../src/metrics/windows.ts'

const OK = 1
const FAILED = 2

/** An item with so many calls of each route, and how the last of each ended. */
function item(...calls: readonly (readonly [count: number, last: number])[]): OpenItem {
  const one = new OpenItem(calls.length)
  one.begin(0, 0, 0)
  for (const [route, [count, last]] of calls.entries()) one.calls[route] = count * 4 + last
  return one
}

test('amplification is calls by first calls; of use is one call of each route of a success', () => {
  const upstreams = new UpstreamCalls(new Windows(0, []), 3, () => true)
  const begin = (one: OpenItem | undefined, route: number, calls: number) => {
    for (let nth = 1; nth <= calls; nth++) upstreams.started(nth * 1e6, route, one, nth)
  }
  expect([upstreams.amplification({}), upstreams.useful({})]).toEqual([null, null])

  const good = item([1, OK], [3, OK], [0, 0])
  begin(good, 0, 1)
  begin(good, 1, 3)
  upstreams.itemEnded(good, true)
  const bad = item([1, OK], [2, FAILED], [0, 0])
  begin(bad, 0, 1)
  begin(bad, 1, 2)
  upstreams.itemEnded(bad, false)

  expect([upstreams.count({}), upstreams.count({}, 1), upstreams.count({}, 2)]).toEqual([7, 5, 0])
  expect([upstreams.amplification({}), upstreams.amplification({}, 1)]).toEqual([7 / 4, 5 / 2])
  expect([upstreams.useful({}), upstreams.spent({})]).toEqual([2 / 7, 7])

  // Two more for an item that has ended: paid for, and of no use.
  begin(undefined, 1, 2)
  expect([upstreams.count({}), upstreams.useful({}), upstreams.spent({})]).toEqual([9, 2 / 9, 9])
})
