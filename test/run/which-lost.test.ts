// Lost items are named, neither more nor fewer: as the events of the run have them.
import { expect, test } from 'vitest'
import type { RunEvent } from '../../src/metrics/history.ts'
import { WhichLost } from '../../src/metrics/which-lost.ts'
import { runOnce } from '../../src/run/run.ts'
import { resolvedSchema } from '../../src/scenario/schema.ts'

test('neighbours are told together, each cause by itself', () => {
  const which = new WhichLost()
  for (const [index, cause] of [
    [3, 1],
    [4, 1],
    [5, 2],
    [6, 1],
    [9, 1],
  ] as const)
    which.add(index, 'failed', cause)
  expect(which.of('failed', 1)).toEqual([
    [3, 4],
    [6, 6],
    [9, 9],
  ])
  expect(which.of('failed', 2)).toEqual([[5, 5]])
  expect(which.of('skipped', 1)).toEqual([])
})

test('jobs that Redis loses are the items that the report names, those of the warm-up left out', async () => {
  const scenario = resolvedSchema.parse({
    pipeline: { kind: 'generation', workers: 1, slots: 4, redis: { persists: false } },
    load: { kind: 'arrivals', rate: '2/s', for: '1m' },
    warmup: '10s',
    settle: '2m',
    faults: [{ kind: 'redis.flush', at: '20s', every: '20s' }],
    thresholds: { item_discarded: ['count==0'] },
  })
  const fates = new Map<number, string>()
  const dueMs = new Map<number, number>()
  const observer = (event: RunEvent) => {
    if (event.event === 'offer') dueMs.set(event.item, event.dueMs)
    if (event.event === 'fate') fates.set(event.item, event.fate)
  }
  const order = { file: 'x.ts', variant: 'default', brief: false, seed: 1, wallMs: () => 0 }
  const { failures, items } = await runOnce({ ...order, scenario, observer })
  const wanted = [...fates.keys()]
    .filter((item) => fates.get(item) === 'discarded' && (dueMs.get(item) ?? 0) >= 10_000)
    .sort((a, b) => a - b)
  expect(wanted.length).toBeGreaterThan(20)
  expect([...fates].filter(([, fate]) => fate === 'discarded').length).toBeGreaterThan(
    wanted.length,
  )
  expect(items.discarded).toBe(wanted.length)
  const [gone] = failures.filter(({ fate }) => fate === 'discarded')
  expect(expanded(gone?.which ?? '')).toEqual(wanted)
})

/** `00000003-00000005 00000009` as numbers. */
function expanded(which: string): number[] {
  return which.split(' ').flatMap((stretch) => {
    const [first = 0, last = first] = stretch.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}
