// Load balancing: in blocks as long as the weights.
import { describe, expect, test } from 'vitest'
import type { Host } from '../../../src/worlds/world.ts'
import { every, seconds, watch } from './small.ts'

describe('load balancing', () => {
  /** A service that says it takes so long, and fails if it is told to. */
  const saying =
    (inferenceMs: number | ((answer: number) => number), status = 200) =>
    async (host: Host) => {
      let answers = 0
      host.serve('infer', () => {
        const ms = typeof inferenceMs === 'number' ? inferenceMs : inferenceMs(answers++)
        const found = { success: status === 200, result: { total_count: 1 } }
        return { status, body: { ...found, inference_time_ms: ms } }
      })
      await host.http.call('analyser', 'register', {
        body: { service_id: host.name, name: host.name, endpoint: host.name },
      })
    }
  /** `12 a, 5 b, …`: who was called, in order, in runs of the same. */
  const blocks = async (
    instead: Parameters<typeof watch>[0]['instead'],
    from: number,
    to: number,
  ) => {
    const options = { call: { attempts: 1 }, heartbeat: { timeout: '1h' } }
    const { seen } = await watch({
      options,
      ...(instead === undefined ? {} : { instead }),
      items: every(600, 50),
      forMs: seconds(40),
    })
    const called = seen
      .filter(({ route, stage }) => route === 'infer' && stage === 'request')
      .map((call) => call.to)
    const runs: { who: string; length: number }[] = []
    for (const who of called) {
      const last = runs.at(-1)
      if (last?.who === who) last.length++
      else runs.push({ who, length: 1 })
    }
    return runs.slice(from, to).map(({ who, length }) => `${length} ${who}`)
  }

  test('in blocks as long as the weights: 1000 ÷ mean response time', async () => {
    expect(await blocks({ fast: saying(20), slow: saying(200) }, -5, -1)).toEqual([
      '50 fast',
      '5 slow',
      '50 fast',
      '5 slow',
    ])
  })

  test('by the last ten response times alone', async () => {
    const warmingUp = saying((answer) => (answer < 40 ? 2_000 : 20))
    expect(await blocks({ warmingUp, slow: saying(200) }, -3, -1)).toEqual([
      '50 warmingUp',
      '5 slow',
    ])
  })

  test('weights between 1 and 100', async () => {
    expect(await blocks({ faster: saying(0.1), slower: saying(60_000) }, -3, -1)).toEqual([
      '100 faster',
      '1 slower',
    ])
  })

  test('a service that has not answered yet counts 10, and failing changes nothing', async () => {
    const runs = await blocks({ good: saying(100), bad: saying(1, 500) }, 1, -1)
    expect(new Set(runs)).toEqual(new Set(['10 good', '10 bad']))
  })
})
