// Retries with independent failures: how many tries an item makes, and how often all of them fail; retries of retries.
import { expect, test } from 'vitest'
import type { Observer } from '../../src/metrics/history.ts'
import { tries } from './formulas.ts'
import { expectMean, isBinomial } from './intervals.ts'
import { type Asked, type Asking, asking, of, runWith, type Written } from './runs.ts'
import { tiers } from './tiers.ts'

const ITEMS = 4_000
const SEED = 1

/** Faults heal when the load ends: it stops a minute before, and all tries are over by then. */
const failing = (route: string, probability: number): Written => ({
  load: { kind: 'arrivals', rate: '20/s', for: `${ITEMS / 20 + 60}s` },
  faults: [
    { kind: 'status', route, probability, status: 503 },
    { kind: 'load.stop', at: `${ITEMS / 20}s` },
  ],
})

/** How many calls of a route each item made, and how many items made a first, a second, a third … */
async function watchCalls<A extends Asked>(what: Asking<A>, route: string) {
  const ofItem = new Array<number>(ITEMS).fill(0)
  const observer: Observer = (event) => {
    if (event.event !== 'call' || event.route !== route || event.item === undefined) return
    ofItem[event.item] = (ofItem[event.item] ?? 0) + 1
  }
  const figures = await runWith(what, SEED, { observer, figures: () => ({}) })
  const reached = (nth: number) => ofItem.filter((calls) => calls >= nth).length
  return { figures, ofItem, reached }
}

/** That the calls of each item, and the items that failed, follow the law for up to `n` tries. */
function expectTries(
  { ofItem, reached }: Awaited<ReturnType<typeof watchCalls>>,
  failed: number,
  p: number,
  n: number,
): void {
  const law = tries(p, n)
  expectMean(ofItem, law.mean, {
    'fails a fifth less': tries(0.8 * p, n).mean,
    'fails a fifth more': tries(1.2 * p, n).mean,
  })
  const nths = Array.from({ length: n }, (_, i) => i + 1)
  expect(nths.filter((nth) => !isBinomial(reached(nth), ITEMS, p ** (nth - 1)))).toEqual([])
  expect(reached(n + 1)).toBe(0)
  expect({ failed, ok: isBinomial(failed, ITEMS, law.failed) }).toEqual({ failed, ok: true })
  const wrong = { less: tries(p, n - 1).failed, more: tries(p, n + 1).failed }
  expect(Object.values(wrong).map((share) => isBinomial(failed, ITEMS, share))).toEqual([
    false,
    false,
  ])
}

test.each([
  { p: 0.3, n: 3 },
  { p: 0.6, n: 5 },
])('an image is tried up to $n times, each failing with $p', async ({ p, n }) => {
  const asked = { attempts: 'attempts{route:infer} count', failed: 'item_failed count' }
  const pipeline = {
    call: { attempts: n, spacing: ['1s'] },
    service: { inference: '10ms', detections: 0 },
  }
  const what = asking(asked, failing('infer', p), pipeline)
  const seen = await watchCalls(what, 'infer')
  expectTries(seen, seen.figures.failed, p, n)
  expect(seen.figures.attempts).toBe(seen.ofItem.reduce((sum, calls) => sum + calls, 0))
})

const NESTED = {
  edge: 'attempts{route:edge} count',
  middle: 'attempts{route:middle} count',
  depths: 'attempts{route:depths} count',
  failed: 'item_failed count',
}

test.each([
  { p: 0.6, clients: 1, edge: 2, middle: 3 },
  { p: 0.7, clients: 2, edge: 2, middle: 2 },
])('$clients × $edge × $middle tries, each failing with $p', async ({ p, ...each }) => {
  const what = asking(NESTED, failing('depths', p))
  const seen = await watchCalls(of(tiers, each, what), 'depths')
  expectTries(seen, seen.figures.failed, p, each.clients * each.edge * each.middle)
  // To the one above, the tries below are one that fails when all of them do.
  const above = await watchCalls(of(tiers, each, what), 'middle')
  expectTries(above, above.figures.failed, p ** each.middle, each.clients * each.edge)
})

test('three layers of 4 tries make 64 of one when nothing answers', async () => {
  const what = asking(NESTED, failing('depths', 1))
  const seen = await runWith(of(tiers, { clients: 4, edge: 4, middle: 4 }, what), SEED)
  expect(seen).toEqual({
    edge: 4 * ITEMS,
    middle: 16 * ITEMS,
    depths: 64 * ITEMS,
    failed: ITEMS,
  })
})
