// Calls of the dispatcher that fail: tried again, given up, and what the analyser says of them.
import { describe, expect, test } from 'vitest'
import { runScenario } from '../../run/scenarios.ts'
import { always, numberOf, replies, requests, seconds, watch } from './small.ts'

const load = { kind: 'arrivals', rate: '2/s', for: '1m' } as const

describe('a call that fails', () => {
  const failing = { kind: 'status', route: 'infer', status: 500 }

  test('is tried 3 times in all, 2 s and then 4 s apart; then its image is deleted', async () => {
    const { seen, keys, fates, reported } = await watch({
      faults: [always(failing)],
      items: [5_000],
      forMs: seconds(30),
    })
    const tries = requests(seen, 'infer').map(({ atMs }) => atMs)
    const answers = replies(seen, 'infer').map(({ atMs }) => atMs)
    expect(tries).toHaveLength(3)
    const waits = tries.slice(1).map((atMs, i) => Math.round(atMs - (answers[i] ?? 0)))
    expect(waits).toEqual([2_000, 4_000])
    expect(requests(seen, 'delete').map(numberOf)).toEqual([0])
    expect(keys).toEqual([])
    expect(fates()).toEqual({ 'failed infer http-500': 1 })
    // Its own books: processed, not failed, and no inference.
    expect(reported).toEqual({
      processed_total: 1,
      dropped_total: 0,
      drop_rate: 0,
      total_inferences: 0,
      failed_inferences: 0,
      avg_inference_ms: 0,
    })
  })

  test.each([
    [{ attempts: 1 }, []],
    [{ attempts: 10, spacing: ['1s'] }, new Array<number>(9).fill(1_000)],
    [{ attempts: 4, spacing: ['500ms', '3s'] }, [500, 3_000, 3_000]],
  ])('as often and as far apart as %j says', async (call, expected) => {
    const { seen } = await watch({
      options: { call },
      faults: [always(failing)],
      items: [5_000],
      forMs: seconds(60),
    })
    const tries = requests(seen, 'infer').map(({ atMs }) => atMs)
    const answers = replies(seen, 'infer').map(({ atMs }) => atMs)
    expect(tries.slice(1).map((atMs, i) => Math.round(atMs - (answers[i] ?? 0)))).toEqual(expected)
  })

  test('that ends well at the second try is a success', async () => {
    const { fates, reported } = await watch({
      faults: [always({ ...failing, first: 1 })],
      items: [5_000],
      forMs: seconds(30),
    })
    expect(fates()).toEqual({ 'succeeded  ok': 1 })
    expect(reported).toMatchObject({
      processed_total: 1,
      total_inferences: 1,
      avg_inference_ms: 50,
    })
  })

  test('but an answer that says no is not tried again', async () => {
    const saysNo = async (
      host: Parameters<NonNullable<Parameters<typeof watch>[0]['instead']>[string]>[0],
    ) => {
      host.serve('infer', () => ({
        status: 200,
        body: { success: false, result: { total_count: 0 }, inference_time_ms: 1 },
      }))
      await host.http.call('analyser', 'register', {
        body: { service_id: 'a', name: host.name, endpoint: 'a' },
      })
    }
    const { seen, fates } = await watch({
      instead: { no: saysNo },
      items: [5_000],
      forMs: seconds(30),
    })
    expect(fates()).toEqual({ 'failed infer unsuccessful': 1 })
    expect(requests(seen, 'infer')).toHaveLength(1)
    expect(requests(seen, 'delete')).toHaveLength(1)
  })

  test('of which the service could not fetch the image: the cause is what the store said', async () => {
    const gone = { kind: 'object.delete', before: 'fetch' }
    const { seen, fates } = await watch({
      faults: [always(gone)],
      items: [5_000],
      forMs: seconds(30),
    })
    expect(fates()).toEqual({ 'failed fetch http-404': 1 })
    expect(requests(seen, 'fetch')).toHaveLength(3)
  })

  test('with a URL that has expired since: only a fresh one helps, and only a 404 asks for it', async () => {
    // The third try comes 6 s after the first, whose URL lives 5 s.
    const fates = async (refetchOn404: boolean, fault: object) => {
      const options = { presign: { expiry: '5s' }, call: { refetchOn404 } }
      const faults = [always({ kind: 'status', first: 2, ...fault })]
      return (await watch({ options, faults, items: [5_000], forMs: seconds(30) })).fates()
    }
    const busy = { route: 'infer', status: 503 }
    const missing = { route: 'fetch', status: 404 }
    expect(await fates(false, busy)).toEqual({ 'failed fetch http-403': 1 })
    expect(await fates(true, busy)).toEqual({ 'failed fetch http-403': 1 })
    expect(await fates(false, missing)).toEqual({ 'failed fetch http-403': 1 })
    expect(await fates(true, missing)).toEqual({ 'succeeded  ok': 1 })
  })
})

describe('an upload that fails', () => {
  const refused = (first?: number) => [
    always({ kind: 'status', route: 'put', status: 503, code: 'SlowDownWrite', first }),
  ]

  test('is not tried again: the image is lost before anybody saw it', async () => {
    const { seen, fates, lines } = await watch({
      faults: refused(1),
      items: [5_000],
      forMs: seconds(30),
    })
    expect(requests(seen, 'put')).toHaveLength(1)
    expect(lines('upload failed')).toBe(1)
    expect(fates()).toEqual({ 'failed put http-503': 1 })
  })

  test('or as often and as far apart as asked for', async () => {
    const upload = { attempts: 3, spacing: '1s' }
    const again = async (first?: number) => {
      const { seen, fates, lines } = await watch({
        options: { upload },
        faults: refused(first),
        items: [5_000],
        forMs: seconds(30),
      })
      const waits = requests(seen, 'put')
        .slice(1)
        .map(({ atMs }) => Math.floor((atMs - 5_000) / 1_000))
      return { waits, fates: fates(), failed: lines('upload failed') }
    }
    expect(await again(2)).toEqual({ waits: [1, 2], fates: { 'succeeded  ok': 1 }, failed: 0 })
    expect(await again()).toEqual({ waits: [1, 2], fates: { 'failed put http-503': 1 }, failed: 1 })
  })

  test('though it was stored is none: the image is found and inferred', async () => {
    const { fates, lines } = await watch({
      faults: [always({ kind: 'reset', route: 'put', lost: 'reply' })],
      items: [5_000],
      forMs: seconds(30),
    })
    expect(lines('upload failed')).toBe(1)
    expect(fates()).toEqual({ 'succeeded  ok': 1 })
  })
})

test('expiries that a store would refuse are refused before anything runs', async () => {
  for (const expiry of ['500ms', '8d'])
    await expect(runScenario({ pipeline: { presign: { expiry } }, load })).rejects.toThrow(/expiry/)
})
