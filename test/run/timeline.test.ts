// The timeline: what is injected when, before what, and healed in which order.
import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineFault, type FaultDefinition, timing } from '../../src/faults/fault.ts'
import { planOf } from '../../src/run/plan.ts'
import { Timeline } from '../../src/run/timeline.ts'
import { emptyWorld } from './play.ts'
import { resolve } from './scenarios.ts'

/** Notes when it is injected and healed. */
function noting(notes: string[], now: () => number, needsHosts = false): FaultDefinition {
  const options = z.strictObject({ kind: z.literal('noting'), ...timing })
  return defineFault({
    kind: 'noting',
    help: 'notes',
    options,
    needsHosts,
    describe: () => 'notes',
    hold(o, _hands, evidence) {
      notes.push(`${now()} +${o.name}`)
      evidence.touched = (evidence.touched ?? 0) + 1
      return { [Symbol.dispose]: () => void notes.push(`${now()} -${o.name}`) }
    },
  }) as unknown as FaultDefinition
}

test('injects and heals when it is due; what is left at the end is healed in reverse', async () => {
  const notes: string[] = []
  const world = emptyWorld({})
  const now = () => world.nowMs + 0
  const spans: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
    late: [[700, 1_500]],
    twice: [
      [0, 200],
      [400, 600],
    ],
    instant: [[300, 300]],
    first: [[100, 9_000]],
    running: [[0, 9_000]],
  }
  const faults = Object.entries(spans).map(([name, injections]) => ({
    definition: noting(notes, now, name === 'running'),
    options: { kind: 'noting', name, mayMiss: false },
    injections: injections.map(([fromMs, toMs]) => ({ fromMs, toMs })),
    key: name,
  }))
  const timeline = new Timeline(faults)
  world.schedule(0, () => notes.push('hosts start'))
  timeline.start(world, world.recorder.trace)
  world.schedule(800, () => {
    timeline.healAll()
    world.clock.stop()
  })
  await world.clock.run()
  expect(notes).toEqual([
    '0 +twice',
    'hosts start',
    '0 +running',
    '100 +first',
    '200 -twice',
    '300 +instant',
    '300 -instant',
    '400 +twice',
    '600 -twice',
    '700 +late',
    '800 -late',
    '800 -first',
    '800 -running',
  ])
  expect(
    timeline
      .report()
      .map(({ name, atMs, forMs, times, touched }) => [name, atMs, forMs, times, touched]),
  ).toEqual([
    ['late', 700, 800, 1, 1],
    ['twice', 0, 600, 2, 2],
    ['instant', 300, 0, 1, 1],
    ['first', 100, 8_900, 1, 1],
    ['running', 0, 9_000, 1, 1],
  ])
})

test('plans every injection: from the warm-up where nothing is said, never beyond the load', async () => {
  const scenario = await resolve({
    load: { kind: 'arrivals', rate: '1/s', for: '1m' },
    warmup: '5s',
    faults: [
      { kind: 'load.stop' },
      { kind: 'host.restart', host: 'sink', at: '20s' },
      { kind: 'host.restart', host: 'sink', at: '20s', every: '15s', name: 'again' },
      { kind: 'hang', at: '30s', for: '10s', every: '25s' },
    ],
    thresholds: { item_lost: ['rate<1'] },
  })
  const plan = planOf(scenario)
  expect(plan.loadEndMs).toBe(60_000)
  expect(
    plan.faults.map(({ injections }) => injections.map(({ fromMs, toMs }) => [fromMs, toMs])),
  ).toEqual([
    [[5_000, 60_000]],
    [[20_000, 20_000]],
    [
      [20_000, 20_000],
      [35_000, 35_000],
      [50_000, 50_000],
    ],
    [
      [30_000, 40_000],
      [55_000, 60_000],
    ],
  ])
  // Draws are keyed by a fault's name or options, never by its place in the list.
  const [, one, again] = plan.faults
  expect([one?.key, again?.key]).toEqual([JSON.stringify(one?.options), 'again'])
})
