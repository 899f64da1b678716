// Scenarios that once went wrong, or nearly did: each keeps its books, and ends.
import { expect, test } from 'vitest'
import { conserves } from '../run/conserves.ts'
import { runScenario, type Written } from '../run/scenarios.ts'

const load = { kind: 'arrivals', rate: '5/s', for: '40s' } as const
const register = { onUnknownHeartbeat: 'register', heartbeat: { every: '1s' } } as const
const CASES: readonly (readonly [why: string, seed: number, written: Written])[] = [
  [
    'a user whose item is refused at once waited for ever',
    1,
    {
      load: { kind: 'closed', users: 4, think: '100ms', for: '30s' },
      faults: [{ kind: 'host.crash', host: 'analyser', at: '5s', for: '5s' }],
    },
  ],
  [
    'an item due at the very end of the load was left behind',
    1,
    { load: { kind: 'ramp', from: 0, stages: [{ to: '1/m', for: '3m' }] } },
  ],
  [
    'what a process had waiting for it when it was paused came back after its death',
    1,
    {
      load,
      pipeline: register,
      faults: [
        { kind: 'host.pause', host: '*', at: '8s', for: '12s' },
        { kind: 'host.crash', host: '*', at: '12s', for: '20s' },
      ],
    },
  ],
  [
    'capacity given back to a service that stood still',
    1,
    {
      load,
      faults: [
        { kind: 'capacity', service: 'service-*', factor: 0, at: '5s', for: '10s' },
        { kind: 'host.pause', host: 'service-*', at: '10s', for: '10s' },
      ],
    },
  ],
  [
    'the same fault twice at once',
    1,
    {
      load,
      pipeline: register,
      faults: [
        { kind: 'host.crash', host: 'service-*', at: '5s', for: '10s' },
        { kind: 'host.crash', host: '*', at: '10s', for: '10s' },
        { kind: 'host.restart', host: '*', at: '12s', for: '20s' },
        { kind: 'host.pause', host: '*', at: '3s', for: '30s' },
        { kind: 'host.pause', host: '*', at: '4s', for: '10s' },
      ],
    },
  ],
  [
    'a fault that is there from the first microsecond on',
    1,
    {
      load,
      faults: [
        { kind: 'clock.skew', host: 'analyser', offset: '-8h', at: '0s' },
        { kind: 'host.pause', host: 'sink', at: '0s' },
        { kind: 'capacity', service: 'service-*', factor: 0, at: '0s' },
      ],
    },
  ],
]

test.each(CASES)('%s', async (_why, seed, written) => {
  await conserves(written, seed)
})

test('a success that comes after the loss wins, and the books say so', async () => {
  // Nothing is inferred and nothing deleted until 20 s; then the analyser forgets what it had seen, and sees it again.
  const { items, failures, metrics } = await runScenario({
    load: { kind: 'arrivals', rate: '1/s', for: '40s' },
    pipeline: {
      ...register,
      call: { attempts: 1 },
      onNoService: 'hold',
      service: { detections: 0 },
    },
    faults: [
      { kind: 'status', route: 'infer', status: 500, at: '0s', for: '20s' },
      { kind: 'refuse', route: 'delete', at: '0s', for: '20s' },
      { kind: 'host.restart', host: 'analyser', at: '25500ms' },
    ],
  })
  expect(items).toMatchObject({ offered: 40, succeeded: 40, failed: 0, duplicates: 0 })
  expect(failures).toEqual([])
  expect(metrics.item_lost?.count).toBe(0)
})

test('a skewed clock is skewed for the first call already', async () => {
  const { attempts } = await runScenario({
    load,
    faults: [{ kind: 'clock.skew', host: 'analyser', offset: '-8h', at: '0s' }],
  })
  const refused = attempts.filter(({ code }) => code === 'RequestTimeTooSkewed')
  // A scan at 0 s, 1 s … 39 s; those after the load are after the heal.
  expect(refused.map(({ route, count }) => [route, count])).toEqual([
    ['put', 200],
    ['list', 40],
  ])
})
