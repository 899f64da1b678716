// A rival passes an SLO of which there is no sample.
import { expect, test } from 'vitest'
import { end, SMALL, told } from './green.ts'

test('no samples are no verdict', async () => {
  const asserted = {
    'phase that never was': 'item_lost{phase:fault}": [rate<0.01]',
    'count in it': 'item_lost{phase:fault}": [count==0]',
    'counter in it': 'log_lines{phase:fault}": [count==0]',
    'gauge in it': 'services_registered{phase:after}": [min==3]',
    'share of no calls': 'attempt_failed{route:unregister}": [rate<0.01]',
    'time of no calls': 'attempt_duration{route:unregister}": [p(95)<1s]',
    'part without slots': 'part_utilisation{part:sink}": [avg<0.9]',
    'wait where nobody waits': 'part_wait{part:sink}": [p(95)<1s]',
  }
  const variants = Object.values(asserted).map((text, i) => `  v${i}: {thresholds: {"${text}}}`)
  const { code, runs } = await end(`${SMALL}variants:\n${variants.join('\n')}\n`)
  expect(code).toBe(111)
  expect(runs.map(({ verdict, reasons }) => [verdict, ...reasons])).toEqual(
    Object.values(asserted).map((text) => [
      'inconclusive',
      `${text.replace('": [', ' ').replace(']', '')}: nothing was measured`,
    ]),
  )
})

test('nor is a run in which nothing happened, or nothing was asked', async () => {
  const none = 'load: {kind: ramp, from: 0, stages: [{to: 0, for: 5m}]}'
  const nothing = 'nothing is asserted: give thresholds, alerts with `expect`, or a fingerprint'
  const { code, runs } = await end(`${SMALL}
thresholds: {item_lost: [rate<0.01]}
variants:
  no-load: {${none}}
  all-warm-up: {warmup: 299999ms}
  empty: {thresholds: {}}
  fingerprint-that-is-not-judged: {thresholds: {}, fingerprint: {item_lost: [count==0]}}
  alert-without-expectation: {thresholds: {}, alerts: [{alert: A, expr: services_registered == 0}]}
  breach-without-samples: {thresholds: {"item_lost{phase:fault}": [rate<0.01]}, expect: {breach: ["item_lost{phase:fault}"]}}
  fingerprint-without-samples: {faults: [{kind: refuse, route: infer, at: 1m}], fingerprint: {"attempts{route:unregister,class:refused}": [rate>0.9]}, expect: {breach: [item_lost]}}
  fine: {}
`)
  const unmeasured = 'nothing was measured'
  expect(code).toBe(111)
  expect(told(runs)).toEqual({
    'no-load': ['inconclusive', 'no item was offered', `item_lost rate<0.01: ${unmeasured}`],
    'all-warm-up': ['inconclusive', 'no item was offered', `item_lost rate<0.01: ${unmeasured}`],
    empty: ['inconclusive', nothing],
    'fingerprint-that-is-not-judged': ['inconclusive', nothing],
    'alert-without-expectation': ['inconclusive', nothing],
    'breach-without-samples': ['inconclusive', `item_lost{phase:fault} rate<0.01: ${unmeasured}`],
    'fingerprint-without-samples': [
      'inconclusive',
      `fingerprint attempts{route:unregister,class:refused} rate>0.9: ${unmeasured}`,
    ],
    fine: ['pass'],
  })
})

test('a fix that makes its own metric vanish is not fixed', async () => {
  const { code, runs } = await end(`${SMALL}
faults: [{kind: status, route: publish, status: 503, probability: 0.5}]
thresholds: {"attempt_failed{route:publish}": [rate<0.01]}
variants:
  baseline: {expect: {breach: ["attempt_failed{route:publish}"]}}
  detects-nothing: {pipeline: {service: {detections: 0}}}
`)
  expect(code).toBe(111)
  expect(told(runs)).toEqual({
    baseline: ['pass'],
    'detects-nothing': [
      'inconclusive',
      'attempt_failed{route:publish} rate<0.01: nothing was measured',
      'fault status touched nothing',
    ],
  })
})
