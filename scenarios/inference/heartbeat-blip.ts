// After seed 003, 2025-11-12: a network blip of 90 s, healed by itself, and nothing is ever inferred again.
//
// Asserted: a loss of heartbeats for 90 s empties the registry, and with clients as they are it stays empty to the end
// of the run: every beat after the blip is answered 400, no service registers again, every image is deleted. Clients
// that register again when they are not known (register) are all back within 30 s of the heal, one period of their
// beats, and the next scan's images are inferred. With images that wait meanwhile (registerAndHold) nothing is lost.
//
// How long a blip has to be: a lost beat costs the client its 5 s timeout before it sleeps for another 30 s, so the
// next one comes 65 s after the last that arrived, the one after that 100 s. A sweep comes at the latest 90 s after
// the last beat. So a loss of 65 s already takes all 12, whatever their phases; over seeds 1 to 20 one of 60 s leaves
// 1 to 3 of them, one of 45 s (shorter) 2 to 9 and one of 30 s 7 to 12. The 90 s here leave no doubt.
//
// What the report missed: it asks for services to be restarted and for a longer timeout, but not why they did not come
// back by themselves. The client logs the 400 and goes on beating under an id that nobody knows. And the alert on a
// registry of 0 does not see a blip that takes only some of the services, for good.
import { defineScenario } from 'aftershock'

const noService = {
  alert: 'NoAlgorithmService',
  expr: 'services_registered == 0',
  for: '1m',
} as const
const isBack = {
  'item_lost{window:recovered}': ['count==0'],
  'attempts{route:infer,class:ok,window:back}': ['count>0'],
  'services_registered{window:recovered}': ['min==12'],
}

export default defineScenario({
  name: 'heartbeat-blip',
  incident: 'after seed 003, 2025-11-12: heartbeats lost for 90 s, services gone for good',
  symptoms: [
    'service not found by endpoint: yolo11x_head_detector_7901',
    '心跳失败: HTTP Error 400: Bad Request',
    '心跳失败: <urlopen error timed out>',
    'algorithm service expired',
    'no algorithm for task type, deleting image',
    '所有算法服务因心跳超时被自动注销',
    '心跳发送失败',
  ],
  start: '2025-11-12T03:47:31+08:00',
  pipeline: {
    kind: 'inference',
    services: 12,
    heartbeat: { every: '30s', timeout: '60s' },
    queue: { max: 5000 },
  },
  load: { kind: 'arrivals', rate: '12/s', for: '1h' },
  warmup: '2m',
  faults: [{ kind: 'heartbeat.loss', services: 'all', at: '20m10s', for: '90s' }],
  windows: {
    // The blip heals at 21m40s; a period of the heartbeats and a scan later all must be well.
    back: { at: '21m40s', for: '31s' },
    recovered: { at: '22m11s' },
  },
  fingerprint: {
    'services_registered{phase:after}': ['max==0'],
    'attempts{route:heartbeat,class:http-400,phase:after}': ['rate==1'],
    'attempts{route:register,phase:after}': ['count==0'],
    'attempts{route:infer,phase:after}': ['count==0'],
    // All but an upload that MinIO itself refuses now and then, as its folder has just vanished.
    'item_discarded{stage:dispatch,class:no-service,phase:after}': ['rate>=0.99'],
  },
  thresholds: { 'item_lost{window:recovered}': ['count==0'] },
  alerts: [{ ...noService, expect: { firesWithin: '3m' } }],
  brief: {
    pipeline: { queue: { max: 165 }, retention: 40 },
    load: { rate: '4/s', for: '6m' },
    warmup: '30s',
    faults: [{ kind: 'heartbeat.loss', services: 'all', at: '1m10s', for: '90s' }],
    windows: { back: { at: '2m40s' }, recovered: { at: '3m11s' } },
  },
  variants: {
    baseline: {
      about: 'Clients log the 400 and go on beating',
      expect: { breach: ['item_lost{window:recovered}'] },
    },
    register: {
      about: 'Clients that are not known any more register again',
      pipeline: { onUnknownHeartbeat: 'register' },
      thresholds: isBack,
      alerts: [{ ...noService, expect: 'never' }],
    },
    registerAndHold: {
      about: 'They register again, and images wait until a service is there',
      pipeline: { onUnknownHeartbeat: 'register', onNoService: 'hold', protectQueued: true },
      thresholds: { ...isBack, item_lost: ['count==0'] },
      alerts: [{ ...noService, expect: 'never' }],
    },
    shorter: {
      about: 'A blip of 45 s takes some for good; the rest bear the load, and no alert tells',
      faults: [{ kind: 'heartbeat.loss', services: 'all', at: '20m10s', for: '45s' }],
      thresholds: {
        item_lost: ['count==0'],
        'services_registered{window:recovered}': ['min>0', 'max<12'],
      },
      alerts: [{ ...noService, expect: 'never' }],
      brief: { faults: [{ kind: 'heartbeat.loss', services: 'all', at: '1m10s', for: '45s' }] },
    },
  },
})
