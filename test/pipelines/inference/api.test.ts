// The analyser's API: registration, heartbeats, statistics.
import { describe, expect, test } from 'vitest'
import type { Host, Json } from '../../../src/worlds/world.ts'
import { every, seconds, watch } from './small.ts'

describe('the API', () => {
  const asking =
    (asked: string[], calls: readonly (readonly [route: string, body?: Json, id?: string])[]) =>
    async (host: Host) => {
      await host.clock.sleep(2_000)
      for (const [route, body = null, id = ''] of calls) {
        const reply = await host.http.call('analyser', route, { body, params: { id } })
        asked.push(`${reply.status} ${JSON.stringify(await reply.body())}`)
      }
    }
  const service = {
    service_id: 'svc_1',
    name: 'front',
    endpoint: 'http://front/infer',
    task_types: ['x'],
    version: '1',
  }

  test('registers, lists, keeps apart by endpoint, and forgets', async () => {
    const asked: string[] = []
    const calls: Parameters<typeof asking>[1] = [
      ['services'],
      ['heartbeat', null, 'svc_1'],
      ['register', service],
      ['register', { ...service, service_id: 'svc_2' }],
      ['register', { ...service, endpoint: 'http://back/infer' }],
      ['register', { name: 'front' }],
      ['services'],
      ['heartbeat', null, 'svc_2'],
      ['unregister', null, 'svc_2'],
      ['heartbeat', null, 'svc_2'],
      ['services'],
    ]
    await watch({ instead: { tester: asking(asked, calls) }, forMs: 3_000 })
    expect(asked).toEqual([
      '200 {"services":[],"total":0}',
      '400 {"error":"service not found by endpoint: svc_1"}',
      '200 {"ok":true,"service_id":"svc_1"}',
      '200 {"ok":true,"service_id":"svc_2"}',
      '200 {"ok":true,"service_id":"svc_1"}',
      '400 {"error":"service_id, name and endpoint are required"}',
      '200 {"services":["svc_2","svc_1"],"total":2}',
      '200 {"ok":true}',
      '200 {"ok":true}',
      '400 {"error":"service not found by endpoint: svc_2"}',
      '200 {"services":["svc_1"],"total":1}',
    ])
  })

  test('says of itself what it has counted', async () => {
    const asked: string[] = []
    const later = async (host: Host) => {
      await host.clock.sleep(seconds(20))
      await asking(asked, [['inference_stats']])(host)
    }
    await watch({ beside: { tester: later }, items: every(4, 1_000), forMs: seconds(30) })
    const stats = {
      processed_total: 4,
      dropped_total: 0,
      drop_rate: 0,
      total_inferences: 4,
      failed_inferences: 0,
      avg_inference_ms: 50,
    }
    expect(asked).toEqual([`200 ${JSON.stringify(stats)}`])
  })
})
