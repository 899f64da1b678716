// Seed 003's second thought, "restart it": the analyser goes down for 20 s, and its memory with it.
//
// Asserted: the registry is empty from then on, as services that are told "service not found" only log it; so every
// image is deleted, and with them those that the scanner finds again because the map of seen keys is gone: what waited
// or was being inferred, and the images of earlier alerts, a thousand of them, which nobody had asked to go. An alert
// on the number of services fires.
//
// What helps: services that register again, and a dispatcher that waits for them, save every image but the 240 that
// came while nobody was there. They do not save the work: what had been inferred is inferred and published again.
// Ignoring what lies in the bucket avoids that and loses what had waited; only a bucket that holds nothing but
// unfinished images (keepDetected: false) has neither.
//
// What the report missed: its own remedies, a timeout of 120 s among them, need this restart.
import { defineScenario } from 'aftershock'

// Just before a scan: what was uploaded since the last one is not queued yet.
const restart = { kind: 'host.restart', host: 'analyser', at: '10m0.9s', for: '20s' } as const
const restartBriefly = { ...restart, at: '2m0.9s' } as const
const noService = {
  alert: 'NoAlgorithmService',
  expr: 'services_registered == 0',
  for: '1m',
} as const
const again = { onUnknownHeartbeat: 'register', onNoService: 'hold' } as const

export default defineScenario({
  name: 'dispatcher-restart',
  incident: 'seed 003: the analyser restarted, registry, queue and memory of seen images lost',
  symptoms: [
    'service not found by endpoint',
    'no algorithm for task type, deleting image',
    'no algorithm for task type',
    'starting AI analysis plugin',
    'AI analysis plugin started successfully',
    'performing initial scan for existing images',
    'connection refused',
    '需要重启 EasyDarwin 使配置生效',
    '没有算法服务，删除图片',
    '重复处理',
  ],
  start: '2025-11-12T08:10:00+08:00',
  // Services that were started together beat together, every 30 s: the first beat is 9 s after the restart.
  pipeline: { kind: 'inference', heartbeat: { spread: '0s' } },
  load: { kind: 'arrivals', rate: '12/s', for: '25m' },
  warmup: '1m',
  faults: [restart],
  fingerprint: {
    'services_registered{phase:after}': ['max==0'],
    // All but an upload that MinIO itself refuses now and then, as its folder has just vanished.
    'item_discarded{stage:dispatch,class:no-service,phase:after}': ['rate>=0.99'],
    // 240 due while it was down.
    'item_rejected{stage:offer,class:refused}': ['count>=239', 'count<=241'],
    // 12/s for 14 min 39 s are 10,549 images; the rest were found again.
    'log_lines{line:no algorithm for task type}': ['count>=11400'],
  },
  thresholds: {
    'item_lost{phase:before}': ['count==0'],
    // Of nine hundred, a real store refused one by itself.
    'item_lost{phase:after}': ['rate<0.005'],
    // An image whose deletion was under way is found again: seen on a real store, one of 1,440.
    item_duplicates: ['count<5'],
  },
  alerts: [{ ...noService, expect: 'never' }],
  brief: {
    pipeline: { retention: 60, cleanup: { uploads: 8 } },
    load: { rate: '4/s', for: '6m' },
    warmup: '10s',
    faults: [restartBriefly],
    fingerprint: {
      'services_registered{phase:after}': ['max==0'],
      'item_discarded{stage:dispatch,class:no-service,phase:after}': ['rate>=0.99'],
      'item_rejected{stage:offer,class:refused}': ['count>=79', 'count<=81'],
      'log_lines{line:no algorithm for task type}': ['count>=950'],
    },
  },
  variants: {
    baseline: {
      about: 'Nobody registers again',
      alerts: [{ ...noService, expect: { firesWithin: '3m' } }],
      expect: { breach: ['item_lost{phase:before}', 'item_lost{phase:after}'] },
    },
    servicesRestarted: {
      about: 'The services are restarted too, five minutes later: all is well from then on',
      faults: [restart, { kind: 'host.restart', host: 'service-*', at: '15m' }],
      alerts: [{ ...noService, expect: { firesWithin: '3m' } }],
      fingerprint: { 'item_discarded{stage:dispatch,class:no-service}': ['rate>=0.1'] },
      expect: { breach: ['item_lost{phase:before}'] },
      brief: {
        faults: [restartBriefly, { kind: 'host.restart', host: 'service-*', at: '4m' }],
        fingerprint: { 'item_discarded{stage:dispatch,class:no-service}': ['rate>=0.1'] },
      },
    },
    register: {
      about: 'Services register again at their next heartbeat: too late for what is found before',
      pipeline: { onUnknownHeartbeat: 'register' },
      fingerprint: { 'services_registered{phase:after}': ['value==12'] },
      expect: { breach: ['item_lost{phase:before}', 'item_lost{phase:after}'] },
      brief: { fingerprint: { 'services_registered{phase:after}': ['value==12'] } },
    },
    registerAndHold: {
      about: 'And images wait for them: none is lost, a thousand are inferred and published twice',
      pipeline: again,
      fingerprint: { item_duplicates: ['count>=800'] },
      expect: { breach: ['item_duplicates'] },
      brief: { fingerprint: { item_duplicates: ['count>=80'] } },
    },
    ignoreExisting: {
      about:
        'What lies in the bucket is taken for done: no duplicates, but what had waited is lost',
      pipeline: { ...again, scan: { existing: 'ignore' } },
      fingerprint: { 'item_discarded{stage:store,class:removed}': ['count>=9', 'count<=40'] },
      expect: { breach: ['item_lost{phase:before}'] },
      brief: { fingerprint: { 'item_discarded{stage:store,class:removed}': ['count>=3'] } },
    },
    unfinishedOnly: {
      about: 'The bucket holds unfinished images only: each is found again, and no other',
      pipeline: { ...again, keepDetected: false },
    },
  },
})
