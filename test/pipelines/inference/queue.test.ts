// The bounded queue: what is dropped when it is full, and who comes first.
import { describe, expect, test } from 'vitest'
import { always, atOnce, every, numberOf, replies, requests, seconds, watch } from './small.ts'

describe('the queue', () => {
  test('drops the oldest when it is full, and deletes it', async () => {
    const { seen, keys, fates, reported, lines } = await watch({
      options: { queue: { max: 3 }, concurrency: 1 },
      faults: [always({ kind: 'hang', route: 'infer' })],
      items: [...atOnce(10), ...every(3, 1_000, 10_000)],
      forMs: seconds(20),
    })
    // Objects are queued in the order in which they reached the store. Of the ten, seen by one scan, the first is in
    // flight and three are queued. Then one is popped: it waits for its turn where nothing can drop it.
    const stored = replies(seen, 'put').map(numberOf)
    const dropped = [...stored.slice(1, 7), ...stored.slice(8, 10)]
    expect(requests(seen, 'infer').map(numberOf)).toEqual(stored.slice(0, 1))
    expect(requests(seen, 'delete').map(numberOf)).toEqual(dropped)
    expect(keys.map((key) => numberOf({ key }))).toEqual(
      [stored[0], stored[7], 10, 11, 12].sort((a = 0, b = 0) => a - b),
    )
    expect(fates()).toEqual({ 'discarded queue dropped-oldest': 8 })
    expect(lines('queue full: oldest image dropped')).toBe(8)
    expect(reported).toMatchObject({ processed_total: 0, dropped_total: 8, drop_rate: 1 })
  })

  test('serves the oldest first', async () => {
    const { seen } = await watch({
      options: { concurrency: 1 },
      items: atOnce(20),
      forMs: seconds(20),
    })
    expect(requests(seen, 'infer').map(numberOf)).toEqual(replies(seen, 'put').map(numberOf))
  })
})
