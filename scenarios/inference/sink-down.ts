// The broker of the alerts is down for 20 minutes: everything is inferred, nothing is reported, all figures are green.
//
// Asserted: every image succeeds, each detection of those 20 minutes is lost, and the system's own figures are as they
// were: no failure, no drop, the same mean. A publication that fails is one line in the log; the alerts that an
// operator of seeds 001 and 003 has (queue, response time, failures, services) stay silent, and one on the lost
// publications themselves fires within a minute.
//
// What helps: an outbox that sends again when the broker is back. What does not: a few more tries, a second apart at
// most (what the writer of the real client does), against an outage of minutes. No report mentions the loss: nobody
// counted it. A broker that hangs instead of refusing loses as much, and holds a slot for 10 s with each detection.
import { defineScenario } from 'aftershock'

const down = { at: '5m', for: '20m' } as const
const downBriefly = { at: '1m', for: '3m' } as const
const lost = { alert: 'AlertsLost', expr: 'increase(alerts_lost[1m]) > 0' } as const
const usual = [
  { alert: 'QueueBacklog', expr: 'queue_depth > 2500', for: '1m', expect: 'never' },
  {
    alert: 'SlowInference',
    expr: 'reported_avg_inference_ms > 1000',
    for: '1m',
    expect: 'never',
  },
  {
    alert: 'FailedInferences',
    expr: 'reported_failed_inferences / reported_total_inferences > 0.01',
    expect: 'never',
  },
  { alert: 'HighDropRate', expr: 'reported_drop_rate > 0', expect: 'never' },
  { alert: 'NoAlgorithmService', expr: 'services_registered == 0', for: '1m', expect: 'never' },
] as const

export default defineScenario({
  name: 'sink-down',
  incident:
    'none reported: alerts lost while the broker was down, and nothing that would have told',
  symptoms: [
    'failed to publish alert to MQ',
    'publish failed',
    'dial tcp 172.16.5.207:9092: connect: connection refused',
    'kafka write errors',
    '告警推送失败',
    '收不到告警',
  ],
  start: '2025-11-12T03:37:41+08:00',
  pipeline: { kind: 'inference' },
  load: { kind: 'arrivals', rate: '12/s', for: '30m' },
  faults: [{ kind: 'sink.down', ...down }],
  fingerprint: {
    item_succeeded: ['rate==1'],
    // 30 % of 14,400 images show something.
    'alerts_lost{phase:fault}': ['count>=4100', 'count<=4540'],
    'alerts_lost{phase:before}': ['count==0'],
    'log_lines{line:publish failed}': ['count>=4100'],
    reported_failed_inferences: ['max==0'],
    reported_dropped_total: ['max==0'],
    'reported_avg_inference_ms{phase:fault}': ['max<250'],
  },
  thresholds: { item_lost: ['count==0'], alerts_lost: ['count==0'], alerts_waiting: ['value==0'] },
  alerts: [{ ...lost, expect: { firesWithin: '1m' } }, ...usual],
  brief: {
    pipeline: { retention: 60, cleanup: { uploads: 8 } },
    load: { rate: '4/s', for: '6m' },
    faults: [{ kind: 'sink.down', ...downBriefly }],
    fingerprint: {
      item_succeeded: ['rate==1'],
      'alerts_lost{phase:fault}': ['count>=150', 'count<=280'],
      'alerts_lost{phase:before}': ['count==0'],
      'log_lines{line:publish failed}': ['count>=150'],
      reported_failed_inferences: ['max==0'],
      reported_dropped_total: ['max==0'],
      'reported_avg_inference_ms{phase:fault}': ['max<250'],
    },
  },
  variants: {
    baseline: {
      about: 'Each detection is published once',
      expect: { breach: ['alerts_lost'] },
    },
    threeTries: {
      about: 'Three tries, half a second apart: against 20 minutes',
      pipeline: { publish: { attempts: 3, spacing: '500ms' } },
      expect: { breach: ['alerts_lost'] },
    },
    hangs: {
      about: 'The broker accepts and never answers: each detection holds a slot for 10 s',
      faults: [{ kind: 'hang', to: 'sink', ...down }],
      fingerprint: {
        item_succeeded: ['rate==1'],
        'alerts_lost{phase:fault}': ['count>=4100', 'count<=4540'],
        'attempts{route:publish,class:read-timeout}': ['count>=4100'],
        'part_busy{part:dispatcher,phase:fault}': ['avg>30'],
        reported_failed_inferences: ['max==0'],
      },
      expect: { breach: ['alerts_lost'] },
      brief: {
        faults: [{ kind: 'hang', to: 'sink', ...downBriefly }],
        fingerprint: {
          item_succeeded: ['rate==1'],
          'alerts_lost{phase:fault}': ['count>=150', 'count<=280'],
          'attempts{route:publish,class:read-timeout}': ['count>=150'],
          'part_busy{part:dispatcher,phase:fault}': ['avg>8'],
          reported_failed_inferences: ['max==0'],
        },
      },
    },
    outbox: {
      about: 'What the broker does not take waits until it does',
      pipeline: { publish: { outbox: true } },
      alerts: [{ ...lost, expect: 'never' }, ...usual],
    },
  },
})
