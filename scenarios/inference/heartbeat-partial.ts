// After seed 003, 2025-11-12: heartbeats of some services are lost. How much is gone, and from when on images are lost.
//
// Asserted: a service whose heartbeats are lost gets no request any more, and the others bear its share: with 1 of 12
// lost each is busy for 12/11 of the time that it was, with 6 of 12 for twice as long, and no image is lost. With 11 of
// 12 lost the last one bears a third of the load (elevenThirdLoad), but not the whole of it: it infers what one of
// twelve can (baseline), and two infer twice that (ten). Services that come and go (flapping) lose nothing as long as
// half of them are there; where clients do not register again (flappingForGood) two partial losses are a whole one.
//
// How many images a service infers at once no report says. With 16 (the default) one service of the 12 would do for
// 81 images/s; here it is one at a time, 5 images/s, so that 12/s need three services.
//
// What the report missed: its alert on a registry of 0 does not see 11 of 12 gone. And what is lost then does not look
// like a lack of services: images wait until cleanup deletes them, and every failure is HTTP 404, as in seed 000.
import { defineScenario } from 'aftershock'

const loss = { kind: 'heartbeat.loss', at: '5m10s', for: '90s' } as const
const briefLoss = { ...loss, at: '50s' } as const
const one = ['service-7901']
const six = ['service-790[1-6]']
const otherSix = ['service-790[7-9]', 'service-791?']
const ten = ['service-790?', 'service-7910']
const eleven = ['service-790?', 'service-791[01]']

const inTurn = [
  { ...loss, services: six, every: '5m' },
  { ...loss, services: otherSix, at: '7m40s', every: '5m' },
]
const briefInTurn = [
  { ...loss, services: six, at: '40s', every: '4m15s' },
  { ...loss, services: otherSix, at: '2m45s', every: '4m15s' },
]

const noService = {
  alert: 'NoAlgorithmService',
  expr: 'services_registered == 0',
  for: '1m',
} as const

/** Of 12 images/s, the share that one service can infer, and how busy it is with its twelfth of them. */
const CAN = 1 / 0.197 / 12
const BUSY = 0.197

function about(aggregation: string, value: number, within: number): string[] {
  return [
    `${aggregation}>${(value * (1 - within)).toFixed(3)}`,
    `${aggregation}<${(value * (1 + within)).toFixed(3)}`,
  ]
}

/** To the end of the run so many are left, and the first service gets no request. */
const remain = (left: number) => ({
  'services_registered{phase:after}': [`min==${left}`, `max==${left}`],
  'part_busy{part:service-7901,phase:after}': ['max==0'],
})

/** Those that are left bear the load, each a like share of it. */
const bear = (left: number, load: number, within: number) => ({
  item_lost: ['count==0'],
  ...remain(left),
  'part_utilisation{part:service-7912,phase:after}': about(
    'avg',
    (BUSY * load * 12) / left,
    within,
  ),
})

/**
 * Those that are left are busy nearly all the time, and what they cannot bear is deleted while it waits. Not all the
 * time: tries of deleted images hold places in flight that others could have.
 */
const saturate = (left: number, within: number, busy: number) => ({
  ...remain(left),
  'part_utilisation{part:service-7912,phase:after}': [`avg>${busy}`],
  'item_succeeded{phase:after}': about('rate', CAN * left, within),
  'item_failed{stage:fetch,class:http-404,phase:after}': ['count>0'],
  'item_discarded{phase:after}': ['count==0'],
})

const gone = {
  'services_registered{phase:fault}': ['min==0'],
  'services_registered{phase:after}': ['max==0'],
  // All but an upload that MinIO itself refuses now and then, as its folder has just vanished.
  'item_discarded{stage:dispatch,class:no-service,phase:after}': ['rate>=0.99'],
}

export default defineScenario({
  name: 'heartbeat-partial',
  incident: 'after seed 003, 2025-11-12: heartbeats of some services lost',
  symptoms: [
    'algorithm service expired',
    'service not found by endpoint',
    '心跳失败: HTTP Error 400: Bad Request',
    'HTTP Error 404: Not Found',
    '心跳发送失败',
  ],
  start: '2025-11-12T04:02:31+08:00',
  pipeline: {
    kind: 'inference',
    services: 12,
    service: { inference: { mean: '197ms', p99: '590ms' }, concurrency: 1 },
    heartbeat: { every: '30s', timeout: '60s' },
    queue: { max: 5000 },
  },
  load: { kind: 'arrivals', rate: '12/s', for: '40m' },
  warmup: '2m',
  faults: [{ ...loss, services: eleven }],
  fingerprint: saturate(1, 0.1, 0.9),
  thresholds: { item_lost: ['count==0'] },
  alerts: [{ ...noService, expect: 'never' }],
  // A third of the load and three times as long for an image: the services are as busy as in the whole.
  brief: {
    pipeline: {
      service: { inference: { mean: '591ms', p99: '1770ms' } },
      queue: { max: 290 },
      concurrency: 33,
      retention: 50,
    },
    load: { rate: '4/s', for: '7m' },
    warmup: '30s',
    faults: [{ ...briefLoss, services: eleven }],
    fingerprint: saturate(1, 0.25, 0.7),
  },
  variants: {
    baseline: {
      about: '11 of 12: the one that is left cannot bear the load',
      expect: { breach: ['item_lost'] },
    },
    ten: {
      about: '10 of 12: two infer twice as much as one, and that is still not enough',
      faults: [{ ...loss, services: ten }],
      fingerprint: saturate(2, 0.1, 0.9),
      expect: { breach: ['item_lost'] },
      brief: { faults: [{ ...briefLoss, services: ten }], fingerprint: saturate(2, 0.15, 0.9) },
    },
    one: {
      about: '1 of 12',
      faults: [{ ...loss, services: one }],
      thresholds: bear(11, 1, 0.1),
      brief: { faults: [{ ...briefLoss, services: one }], thresholds: bear(11, 1, 0.2) },
    },
    six: {
      about: '6 of 12',
      faults: [{ ...loss, services: six }],
      thresholds: bear(6, 1, 0.1),
      brief: { faults: [{ ...briefLoss, services: six }], thresholds: bear(6, 1, 0.2) },
    },
    elevenThirdLoad: {
      about: '11 of 12 at a third of the load: the one that is left bears it',
      load: { rate: '4/s' },
      thresholds: bear(1, 1 / 3, 0.1),
      brief: { load: { rate: '80/m' }, thresholds: bear(1, 1 / 3, 0.2) },
    },
    flapping: {
      about: 'Each half in turn, again and again; clients register again',
      pipeline: { onUnknownHeartbeat: 'register' },
      faults: inTurn,
      thresholds: {
        item_lost: ['count==0'],
        'services_registered{phase:fault}': ['min==6', 'max==12'],
        'services_registered{phase:after}': ['value==12'],
      },
      brief: { faults: briefInTurn },
    },
    flappingForGood: {
      about: 'The same with clients as they are: never more than six are cut off at once',
      faults: inTurn,
      fingerprint: gone,
      alerts: [{ ...noService, expect: { firesWithin: '6m' } }],
      expect: { breach: ['item_lost'] },
      brief: { faults: briefInTurn, fingerprint: gone },
    },
  },
})
