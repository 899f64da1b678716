// The dispatcher: no service, checks before the call, answers in two pieces, alerts.
import { describe, expect, test } from 'vitest'
import { runScenario } from '../../run/scenarios.ts'
import { always, every, requests, seconds, watch } from './small.ts'

const load = { kind: 'arrivals', rate: '2/s', for: '1m' } as const

describe('no service', () => {
  const nobody = { instead: {}, items: every(3, 1_000) }

  test('the image is deleted at once, and counted as an inference of 0 ms', async () => {
    const { seen, keys, fates, reported, lines } = await watch({ ...nobody, forMs: seconds(30) })
    expect(requests(seen, 'infer')).toEqual([])
    expect(keys).toEqual([])
    expect(lines('no algorithm for task type')).toBe(3)
    expect(fates()).toEqual({ 'discarded dispatch no-service': 3 })
    expect(reported).toMatchObject({
      processed_total: 3,
      total_inferences: 3,
      failed_inferences: 0,
      avg_inference_ms: 0,
    })
  })

  test('or it is held until one comes, where that is asked for', async () => {
    const late = async (
      host: Parameters<NonNullable<Parameters<typeof watch>[0]['instead']>[string]>[0],
    ) => {
      host.serve('infer', () => ({
        status: 200,
        body: { success: true, result: { total_count: 1 }, inference_time_ms: 1 },
      }))
      await host.clock.sleep(seconds(60))
      await host.http.call('analyser', 'register', {
        body: { service_id: 'a', name: host.name, endpoint: 'a' },
      })
    }
    const { seen, keys, fates } = await watch({
      ...nobody,
      options: { onNoService: 'hold' },
      instead: { late },
      forMs: seconds(90),
    })
    expect(requests(seen, 'infer').every(({ atMs }) => atMs > seconds(60))).toBe(true)
    expect(keys).toHaveLength(3)
    expect(fates()).toEqual({ 'succeeded  ok': 3 })
  })
})

describe('checks', () => {
  const heads = async (checks: string) =>
    requests(
      (await watch({ options: { checks }, items: every(4, 1_000), forMs: seconds(20) })).seen,
      'head',
    ).length

  test('none, one or two HEADs for each image', async () => {
    expect([await heads('none'), await heads('stat'), await heads('precheck+stat')]).toEqual([
      0, 4, 8,
    ])
  })

  test('any error of a check skips the image, leaves it where it is, and lands in no counter', async () => {
    const faults = [always({ kind: 'status', route: 'head', status: 503, code: 'SlowDownRead' })]
    const { seen, keys, fates, reported } = await watch({
      options: { checks: 'stat' },
      faults,
      items: every(3, 1_000),
      forMs: seconds(30),
    })
    expect(keys).toHaveLength(3)
    expect([requests(seen, 'infer'), requests(seen, 'delete')]).toEqual([[], []])
    expect(fates()).toEqual({ 'skipped head http-503': 3 })
    expect(reported).toMatchObject({ processed_total: 0, dropped_total: 0, total_inferences: 0 })
  })

  test('the precheck waits 2 s, the stat 5 s', async () => {
    const faults = (add: string) => [always({ kind: 'latency', route: 'head', add })]
    const fates = async (checks: string, add: string) =>
      (
        await watch({
          options: { checks },
          faults: faults(add),
          items: [5_000],
          forMs: seconds(30),
        })
      ).fates()
    expect(await fates('precheck+stat', '3s')).toEqual({ 'skipped head read-timeout': 1 })
    expect(await fates('stat', '3s')).toEqual({ 'succeeded  ok': 1 })
    expect(await fates('stat', '6s')).toEqual({ 'skipped head read-timeout': 1 })
  })
})

describe('answers in two pieces', () => {
  const late = { bodyLate: '40ms', splitShare: 1, inference: '50ms' }

  test('are lost to a caller that cancels before it reads: one try each, the image deleted, nothing counted as failed', async () => {
    const { items, attempts, failures, metrics, reported } = await runScenario({
      pipeline: { service: late, cancelBeforeBody: true },
      load,
    })
    expect(items).toMatchObject({ offered: 120, failed: 120 })
    const which = '00000000-00000119'
    expect(failures).toEqual([
      { fate: 'failed', stage: 'reply', class: 'aborted', count: 120, which },
    ])
    expect(attempts.filter(({ route }) => route === 'infer')).toEqual([
      { route: 'infer', class: 'aborted', count: 120 },
    ])
    expect(attempts.filter(({ route }) => route === 'delete')).toEqual([
      { route: 'delete', class: 'ok', count: 120 },
    ])
    // Each service saw its peer gone.
    expect(metrics.broken_pipes?.count).toBe(120)
    expect(reported).toMatchObject({
      processed_total: 120,
      total_inferences: 0,
      failed_inferences: 0,
    })
  })

  test('are read by one that does not', async () => {
    const { items, metrics } = await runScenario({
      pipeline: { service: late, cancelBeforeBody: false },
      load,
    })
    expect(items).toMatchObject({ offered: 120, succeeded: 120 })
    expect(metrics.broken_pipes?.count).toBe(0)
  })

  test('and only they: those in one piece are read all the same', async () => {
    const { items, failures } = await runScenario({
      pipeline: { service: { ...late, splitShare: 0.5 }, cancelBeforeBody: true },
      load,
    })
    // Binomial(120, 1/2): 4 σ are 22.
    expect(Math.abs(items.succeeded - 60)).toBeLessThan(22)
    expect(failures).toEqual([
      {
        fate: 'failed',
        stage: 'reply',
        class: 'aborted',
        count: 120 - items.succeeded,
        which: expect.stringMatching(/^\d{8}[\d -]*$/),
      },
    ])
  })
})

test('an alert that could not be published is lost, though its image was inferred', async () => {
  const faults = [{ kind: 'sink.down', for: '30s' }] as const
  const { items, metrics, attempts } = await runScenario({
    pipeline: { service: { detections: 1 } },
    load,
    faults: [...faults],
  })
  expect(items).toMatchObject({ offered: 120, succeeded: 120 })
  const published = (klass: string) =>
    attempts.find((a) => a.route === 'publish' && a.class === klass)?.count
  // Two a second, seen and inferred within two seconds.
  expect(published('refused')).toBeGreaterThanOrEqual(56)
  expect(metrics.alerts_lost?.count).toBe(published('refused'))
  expect(published('ok')).toBe(120 - (published('refused') ?? 0))
})
