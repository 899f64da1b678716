// Seed 001 with its remedy: cleanup spares what is queued, and a burst that the queue cannot hold is lost all the same.
//
// Asserted: a camera sends 9,000 images in 45 s, the services infer 60 a second, the queue holds 5,000: it fills up,
// and from then on each image that comes deletes the oldest that waits. Who is not dropped waits for up to 5,000 ÷ 60
// s. Nothing fails, no upload is refused, and the alert that the system has for this, on a drop rate above 30 %, stays
// silent: it is a rate since the start, and what came before the burst dilutes it.
//
// What helps: services that keep up, or a sender that spreads its burst over four minutes. A bigger queue saves the
// images but not the wait, which grows. More slots for the dispatcher (max_concurrent_infer) are a few more places
// to wait in: the services are no faster. That a queue may overflow at all the reports never say.
import { defineScenario } from 'aftershock'

export default defineScenario({
  name: 'queue-overflow',
  incident: 'seed 001: more images at once than the queue can hold',
  symptoms: [
    'queue full, dropped oldest image',
    'queue full',
    'inference backlog alert',
    'dropped image deleted from MinIO',
    '推理队列积压严重，建议增加并发数或降低抽帧频率',
    '队列积压',
    '丢弃最旧的',
  ],
  start: '2025-11-14T08:00:00+08:00',
  // One image at a time per service: 12 of them infer 60 a second.
  pipeline: {
    kind: 'inference',
    service: { concurrency: 1 },
    protectQueued: true,
    queue: { max: 5000 },
  },
  load: {
    kind: 'arrivals',
    rate: '11.8/s',
    for: '20m',
    bursts: { every: '10m', from: '4m', size: 9000, over: '45s' },
  },
  fingerprint: {
    'item_discarded{stage:queue,class:dropped-oldest}': ['rate>=0.05'],
    queue_depth: ['max==5000'],
    'attempt_failed{route:put}': ['count==0'],
    'attempt_failed{route:infer}': ['count==0'],
  },
  thresholds: { item_lost: ['rate<0.01'], item_duration: ['p(99)<1m'] },
  alerts: [
    { alert: 'HighDropRate', expr: 'reported_drop_rate > 0.3', expect: 'never' },
    {
      alert: 'FailedInferences',
      expr: 'reported_failed_inferences / reported_total_inferences > 0.01',
      expect: 'never',
    },
  ],
  brief: {
    pipeline: {
      services: 1,
      concurrency: 8,
      retention: 40,
      cleanup: { uploads: 4 },
      queue: { max: 50 },
    },
    load: { rate: '2/s', for: '7m', bursts: { every: '3m', from: '150s', size: 180, over: '9s' } },
    fingerprint: {
      'item_discarded{stage:queue,class:dropped-oldest}': ['rate>=0.05'],
      queue_depth: ['max==50'],
      'attempt_failed{route:put}': ['count==0'],
      'attempt_failed{route:infer}': ['count==0'],
    },
    thresholds: { item_lost: ['rate<0.01'], item_duration: ['p(99)<8s'] },
  },
  variants: {
    baseline: {
      about: 'The oldest gives way, and is deleted',
      expect: { breach: ['item_lost', 'item_duration'] },
    },
    biggerQueue: {
      about: 'Room for all: nothing is lost, and the last waits longest',
      pipeline: { queue: { max: 10_000 } },
      fingerprint: { item_duration: ['max>100s'] },
      expect: { breach: ['item_duration'] },
      brief: {
        pipeline: { queue: { max: 200 } },
        fingerprint: { item_duration: ['max>15s'] },
      },
    },
    moreSlots: {
      about: 'Four times the slots, the same services: 300 more places to wait in',
      pipeline: { concurrency: 400 },
      expect: { breach: ['item_lost', 'item_duration'] },
      brief: { pipeline: { concurrency: 32 } },
    },
    moreConcurrency: {
      about: 'Services that infer four images at once, and slots for them',
      pipeline: { concurrency: 400, service: { concurrency: 4 } },
      brief: { pipeline: { concurrency: 32 } },
    },
    slowerBursts: {
      about: 'The same images, sent in four minutes instead of 45 s',
      load: { bursts: { over: '4m' } },
      brief: { load: { bursts: { over: '90s' } } },
    },
  },
})
