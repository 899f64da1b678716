// The windows that a scenario names: what is measured in them, and that variants and briefs move them.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readScenario } from '../../src/scenario/read.ts'
import { Folder } from '../scenario/reading.ts'
import { runScenario } from './scenarios.ts'

test('select items, calls, lines and gauges, whatever the phase', async () => {
  const { fingerprint } = await runScenario({
    load: { kind: 'arrivals', rate: '2/s', for: '2m' },
    warmup: '10s',
    // From 30 s to 60 s nothing reaches the store, so nothing is found in it.
    faults: [{ kind: 'status', route: 'put', status: 500, at: '30s', for: '30s' }],
    windows: { edge: { at: '50s', for: '20s' }, rest: { at: '70s' } },
    fingerprint: {
      'items_offered{window:edge}': ['count==40', 'rate==2'],
      'item_failed{window:edge}': ['count==20'],
      'item_failed{window:edge,phase:after}': ['count==0'],
      'item_lost{window:rest}': ['count==0'],
      'attempts{route:put,class:http-500,window:edge}': ['rate==0.5'],
      'attempts{route:put,class:http-500,window:rest}': ['count==0'],
      'log_lines{line:scan found new images,window:edge}': ['count<=10'],
      'services_registered{window:rest}': ['min==3'],
    },
    thresholds: { item_lost: ['rate<1'] },
  })
  expect(fingerprint.map(({ metric, expr, ok }) => [metric, expr, ok])).toEqual(
    fingerprint.map(({ metric, expr }) => [metric, expr, true]),
  )
})

test('merge by name', async () => {
  using folder = new Folder({
    'x.yaml': `
pipeline: {kind: inference}
load: {kind: arrivals, rate: 1/s, for: 2m}
windows: {a: {at: 10s, for: 5s}, b: {at: 20s}}
brief: {load: {for: 1m}, windows: {a: {for: 3s}}}
variants: {v: {windows: {a: {at: 30s}}, brief: {windows: {b: {for: 1s}}}}}
`,
  })
  const scenario = await readScenario(join(folder.path, 'x.yaml'))
  expect([scenario.resolve('v', false).windows, scenario.resolve('v', true).windows]).toEqual([
    { a: { at: 30_000, for: 5_000 }, b: { at: 20_000 } },
    { a: { at: 30_000, for: 3_000 }, b: { at: 20_000, for: 1_000 } },
  ])
})
