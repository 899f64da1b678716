// Seed 000, 2025-11-13, read by its own evidence: 884 of 892 requests failed with 404, so the objects were gone.
//
// Asserted: when nearly every object is deleted before its first fetch, at least 98 % of the requests and 95 % of the
// images fail, all with 404 NoSuchKey and none with 403; neither a fresh URL (refetchOn404) nor a longer expiry
// (expiry24h) changes that. Together with presign-clock-skew this is the experiment that tells the two apart.
//
// What the report missed: 892 counts requests, and each image is tried three times, so about 295 images failed; with
// 8 or 9 that succeeded the failure rate per image is about 97 %. And 884 + 9 is not 892.
import { defineScenario } from 'aftershock'

export default defineScenario({
  name: 'deleted-before-fetch',
  incident: 'seed 000, 2025-11-13: every request answered 404',
  symptoms: [
    'HTTP Error 404: Not Found',
    'NoSuchKey',
    '404',
    '图片可能不存在',
    '图片不存在',
    'The specified key does not exist',
  ],
  start: '2025-11-13T11:14:00+08:00',
  pipeline: { kind: 'inference' },
  load: { kind: 'arrivals', rate: '12/s', for: '8m' },
  // 884 failed requests are 295 images of 3 tries; with 8 that succeeded 97.3 % of the images were gone.
  faults: [{ kind: 'object.delete', before: 'fetch', probability: 0.973, at: '0s' }],
  fingerprint: {
    'attempts{route:fetch,class:http-404,code:NoSuchKey}': ['rate>=0.98'],
    'attempts{route:fetch,class:http-403}': ['count==0'],
    'item_failed{stage:fetch,class:http-404}': ['rate>=0.95'],
  },
  thresholds: { item_lost: ['rate<0.01'] },
  brief: { load: { rate: '4/s', for: '2m' } },
  variants: {
    baseline: {
      about: 'Objects vanish between queue and fetch',
      expect: { breach: ['item_lost'] },
    },
    refetchOn404: {
      about: 'A fresh URL for every try: signs for an object that is gone',
      pipeline: { call: { refetchOn404: true } },
      expect: { breach: ['item_lost'] },
    },
    expiry24h: {
      about: "The report's remedy: URLs live 24 h",
      pipeline: { presign: { expiry: '24h' } },
      expect: { breach: ['item_lost'] },
    },
  },
})
