// Faults that make calls slow: time added, time replaced, answers in two pieces.
import { describe, expect, test } from 'vitest'
import { type Injected, inject, type Main, play } from '../run/play.ts'

const always = (options: Injected['options']) => inject(0, 20_000, options)

describe('latency', () => {
  const durations = async (options: Injected['options'], workMs: number) => {
    const server: Main = (host) =>
      host.serve('infer', async () => {
        await host.work('infer', workMs)
        return { status: 200 }
      })
    const client: Main = async (host, tell) => {
      const startMs = host.clock.monotonic()
      await host.http.call('server', 'infer')
      tell(String(host.clock.monotonic() - startMs))
    }
    const { told } = await play({
      hosts: { server, client },
      routes: ['infer'],
      faults: [always(options)],
    })
    return Number(told[0]?.split(': ')[1])
  }

  test('adds to the time a call takes', async () => {
    const plain = await durations({ kind: 'latency', to: 'nobody', add: '1s' }, 100)
    expect(await durations({ kind: 'latency', add: '1s' }, 100)).toBeCloseTo(plain + 1_000, 3)
    expect(await durations({ kind: 'latency', add: '1s', on: 'request' }, 100)).toBeCloseTo(
      plain + 1_000,
      3,
    )
  })

  test('or replaces it, but makes no call faster than it is', async () => {
    expect(await durations({ kind: 'latency', replace: '750ms' }, 100)).toBeCloseTo(750, 3)
    expect(await durations({ kind: 'latency', replace: '750ms' }, 2_000)).toBeGreaterThan(2_000)
  })
})

describe('answers in two pieces', () => {
  test('the body follows its head; a store without replies of its own is left alone', async () => {
    const server: Main = (host) => host.serve('infer', () => ({ status: 200, body: 1 }))
    const client: Main = async (host, tell) => {
      await host.objects.put('cam/1.jpg', 1)
      const startMs = host.clock.monotonic()
      const reply = await host.http.call('server', 'infer')
      const headMs = host.clock.monotonic()
      await reply.body()
      tell(`${headMs - startMs < 100} ${Math.round(host.clock.monotonic() - headMs)}`)
    }
    const { told, faults } = await play({
      hosts: { server, client },
      routes: ['infer'],
      faults: [always({ kind: 'split-replies', by: '250ms' })],
    })
    expect(told[0]).toMatch(/: true 250$/)
    expect(faults[0]).toMatchObject({ touched: 1, evidence: { split: 1 } })
  })
})
