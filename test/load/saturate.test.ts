// A load that is never idle: through the pipeline's HTTP entry, as many requests at once as it has connections.
import { expect, test } from 'vitest'
import { planOf } from '../../src/run/plan.ts'
import { runPlan } from '../../src/run/run.ts'
import { resolvedSchema } from '../../src/scenario/schema.ts'
import { calls, runGeneration } from '../pipelines/generation/small.ts'
import { station } from '../queueing/station.ts'
import { runScenario } from '../run/scenarios.ts'

const load = { kind: 'saturate', connections: 4, for: '3s' } as const
const settle = '1m'

test('every request is an item, asked for in one call, and the next leaves when it is answered', async () => {
  const run = await runGeneration({ pipeline: { slots: 200 }, load, settle })
  const { offered, succeeded } = run.items
  expect(offered).toBeGreaterThan(1_000)
  expect(succeeded).toBe(offered)
  expect(calls(run, 'submit')).toBe(offered)
})

test('answers that take a tenth of a second leave four connections ten requests each a second', async () => {
  const faults = [{ kind: 'latency', route: 'submit', replace: '100ms', at: 0 }] as const
  const run = await runGeneration({ pipeline: { slots: 200 }, load, settle, faults: [...faults] })
  expect(run.items).toMatchObject({ offered: 120, succeeded: 120 })
})

test('twice as many connections ask for more, and the same seed for the same', async () => {
  const offered = async (connections: number) =>
    (await runGeneration({ load: { ...load, connections }, settle, pending: 'allowed' })).items
      .offered
  const [four, again, eight] = [await offered(4), await offered(4), await offered(8)]
  expect(again).toBe(four)
  expect(eight).toBeGreaterThan(1.5 * four)
})

test('faults act on its requests, and those that fail are asked no second time', async () => {
  const faults = [
    { kind: 'status', to: 'api', route: 'submit', status: 500, at: '1s', for: '1s' },
  ] as const
  const run = await runGeneration({ pipeline: { slots: 200 }, load, settle, faults: [...faults] })
  const { offered, rejected, succeeded } = run.items
  expect(rejected).toBe(run.faults[0]?.touched)
  expect(rejected).toBeGreaterThan(300)
  expect(offered).toBe(rejected + succeeded)
  expect(calls(run, 'submit')).toBe(offered)
})

test('it is stopped and goes on: each connection is one request held back', async () => {
  const stop = [{ kind: 'load.stop', at: '1s', for: '1s' }] as const
  const whole = await runGeneration({ pipeline: { slots: 200 }, load, settle })
  const run = await runGeneration({ pipeline: { slots: 200 }, load, settle, faults: [...stop] })
  expect(run.faults[0]?.touched).toBe(4)
  expect(run.items.offered / whole.items.offered).toBeCloseTo(2 / 3, 1)
  expect(run.items.succeeded).toBe(run.items.offered)
})

test('a hung entry holds every connection until its patience is over', async () => {
  const faults = [{ kind: 'hang', to: 'api', route: 'submit', at: '1s' }] as const
  const run = await runGeneration({
    pipeline: { slots: 200, frontEnd: { patience: '500ms' } },
    load,
    settle,
    faults: [...faults],
  })
  // Four connections, two seconds, half a second each.
  expect(run.items.rejected).toBe(16)
})

test('a stall that holds back the requests which would have shown it is no pass', async () => {
  const asserting = async (expr: string) => {
    const raw = {
      pipeline: { kind: 'inference' },
      load: { ...load, for: '1m' },
      faults: [{ kind: 'host.pause', host: 'service', at: '20s', for: '8s' }],
      thresholds: { item_duration: [expr] },
    }
    const plan = planOf(resolvedSchema.parse(raw))
    const options = station.options.parse({ slots: 4, time: '5ms' })
    const hosts = station.hosts(options)
    const scenario = { ...plan.scenario, pipeline: { kind: 'station', ...options } as never }
    return runPlan(
      { ...plan, scenario, pipeline: station, hosts },
      { file: 'station.ts', variant: 'default', brief: false, seed: 1, wallMs: () => 0 },
    )
  }
  const { verdict, reasons } = await asserting('p(95)<1s')
  expect(verdict).toBe('inconclusive')
  expect(reasons).toContainEqual(
    expect.stringMatching(
      /^item_duration p\(95\)<1s: holds only because users waited instead of offering more/,
    ),
  )
  expect((await asserting('max<1s')).verdict).toBe('fail')
})

test('a pipeline that has no HTTP entry refuses it, with the cure', async () => {
  await expect(runScenario({ load })).rejects.toThrow(
    "load.kind: 'saturate' asks an HTTP entry, and items enter this 'inference' otherwise; 'closed' keeps as many of them under way",
  )
})
