// Seed 001: 220,879 inferences, 5,302 failed (2.40 %): cleanup deletes objects that still wait in the queue.
//
// Asserted: with cleanup blind to the queue and no check before the call, 2.40 % ± 0.3 pt of the inferences fail, all
// at the service's fetch with 404 NoSuchKey. The report's fix (precheck) brings the failures below 1 % and saves no
// image: what failed is skipped instead. Sparing what is queued (protectQueued) saves them.
//
// What the report missed: a URL is signed offline, so a deletion between check and signing cannot fail there; the
// rate that matters is what was lost, not what failed. No object is deleted by a fault here: the loss comes from
// retention, bursts and waiting. How many tasks there were, how many objects cleanup kept and how the load came the
// report does not say: a camera that re-sends, once an hour, what it kept while it was cut off is an assumption, and
// the size of that burst is calibrated (`npm run calibrate` prints the table).
import { defineScenario } from 'aftershock'

export default defineScenario({
  name: 'deleted-while-queued',
  incident: 'seed 001: images deleted by cleanup while they wait in the queue',
  symptoms: [
    'HTTP Error 404: Not Found',
    'image not found before inference, skipping',
    '图片在StatObject检查时不存在',
    '图片在队列中等待时被清理',
    'NoSuchKey',
    '图片可能已被删除',
    '图片不存在',
    '推理失败率2.40%',
  ],
  start: '2025-11-14T08:00:00+08:00',
  // One image at a time per service, as a detector on one accelerator works.
  pipeline: { kind: 'inference', tasks: 30, retention: 500, service: { concurrency: 1 } },
  load: {
    kind: 'arrivals',
    rate: '11.8/s',
    for: '5h',
    bursts: { every: '1h', size: 2080, over: '20s' },
  },
  fingerprint: {
    item_failed: ['rate>=0.021', 'rate<=0.027'],
    'item_failed{stage:fetch,class:http-404,code:NoSuchKey}': ['rate>=0.021'],
    'attempt_failed{route:put}': ['rate==0'],
  },
  thresholds: { item_failed: ['rate<0.01'], item_lost: ['rate<0.01'] },
  // In small, one burst and the images in flight are a larger share of all: the limits are wider, the order is kept.
  brief: {
    pipeline: { tasks: 2, retention: 75, services: 2, concurrency: 17, cleanup: { uploads: 8 } },
    load: { rate: '2/s', for: '7m', bursts: { every: '4m', size: 185, over: '8500ms' } },
    fingerprint: { 'item_failed{stage:fetch,class:http-404,code:NoSuchKey}': ['rate>=0.021'] },
    thresholds: { item_failed: ['rate<0.02'], item_lost: ['rate<0.01'] },
  },
  variants: {
    baseline: {
      about: 'Cleanup does not look at the queue; nothing is checked before the call',
      expect: { breach: ['item_failed', 'item_lost'] },
    },
    precheck: {
      about: "The report's fix: a HEAD right after pop, and another before the call",
      pipeline: { checks: 'precheck+stat' },
      expect: { breach: ['item_lost'] },
      fingerprint: {
        'item_skipped{stage:head,class:http-404}': ['rate>=0.015'],
        item_failed: ['rate<0.01'],
      },
      brief: {
        fingerprint: {
          'item_skipped{stage:head,class:http-404}': ['count>0'],
          item_failed: ['rate<0.02'],
        },
      },
    },
    protectQueued: {
      about: 'Cleanup spares what is queued or in flight',
      pipeline: { protectQueued: true },
      thresholds: { item_failed: ['rate<0.001'], item_lost: ['rate<0.001'] },
      brief: { thresholds: { item_failed: ['rate<0.001'], item_lost: ['rate<0.001'] } },
    },
  },
})
