// Seed 001's remedy raced on the wire: an object is deleted after the last check has seen it, before it is fetched.
//
// Asserted: with a check after pop and another before the call (precheck+stat), each object that is deleted on the last
// check's 200, before the answer reaches its client, is one failed image, 404 at the service's fetch, after three
// calls; and nothing else fails: 1,000 races are injected, 1,000 images fail. On the first check's answer, the second
// check sees it: the same 1,000 images are skipped instead. A fresh URL for each try finds nothing either.
//
// What the report missed: it expects a check to end the failures, and for a deletion between check and signing to fail
// at the signing. A URL is signed offline: that cannot fail. The race between check and fetch stays open however often
// is checked, and the image is lost in either case; only what deletes can close it.
import { defineScenario } from 'aftershock'

/** Every 20th image of the first 20,000; in small, of the first 1,000. */
const race = { kind: 'object.delete', after: 'head', at: '0s', nth: 20, first: 20_000 } as const
const onLast = { ...race, attempt: 2 }
const onFirst = { ...race, attempt: 1 }

export default defineScenario({
  name: 'delete-race',
  incident: 'seed 001: images deleted between the check and the fetch',
  symptoms: [
    'HTTP Error 404: Not Found',
    'NoSuchKey',
    'The specified key does not exist',
    'algorithm call failed, retrying...',
    'StatObject成功，但PresignedGetObject失败',
    '图片在检查后、生成URL前被删除',
  ],
  start: '2025-11-14T08:00:00+08:00',
  pipeline: { kind: 'inference', checks: 'precheck+stat' },
  load: { kind: 'arrivals', rate: '12/s', for: '30m' },
  faults: [onLast],
  fingerprint: {
    'item_failed{stage:fetch,class:http-404,code:NoSuchKey}': ['count==1000'],
    item_lost: ['count==1000'],
    // Each is tried three times, and each time the service fetches in vain.
    'attempts{route:fetch,class:http-404}': ['count==3000'],
    'attempt_failed{route:head}': ['count==0'],
  },
  thresholds: { item_failed: ['count==0'], item_lost: ['count==0'] },
  brief: {
    pipeline: { retention: 60, cleanup: { uploads: 8 } },
    load: { rate: '4/s', for: '5m' },
    faults: [{ ...onLast, first: 1_000 }],
    fingerprint: {
      'item_failed{stage:fetch,class:http-404,code:NoSuchKey}': ['count==50'],
      item_lost: ['count==50'],
      'attempts{route:fetch,class:http-404}': ['count==150'],
      'attempt_failed{route:head}': ['count==0'],
    },
  },
  variants: {
    baseline: {
      about: 'Deleted on the answer to the last check',
      expect: { breach: ['item_failed', 'item_lost'] },
    },
    onFirstCheck: {
      about:
        'Deleted on the answer to the first check: the second skips the image, which is as lost',
      faults: [onFirst],
      fingerprint: {
        'item_skipped{stage:head,class:http-404}': ['count==1000'],
        item_lost: ['count==1000'],
        'attempt_failed{route:fetch}': ['count==0'],
        'attempts{route:head,class:http-404}': ['count==1000'],
      },
      expect: { breach: ['item_lost'] },
      brief: {
        faults: [{ ...onFirst, first: 1_000 }],
        fingerprint: {
          'item_skipped{stage:head,class:http-404}': ['count==50'],
          item_lost: ['count==50'],
          'attempt_failed{route:fetch}': ['count==0'],
          'attempts{route:head,class:http-404}': ['count==50'],
        },
      },
    },
    refetchOn404: {
      about: 'A fresh URL for every try: signs for an object that is gone',
      pipeline: { call: { refetchOn404: true } },
      expect: { breach: ['item_failed', 'item_lost'] },
    },
    oneTry: {
      about:
        'No second try: as many are lost, for a third of the calls and none of the 6 s of waiting',
      pipeline: { call: { attempts: 1 } },
      fingerprint: {
        'item_failed{stage:fetch,class:http-404,code:NoSuchKey}': ['count==1000'],
        item_lost: ['count==1000'],
        'attempts{route:fetch,class:http-404}': ['count==1000'],
      },
      expect: { breach: ['item_failed', 'item_lost'] },
      brief: {
        fingerprint: {
          'item_failed{stage:fetch,class:http-404,code:NoSuchKey}': ['count==50'],
          item_lost: ['count==50'],
          'attempts{route:fetch,class:http-404}': ['count==50'],
        },
      },
    },
  },
})
