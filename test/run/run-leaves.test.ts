// One run: what it leaves behind, and what it says of its faults and alerts.
import { describe, expect, test } from 'vitest'
import { runScenario } from './scenarios.ts'

const load = { kind: 'arrivals', rate: '2/s', for: '2m' } as const

const thresholds = { item_lost: ['rate<0.5'] }

describe('leaves behind', () => {
  test('counters that never moved as zero, which is a measurement', async () => {
    const counted = {
      broken_pipes: ['count==0'],
      alerts_lost: ['count==0'],
      'log_lines{line:scan failed}': ['count==0'],
    }
    const { verdict, thresholds: judged } = await runScenario({ load, thresholds: counted })
    expect([verdict, judged.map(({ observed }) => observed)]).toEqual(['pass', [0, 0, 0]])
  })

  test('nothing where nothing was measured, which is no zero', async () => {
    const { thresholds: judged, verdict } = await runScenario({
      load,
      thresholds: { 'item_duration{phase:after}': ['p(95)<1s'], item_lost: ['count==0'] },
    })
    expect([verdict, judged.map(({ observed }) => observed)]).toEqual(['inconclusive', [null, 0]])
  })

  test('both sets of books, where they part', async () => {
    const { books, reported } = await runScenario({
      load,
      thresholds,
      faults: [{ kind: 'status', route: 'infer', status: 500 }],
    })
    expect(reported.failed_inferences).toBe(0)
    expect(books.find(({ reported: name }) => name === 'failed_inferences')).toMatchObject({
      says: 0,
      metric: 'item_failed count',
    })
  })

  test('what each fault was and did', async () => {
    const flapping = {
      kind: 'heartbeat.loss',
      services: 1,
      name: 'flap',
      at: '20s',
      for: '10s',
      every: '30s',
      mayMiss: true,
    } as const
    const { faults } = await runScenario({
      load,
      thresholds,
      pipeline: { heartbeat: { every: '2s' } },
      faults: [flapping, { kind: 'sink.down', at: '90s' }],
    })
    const [flap, sink] = faults
    expect(flap).toMatchObject({
      kind: 'heartbeat.loss',
      name: 'flap',
      describe: 'heartbeats of one service lost',
      atMs: 20_000,
      forMs: 100_000,
      times: 4,
      mayMiss: true,
    })
    // A beat every 2 s, in 10 s of each 30: the first that beats is lost, those after it wait for nothing.
    expect(flap?.touched).toBeGreaterThanOrEqual(4)
    expect(sink).toMatchObject({
      describe: 'sink down',
      atMs: 90_000,
      forMs: 30_000,
      times: 1,
      mayMiss: false,
    })
  })

  test('alerts: fired in time, late, or never', async () => {
    const gone = { expr: 'services_registered == 0', for: '30s' }
    const alerts = [
      { alert: 'InTime', ...gone, expect: { firesWithin: '2m' } },
      { alert: 'TooLate', ...gone, expect: { firesWithin: '10s' } },
      { alert: 'Silent', expr: 'queue_depth > 1e6', expect: 'never' },
      { alert: 'Wrong', ...gone, expect: 'never' },
      { alert: 'Shown', ...gone },
    ] as const
    const pipeline = { heartbeat: { every: '2s', timeout: '10s', sweep: '5s' } }
    const { alerts: told, reasons } = await runScenario({
      load,
      pipeline,
      alerts: [...alerts],
      faults: [{ kind: 'heartbeat.loss', at: '30s' }],
    })
    expect(told.map(({ name, ok }) => [name, ok])).toEqual([
      ['InTime', true],
      ['TooLate', false],
      ['Silent', true],
      ['Wrong', false],
      ['Shown', null],
    ])
    expect(reasons).toEqual([
      expect.stringMatching(/^alert TooLate: expected fires within 10 s, it fired at/),
      expect.stringMatching(/^alert Wrong: expected never, it fired at/),
    ])
  })
})
