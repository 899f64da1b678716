// The scanner: what it takes, forgets and finds again.
import { describe, expect, test } from 'vitest'
import { inject } from '../../run/play.ts'
import { atOnce, HOUR_MS, numberOf, requests, type Seen, seconds, watch } from './small.ts'

describe('the scanner', () => {
  /** How often each image was inferred. */
  const inferred = (seen: readonly Seen[]) => {
    const times = new Map<number, number>()
    for (const call of requests(seen, 'infer'))
      times.set(numberOf(call), (times.get(numberOf(call)) ?? 0) + 1)
    return [...times.values()]
  }

  test('takes an image once, as long as it remembers it', async () => {
    const { seen } = await watch({ items: atOnce(5), forMs: HOUR_MS })
    expect(inferred(seen)).toEqual([1, 1, 1, 1, 1])
  })

  test('forgets after 24 h, and finds again what is still in the bucket', async () => {
    const hours = async (n: number) =>
      inferred(
        (await watch({ options: { scan: { every: '1m' } }, items: atOnce(3), forMs: n * HOUR_MS }))
          .seen,
      )
    expect(await hours(23.9)).toEqual([1, 1, 1])
    // It looks at its memory every five minutes.
    expect(await hours(24.2)).toEqual([2, 2, 2])
  })

  test('forgets in the order in which it took them', async () => {
    const { seen } = await watch({
      options: { processedFor: '20m' },
      items: [5_000, 600_000, 1_100_000],
      forMs: 1_600_000,
    })
    expect(inferred(seen)).toEqual([2, 1, 1])
  })

  test('does not find again what was deleted meanwhile', async () => {
    const service = { inference: '50ms', detections: 0 }
    const { seen, keys } = await watch({
      options: { processedFor: '6m', service },
      items: atOnce(4),
      forMs: HOUR_MS,
    })
    expect(keys).toEqual([])
    expect(inferred(seen)).toEqual([1, 1, 1, 1])
  })

  test('goes on after a scan that failed', async () => {
    const faults = [inject(seconds(4), seconds(9), { kind: 'status', route: 'list', status: 503 })]
    const { seen, lines } = await watch({ faults, items: [5_000], forMs: seconds(20) })
    expect(lines('scan failed')).toBeGreaterThanOrEqual(4)
    const [first] = requests(seen, 'infer')
    expect(first?.atMs).toBeGreaterThan(9_000)
    expect(first?.atMs).toBeLessThan(10_500)
  })

  test('a missed round is not made up for', async () => {
    const faults = [
      inject(seconds(4), seconds(9), { kind: 'latency', route: 'list', add: '2500ms' }),
    ]
    const { seen } = await watch({ faults, forMs: seconds(14) })
    const starts = requests(seen, 'list').map(({ atMs }) => atMs / 1_000)
    const gaps = starts.slice(1).map((at, i) => at - (starts[i] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThan(0.99)
  })
})
