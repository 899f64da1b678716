// Seed 003, 2025-11-12: all algorithm services removed by heartbeat timeout, nothing inferred for 3 h 52 min.
//
// Asserted: the registry is empty 60 to 90 s after the last heartbeats, and from then on every image is deleted
// unprocessed; an alert on the number of services fires within 3 minutes, while the report's other two (queue
// backlog, response time) and one on the system's own failure rate stay silent; a timeout of 120 s only delays the
// loss by a minute; holding images until a service is there saves what the queue can hold.
//
// What the report missed: its own figures looked better than before (the mean counts deleted images as 0 ms, no
// failure is counted), so only the number of services could have told. And the last scan line is as old as the
// last inference, which heartbeat loss alone does not explain.
import { defineScenario } from 'aftershock'

const noService = {
  alert: 'NoAlgorithmService',
  expr: 'services_registered == 0',
  for: '1m',
} as const

export default defineScenario({
  name: 'heartbeat-loss',
  incident: 'seed 003, 2025-11-12: all algorithm services removed by heartbeat timeout',
  symptoms: [
    'no algorithm for task type',
    '未找到 task_type=人数统计 的算法服务',
    '没有可用的算法服务',
    'GetAlgorithmWithLoadBalance() 返回 nil',
    'service not found by endpoint',
    'heartbeat timeout',
    'algorithm service unregistered',
    'service will be removed by heartbeat timeout if truly offline',
    '心跳超时',
    '服务数量为 0',
  ],
  start: '2025-11-12T03:37:41+08:00',
  pipeline: {
    kind: 'inference',
    services: 12,
    heartbeat: { every: '30s', timeout: '60s' },
    queue: { max: 5000 },
  },
  load: { kind: 'arrivals', rate: '12/s', for: '5h' },
  warmup: '2m',
  faults: [
    { kind: 'heartbeat.loss', services: 'all', at: '30m', for: '3h52m' },
    { kind: 'host.restart', host: 'service-*', at: '4h22m' },
  ],
  fingerprint: {
    'services_registered{phase:fault}': ['min==0'],
    'item_discarded{stage:dispatch,class:no-service,phase:fault}': ['rate>0.9'],
  },
  thresholds: { item_lost: ['rate<0.01'] },
  alerts: [
    { ...noService, expect: { firesWithin: '3m' } },
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
  ],
  brief: {
    pipeline: { queue: { max: 40 }, retention: 80 },
    load: { rate: '4/s', for: '7m' },
    warmup: '30s',
    faults: [
      { kind: 'heartbeat.loss', services: 'all', at: '42s', for: '5m25s' },
      { kind: 'host.restart', host: 'service-*', at: '6m7s' },
    ],
    fingerprint: {
      'services_registered{phase:fault}': ['min==0'],
      'item_discarded{stage:dispatch,class:no-service,phase:fault}': ['rate>0.5'],
    },
  },
  variants: {
    baseline: {
      about: 'Heartbeats of all 12 services are lost while the services keep running',
      expect: { breach: ['item_lost'] },
    },
    timeout120: {
      about: "The report's remedy: a timeout of 120 s",
      pipeline: { heartbeat: { timeout: '120s' } },
      alerts: [{ ...noService, expect: { firesWithin: '4m' } }],
      expect: { breach: ['item_lost'] },
    },
    holdWhenNoService: {
      about: 'Images wait until a service is there, and cleanup spares them',
      pipeline: { onNoService: 'hold', protectQueued: true },
      thresholds: {
        'item_lost{phase:after}': ['rate<0.001'],
        'item_discarded{class:no-service}': ['count==0'],
      },
      alerts: [{ ...noService, expect: { firesWithin: '3m' } }],
    },
  },
})
