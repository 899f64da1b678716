// One run: how it ends, and that it can be had again.
import { describe, expect, test } from 'vitest'
import { AftershockError, ExitCode } from '../../src/base/errors.ts'
import { INTERRUPTED } from '../../src/run/judge.ts'
import { type RunOrder, runOnce } from '../../src/run/run.ts'
import { run } from '../../src/run/scenario.ts'
import type { Scenario } from '../../src/scenario/read.ts'
import { resolve, runScenario, type Written } from './scenarios.ts'

const load = { kind: 'arrivals', rate: '2/s', for: '2m' } as const

const thresholds = { item_lost: ['rate<0.5'] }

async function orderOf(written: Written, more: Partial<RunOrder> = {}): Promise<RunOrder> {
  return {
    scenario: await resolve(written),
    file: 'x.ts',
    variant: 'v',
    brief: false,
    seed: 1,
    wallMs: () => 0,
    ...more,
  }
}

describe('ends', () => {
  test('a second after the last item, once the load is over', async () => {
    const { simulatedMs, items } = await runScenario({ load, thresholds })
    expect(items).toMatchObject({ offered: 240, succeeded: 240 })
    expect(simulatedMs).toBeGreaterThan(121_000)
    expect(simulatedMs).toBeLessThan(123_500)
  })

  test('at the latest when it has settled for long enough', async () => {
    // Held for want of a service, and none will come.
    const pipeline = {
      onNoService: 'hold',
      protectQueued: true,
      heartbeat: { timeout: '10s', sweep: '5s' },
    } as const
    const faults = [{ kind: 'heartbeat.loss' }] as const
    const { simulatedMs, items, verdict, reasons } = await runScenario({
      load,
      thresholds,
      pipeline,
      faults: [...faults],
      settle: '3m',
    })
    expect(simulatedMs).toBe(300_000)
    expect(items.pending).toBeGreaterThan(100)
    expect([verdict, reasons]).toEqual([
      'fail',
      [`${items.pending} items were still pending when the run had settled`],
    ])
  })

  test('early when it is told to: what was measured until then is kept, and is no verdict', async () => {
    const controller = new AbortController()
    const order = await orderOf({
      load,
      thresholds,
      faults: [{ kind: 'load.stop', at: '10s', for: '100s' }],
    })
    const onProgress = (share: number) => share >= 0.5 && controller.abort()
    const result = await runOnce({ ...order, signal: controller.signal, onProgress })
    expect(result.simulatedMs).toBeGreaterThanOrEqual(60_000)
    expect(result.simulatedMs).toBeLessThan(62_000)
    expect(result.items).toMatchObject({ offered: 20 })
    expect([result.verdict, result.reasons]).toEqual(['inconclusive', [INTERRUPTED]])
    // What its faults have touched is not known, so nothing is said of it.
    const scenario = {
      file: 'x.ts',
      name: 'x',
      variants: ['v'],
      resolve: () => order.scenario,
    } as unknown as Scenario
    const again = new AbortController()
    const runs = await run(scenario, {
      seeds: 5,
      signal: again.signal,
      onProgress: (_v, _s, share) => share >= 0.5 && again.abort(),
    })
    expect(runs.map(({ reasons }) => reasons)).toEqual([[INTERRUPTED]])
  })

  test('with the error of a pipeline that cannot go on', async () => {
    const order = await orderOf({ load, thresholds })
    const broken = {
      ...order.scenario,
      pipeline: { ...order.scenario.pipeline, presign: { expiry: 1 } },
    }
    const error = await runOnce({ ...order, scenario: broken }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AftershockError)
    expect((error as AftershockError).exitCode).toBe(ExitCode.userCode)
    // The next run in this process is none the worse for it.
    expect((await runOnce(order)).items).toMatchObject({ offered: 240, succeeded: 240 })
  })
})

describe('the same run', () => {
  const faulty: Written = {
    load,
    thresholds,
    faults: [
      { kind: 'reset', route: 'infer', probability: 0.2 },
      { kind: 'host.restart', host: 'service-*', at: '1m' },
    ],
  }

  test('twice, and two at once in one thread', async () => {
    const once = await runScenario(faulty)
    expect(await runScenario(faulty)).toEqual(once)
    expect(await Promise.all([runScenario(faulty), runScenario(faulty)])).toEqual([once, once])
    expect((await runScenario(faulty, 2)).digest).not.toBe(once.digest)
  })

  test('watched or not: progress and alerts leave no trace in it', async () => {
    const shares: number[] = []
    const order = await orderOf(faulty)
    const watched = await runOnce({ ...order, onProgress: (share) => void shares.push(share) })
    expect(watched).toEqual(await runOnce(order))
    expect(shares).toHaveLength(101)
    expect([shares[0] === 0, shares.at(-1)]).toEqual([true, 1])
    const alerts = [{ alert: 'A', expr: 'queue_depth > 1e9', expect: 'never' }] as const
    const alerted = await runScenario({ ...faulty, alerts: [...alerts] })
    expect(alerted.digest).toBe((await runScenario(faulty)).digest)
  })

  test('takes as long as the caller says its clock ran, and reads no clock of its own', async () => {
    let nowMs = 100
    const wallMs = () => {
      nowMs += 5
      return nowMs
    }
    expect((await runOnce(await orderOf({ load }, { wallMs }))).wallMs).toBe(5)
  })
})
