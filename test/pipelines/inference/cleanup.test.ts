// Cleanup: what it keeps of each task, what it spares, and when it comes.
import { describe, expect, test } from 'vitest'
import { inject } from '../../run/play.ts'
import { runScenario } from '../../run/scenarios.ts'
import { every, HOUR_MS, numberOf, requests, seconds, watch } from './small.ts'

describe('cleanup', () => {
  const cleanup = { uploads: 10, idle: '1h', every: '1h' }
  const hanging = [inject(0, HOUR_MS, { kind: 'hang', route: 'infer' })]

  test('keeps the newest of each task, and spares nothing that is queued', async () => {
    const { seen, keys } = await watch({
      options: { retention: 4, cleanup, concurrency: 1 },
      faults: hanging,
      items: every(30, 100),
      forMs: seconds(30),
    })
    expect(requests(seen, 'deleteMany')).toHaveLength(3)
    expect(keys.map((key) => numberOf({ key }))).toEqual([26, 27, 28, 29])
  })

  test('spares what is queued or in flight where that is asked for', async () => {
    const options = { retention: 4, cleanup, concurrency: 1, protectQueued: true }
    const { seen, keys } = await watch({
      options,
      faults: hanging,
      items: every(30, 2_000),
      forMs: seconds(80),
    })
    expect(requests(seen, 'deleteMany')).toEqual([])
    expect(keys).toHaveLength(30)
  })

  test('spares nothing that no scan has seen yet, even then', async () => {
    const options = {
      retention: 4,
      cleanup,
      concurrency: 1,
      protectQueued: true,
      scan: { every: '1h' },
    }
    const { keys } = await watch({ options, items: every(30, 100), forMs: seconds(30) })
    expect(keys).toHaveLength(4)
  })

  test('takes what is done with: with protection, all but the newest', async () => {
    const { keys } = await watch({
      options: { retention: 4, cleanup, protectQueued: true },
      items: every(30, 1_000),
      forMs: seconds(60),
    })
    expect(keys.length).toBeLessThanOrEqual(4 + cleanup.uploads)
    expect(keys.map((key) => numberOf({ key }))).toContain(29)
  })

  test('works on each task for itself', async () => {
    const { keys } = await watch({
      options: { tasks: 3, retention: 4, cleanup, concurrency: 1 },
      faults: hanging,
      items: every(120, 50),
      forMs: seconds(60),
    })
    for (const task of ['cam1', 'cam2', 'cam3']) {
      const left = keys.filter((key) => key.includes(`/${task}/`)).length
      expect(left).toBeGreaterThanOrEqual(4)
      expect(left).toBeLessThan(4 + cleanup.uploads)
    }
  })

  test('comes after so long without one, and in any case', async () => {
    const lists = async (options: object) => {
      const { seen } = await watch({
        options: { scan: { every: '1h' }, cleanup: { uploads: 1_000, ...options } },
        items: [5_000, 20_000, 41_000],
        forMs: seconds(100),
      })
      return requests(seen, 'list')
        .filter(({ key }) => key !== '')
        .map(({ atMs }) => Math.floor(atMs / 1_000))
    }
    expect(await lists({ idle: '30s', every: '1h' })).toEqual([41])
    expect(await lists({ idle: '1h', every: '40s' })).toEqual([40, 80])
  })

  test('what it takes from the queue fails at the service with 404', async () => {
    const { items, failures } = await runScenario({
      pipeline: {
        retention: 5,
        cleanup: { uploads: 5 },
        concurrency: 1,
        service: { inference: '800ms' },
      },
      load: { kind: 'arrivals', rate: '2/s', for: '1m' },
    })
    expect(items.failed).toBeGreaterThan(10)
    expect(failures[0]).toMatchObject({
      fate: 'failed',
      stage: 'fetch',
      class: 'http-404',
      code: 'NoSuchKey',
    })
  })
})
