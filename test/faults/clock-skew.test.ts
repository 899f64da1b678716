// Wrong clocks: by an offset while it lasts, or by steps that add up.
import { describe, expect, test } from 'vitest'
import { planOf } from '../../src/run/plan.ts'
import { type Injected, inject, type Main, play } from '../run/play.ts'
import { resolve } from '../run/scenarios.ts'

const START = Date.UTC(2025, 0, 1)

describe('clock.skew', () => {
  const clock: Main = async (host, tell) => {
    for (;;) {
      await host.clock.sleep(1_000)
      tell(`${host.clock.now() - START - host.clock.monotonic()}`)
    }
  }
  const told = async (...faults: Injected[]) => {
    const played = await play({ hosts: { analyser: clock }, faults, forMs: 6_500 })
    return { off: played.told.map((line) => Number(line.split(': ')[1])), reports: played.faults }
  }

  test('an offset, while it is there', async () => {
    const { off, reports } = await told(inject(1_500, 3_500, { kind: 'clock.skew', offset: '-8h' }))
    expect(off).toEqual([0, -28_800_000, -28_800_000, 0, 0, 0])
    expect(reports[0]).toMatchObject({ touched: 2, evidence: { skewMs: -28_800_000 } })
  })

  test('two offsets at once add up, and each takes its own back', async () => {
    const both = [
      inject(500, 3_500, { kind: 'clock.skew', offset: '1m' }),
      inject(1_500, 4_500, { kind: 'clock.skew', offset: '-10s' }),
    ]
    expect((await told(...both)).off).toEqual([60_000, 50_000, 50_000, -10_000, 0, 0])
  })

  test('of presigning only: the clock itself is right', async () => {
    const signing: Main = async (host, tell) => {
      const date = async () => /X-Amz-Date=(\w+)/.exec(await host.objects.presignGet('k', 60))?.[1]
      tell(`${await date()} ${host.clock.now() - START}`)
      await host.clock.sleep(10_000)
      tell(`${await date()} ${host.clock.now() - START}`)
    }
    const { told, faults } = await play({
      hosts: { analyser: signing },
      faults: [inject(0, 5_000, { kind: 'clock.skew', offset: '-8h', affects: 'presign' })],
    })
    expect(told).toEqual([
      '0 analyser: 20241231T160000Z 0',
      '10000 analyser: 20250101T000010Z 10000',
    ])
    expect(faults[0]?.touched).toBe(1)
  })

  test('steps that come again add up, until all are healed', async () => {
    const scenario = await resolve({
      load: { kind: 'arrivals', rate: '1/s', for: '1m' },
      faults: [{ kind: 'clock.skew', jump: '10s', at: '10s', every: '20s' }],
      thresholds: { item_lost: ['rate<1'] },
    })
    const [fault] = planOf(scenario).faults
    expect(fault?.injections).toEqual([
      { fromMs: 10_000, toMs: 60_000 },
      { fromMs: 30_000, toMs: 60_000 },
      { fromMs: 50_000, toMs: 60_000 },
    ])
    const steps = [1_500, 2_500, 3_500].map((atMs) =>
      inject(atMs, 5_500, { kind: 'clock.skew', jump: '10s' }),
    )
    expect((await told(...steps)).off).toEqual([0, 10_000, 20_000, 30_000, 30_000, 0])
  })

  test('an offset and a step at once, or neither, mean nothing', async () => {
    const load = { kind: 'arrivals', rate: '1/s', for: '1m' } as const
    for (const more of [{}, { offset: '1s', jump: '1s' }])
      await expect(resolve({ load, faults: [{ kind: 'clock.skew', ...more }] })).rejects.toThrow(
        'needs either `offset` or `jump`',
      )
  })
})
