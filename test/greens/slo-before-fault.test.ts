// A rival measures the SLO before its own fault is applied.
import { expect, test } from 'vitest'
import { end, SMALL, told } from './green.ts'

const cut = (at: string) => `faults: [{kind: refuse, route: infer, name: cut, at: ${at}}]`
const crash = (at: string) => `faults: [{kind: host.crash, host: service-*, at: ${at}}]`

test('what looks only at the time before a fault proves nothing', async () => {
  const { code, runs } = await end(`${SMALL}
${cut('100s')}
thresholds: {"item_lost{phase:before}": [rate<0.05]}
variants:
  items: {}
  after-a-warm-up: {warmup: 50s}
  window: {windows: {calm: {at: 20s, for: 80s}}, thresholds: {"item_lost{window:calm}": [rate<0.05]}}
  gauge: {thresholds: {"services_registered{phase:before}": [max==3]}}
  fingerprint: {thresholds: {}, fingerprint: {"item_lost{phase:before}": [rate>0.9]}, expect: {fingerprint: missed}}
  also-after: {thresholds: {"item_lost{phase:before}": [rate<0.05], item_lost: [rate<0.01]}}
`)
  const blind = 'nothing that is asserted looks at what came after fault cut, at 1m40s'
  expect(code).toBe(99)
  expect(told(runs)).toEqual({
    items: ['inconclusive', blind],
    'after-a-warm-up': ['inconclusive', blind],
    window: ['inconclusive', blind],
    gauge: ['inconclusive', blind],
    fingerprint: ['inconclusive', blind],
    'also-after': [
      'fail',
      expect.stringMatching(/^item_lost rate<0\.01: breached, observed 6\d\.\d\d %$/),
    ],
  })
})

test('nor does a fault that comes when all is over', async () => {
  const fading =
    'load: {kind: ramp, from: 2/s, stages: [{to: 2/s, for: 3m}, {to: 0, for: 1s}, {to: 0, for: 119s}]}'
  const { code, runs } = await end(`${SMALL}
thresholds: {item_lost: [rate<0.01]}
variants:
  last-instant: {${crash('299999ms')}}
  last-instant-of-calls: {${cut('299999ms')}}
  its-own-phase: {${crash('299999ms')}, thresholds: {"item_lost{phase:fault}": [rate<0.01]}}
  the-phase-after: {${crash('299999ms')}, thresholds: {"item_lost{phase:after}": [rate<0.01]}}
  load-is-over: {${fading}, ${crash('4m')}}
  load-is-over-for-heartbeats: {${fading}, faults: [{kind: heartbeat.loss, at: 4m, for: 10s}]}
  second-of-two: {faults: [{kind: latency, route: infer, add: 10ms, for: 10s}, {kind: host.crash, host: service-*, at: 299999ms}]}
  may-miss: {faults: [{kind: refuse, route: infer, at: 299999ms, mayMiss: true}]}
`)
  const late = (what: string, items = 1, at = '5m') =>
    `all but ${items} of the items had ended before fault ${what}, at ${at}`
  expect(code).toBe(111)
  expect(told(runs)).toEqual({
    'last-instant': ['inconclusive', late('host.crash')],
    'last-instant-of-calls': ['inconclusive', late('cut'), 'fault cut touched nothing'],
    'its-own-phase': [
      'inconclusive',
      'item_lost{phase:fault} rate<0.01: nothing was measured',
      late('host.crash'),
    ],
    'the-phase-after': [
      'inconclusive',
      'item_lost{phase:after} rate<0.01: nothing was measured',
      late('host.crash'),
    ],
    'load-is-over': ['inconclusive', late('host.crash', 0, '4m')],
    'load-is-over-for-heartbeats': ['inconclusive', late('heartbeat.loss', 0, '4m')],
    'second-of-two': ['inconclusive', late('host.crash')],
    'may-miss': ['pass'],
  })
})

test.each([
  ['after the load', cut('5m'), 'starts at 5m, but the load ends at 5m'],
  [
    'inside the warm-up',
    `warmup: 1m\n${cut('30s')}`,
    'starts at 30s, inside the warm-up of 1m, where nothing is measured',
  ],
  [
    'after the load of the brief',
    `${cut('4m')}\nbrief: {load: {for: 1m}}`,
    'starts at 4m, but the load ends at 1m',
  ],
])('a fault %s is refused', async (_, fault, message) => {
  const { code, stderr } = await end(`${SMALL}${fault}\nthresholds: {item_lost: [rate<0.01]}\n`)
  expect([code, stderr.trimEnd().endsWith(message)]).toEqual([104, true])
})

test('a breach that was there before the fault is not the incident', async () => {
  const slow =
    'pipeline: {kind: inference, services: 1, tasks: 1, service: {inference: 600ms, concurrency: 1}}'
  const { code, runs } = await end(`${slow}
load: {kind: arrivals, rate: 2/s, for: 5m}
faults: [{kind: object.delete, after: put, first: 1, at: 4m}]
thresholds: {item_duration: [p(95)<5s]}
expect: {breach: [item_duration]}
variants:
  slow-anyway: {}
  slow-by-the-fault: {pipeline: {service: {inference: 200ms}}, faults: [{kind: latency, route: infer, add: 10s, at: 4m}]}
`)
  expect(code).toBe(111)
  expect(told(runs)).toEqual({
    'slow-anyway': ['inconclusive', 'item_duration was breached before the first fault: not by it'],
    'slow-by-the-fault': ['pass'],
  })
})
