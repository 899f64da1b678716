// The analyser restarted: what it forgets, finds again and loses; and keys of every kind.
import { describe, expect, test } from 'vitest'
import { inject } from '../../run/play.ts'
import { runScenario } from '../../run/scenarios.ts'
import { every, numberOf, requests, seconds, watch } from './small.ts'

describe('a restart of the analyser', () => {
  const restart = (forMs = 0) => [
    inject(seconds(20), seconds(20) + forMs, { kind: 'host.restart', host: 'analyser' }),
  ]

  test('loses its registry, and with it every image that comes', async () => {
    const { registered, fates } = await watch({
      faults: restart(),
      items: every(20, 1_000, 21_000),
      forMs: seconds(200),
    })
    expect(registered.map(([, services]) => services)).toEqual([0, 3, 0])
    expect(fates()).toEqual({ 'discarded dispatch no-service': 20 })
  })

  test('finds every image in the bucket again, those that it had inferred too', async () => {
    const { items, attempts } = await runScenario({
      pipeline: {
        onUnknownHeartbeat: 'register',
        heartbeat: { every: '1s' },
        onNoService: 'hold',
        service: { detections: 1, inference: '50ms' },
      },
      load: { kind: 'arrivals', rate: '1/s', for: '40s' },
      faults: [{ kind: 'host.restart', host: 'analyser', at: '20500ms' }],
    })
    expect(items).toMatchObject({ offered: 40, succeeded: 40 })
    // Those of the first 20 s were in the bucket still.
    expect(items.duplicates).toBeGreaterThanOrEqual(19)
    expect(attempts.find(({ route }) => route === 'infer')?.count).toBe(40 + items.duplicates)
  })

  test('leaves what it finds in the bucket alone, where that is asked for: done or not', async () => {
    // Something is inferred by 18 s, nothing after: two images are in flight when it dies.
    const { seen, keys, fates } = await watch({
      options: { scan: { existing: 'ignore' }, onNoService: 'hold' },
      items: [5_000, 6_000, 18_500, 18_600, 21_000],
      faults: [inject(seconds(18), 20_001, { kind: 'hang', route: 'infer' }), ...restart()],
      forMs: seconds(60),
    })
    expect(fates()).toEqual({ 'succeeded  ok': 2 })
    expect(keys).toHaveLength(5)
    expect(requests(seen, 'infer').map(numberOf)).toEqual([0, 1, 2, 3])
  })

  test('finds only what is unfinished, where nothing else is kept', async () => {
    const { seen, keys, fates } = await watch({
      options: {
        keepDetected: false,
        onUnknownHeartbeat: 'register',
        heartbeat: { every: '1s' },
        onNoService: 'hold',
      },
      items: [5_000, 6_000, 18_500, 18_600, 21_000],
      faults: [inject(seconds(18), 20_001, { kind: 'hang', route: 'infer' }), ...restart()],
      forMs: seconds(60),
    })
    expect(fates()).toEqual({ 'succeeded  ok': 5 })
    expect(keys).toEqual([])
    expect(requests(seen, 'infer').map(numberOf).sort()).toEqual([0, 1, 2, 2, 3, 3, 4])
  })

  test('while it is down, items are refused', async () => {
    const { fates } = await watch({
      faults: restart(seconds(10)),
      items: every(20, 1_000, 15_500),
      forMs: seconds(60),
    })
    expect(fates()).toMatchObject({ 'rejected offer refused': 10 })
  })

  test('what it had taken and not yet stored is lost with it, and known to be', async () => {
    // Uploads hang for ever: they die with the process, and nothing will ever come of them.
    const faults = [inject(seconds(15), seconds(25), { kind: 'hang', route: 'put' }), ...restart()]
    const { world } = await watch({ faults, items: every(5, 500, 16_000), forMs: seconds(60) })
    world.ledger.settle(world.clock.nowUs)
    expect(world.ledger.pending({})).toBe(0)
  })
})

describe('keys', () => {
  test.each(['人数统计', 'a b%41+&=', 'head.v2', '🦺 vest'])(
    'of the task type %s are signed, fetched and found',
    async (taskType) => {
      const { fates, keys } = await watch({
        options: { taskType },
        items: every(3, 500),
        forMs: seconds(20),
      })
      expect(keys).toEqual([0, 1, 2].map((n) => `${taskType}/cam1/0000000${n}.jpg`))
      expect(fates()).toEqual({ 'succeeded  ok': 3 })
    },
  )

  test('of one burst are of one camera', async () => {
    const { attempts, items } = await runScenario({
      pipeline: { tasks: 50 },
      load: { kind: 'arrivals', rate: '1/h', for: '1m', bursts: { every: '20s', size: 12 } },
      faults: [{ kind: 'status', route: 'put', key: '**/cam1/*', status: 403, mayMiss: true }],
    })
    expect(items.offered).toBe(25)
    const refused =
      attempts.find(({ route, class: klass }) => route === 'put' && klass === 'http-403')?.count ??
      0
    expect(refused % 12).toBeLessThanOrEqual(1)
  })
})
