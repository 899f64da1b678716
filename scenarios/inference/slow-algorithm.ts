// Seed 003's own reading, "the services answered too slowly", played out: an inference takes 20 s instead of 0.2 s.
//
// Asserted: 100 slots of 20 s each are 5 images a second, so at 12 a second every slot is taken, the queue grows to its
// 5,000 and drops its oldest; who is not dropped waits for minutes. An image in a hundred passes the timeout of 60 s,
// three times, and holds its slot for three minutes; its service works on for a caller that has gone. The alerts
// on the queue's depth and on the response time fire, the one on failures never. All services stay registered and not
// one line says "context canceled": this is not what happened on 12 November.
//
// What helps: enough services for 12 × 20 s of work, and slots to match. What does not: a shorter timeout (images fail
// that were only slow), more slots alone (they wait in front of the services, time out there, and are worked on for
// nobody), and a shorter queue, which loses more, though what it does not lose is fresh. Cleanup has no part in it: it
// spares what is queued or in flight.
import { defineScenario } from 'aftershock'

const slow = { kind: 'host.slow', host: 'service-*', factor: 100 } as const
const backlog = { alert: 'QueueBacklog', for: '1m' } as const
const silent = {
  alert: 'FailedInferences',
  expr: 'reported_failed_inferences / reported_total_inferences > 0.01',
  expect: 'never',
} as const
const slowInference = {
  alert: 'SlowInference',
  expr: 'reported_avg_inference_ms > 1000',
  for: '1m',
  expect: { firesWithin: '5m' },
} as const

export default defineScenario({
  name: 'slow-algorithm',
  incident: 'seed 003, 2025-11-12, as the report reads it: services so slow that calls time out',
  symptoms: [
    'context deadline exceeded',
    'Client.Timeout exceeded while awaiting headers',
    'slow inference alert',
    'inference backlog alert',
    'queue full, dropped oldest image',
    '推理速度过慢，建议优化算法或使用GPU加速',
    '推理队列积压严重，建议增加并发数或降低抽帧频率',
    '图片丢弃率过高，推理能力严重不足',
    '响应超时（60秒超时）',
  ],
  start: '2025-11-12T03:37:41+08:00',
  pipeline: { kind: 'inference', protectQueued: true, queue: { max: 5000 } },
  load: { kind: 'arrivals', rate: '12/s', for: '40m' },
  warmup: '1m',
  faults: [{ ...slow, at: '5m', for: '25m' }],
  fingerprint: {
    'part_utilisation{part:dispatcher,phase:fault}': ['avg>0.9'],
    'item_discarded{stage:queue,class:dropped-oldest}': ['rate>=0.05'],
    'item_failed{stage:infer,class:read-timeout}': ['count>0'],
    broken_pipes: ['count>0'],
    'log_lines{line:context canceled}': ['count==0'],
    services_registered: ['min==12'],
  },
  thresholds: { item_lost: ['rate<0.01'], 'item_duration{phase:fault}': ['med<2m'] },
  alerts: [
    { ...backlog, expr: 'queue_depth > 2500', expect: { firesWithin: '15m' } },
    slowInference,
    silent,
  ],
  // A quarter of the rate but a sixth of the services and slots: minutes have to show what 25 show. Times vary less than
  // in the whole: 340 images are inferred, and how many of the hundredth that takes a minute are among them is luck.
  brief: {
    pipeline: {
      tasks: 1,
      retention: 160,
      cleanup: { uploads: 8 },
      services: 2,
      service: { inference: { mean: '197ms', p99: '300ms' } },
      concurrency: 17,
      queue: { max: 108 },
    },
    load: { rate: '3/s', for: '7m' },
    warmup: '10s',
    faults: [{ ...slow, at: '1m', for: '3m30s' }],
    fingerprint: {
      'part_utilisation{part:dispatcher,phase:fault}': ['avg>0.9'],
      'item_discarded{stage:queue,class:dropped-oldest}': ['rate>=0.05'],
      'log_lines{line:context canceled}': ['count==0'],
      services_registered: ['min==2'],
    },
    thresholds: { item_lost: ['rate<0.02'], 'item_duration{phase:fault}': ['med<28s'] },
    alerts: [
      { ...backlog, expr: 'queue_depth > 54', expect: { firesWithin: '3m' } },
      slowInference,
      silent,
    ],
  },
  variants: {
    baseline: {
      about: 'Inference takes a hundred times as long for 25 min',
      expect: { breach: ['item_lost', 'item_duration{phase:fault}'] },
    },
    shortTimeout: {
      about: 'A timeout of 20 s and no second try: what was only slow now fails',
      pipeline: { call: { timeout: '20s', attempts: 1 } },
      expect: { breach: ['item_lost', 'item_duration{phase:fault}'] },
    },
    moreSlots: {
      about: 'Four times the slots, the same services: images wait there instead, and time out',
      pipeline: { concurrency: 400 },
      expect: { breach: ['item_lost', 'item_duration{phase:fault}'] },
      brief: { pipeline: { concurrency: 68 } },
    },
    shortQueue: {
      about: 'A queue of 200: loses more, but what is inferred is fresh',
      pipeline: { queue: { max: 200 } },
      alerts: [
        { ...backlog, expr: 'queue_depth > 100', expect: { firesWithin: '3m' } },
        slowInference,
        silent,
      ],
      expect: { breach: ['item_lost'] },
      brief: {
        pipeline: { queue: { max: 10 } },
        alerts: [
          { ...backlog, expr: 'queue_depth > 5', expect: { firesWithin: '3m' } },
          slowInference,
          silent,
        ],
      },
    },
    moreServices: {
      about: 'Twice the services and three times the slots: enough for 12 × 20 s of work',
      pipeline: { services: 24, concurrency: 300 },
      alerts: [{ ...backlog, expr: 'queue_depth > 2500', expect: 'never' }, slowInference, silent],
      brief: {
        pipeline: { services: 8, concurrency: 120 },
        alerts: [{ ...backlog, expr: 'queue_depth > 54', expect: 'never' }, slowInference, silent],
      },
    },
  },
})
