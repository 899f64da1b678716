// Moderation refuses pictures: for good, whatever is tried, and so it is never tried again.
//
// Asserted: a picture that moderation keeps back (120 times `OutputImageSensitiveContentDetected` that afternoon, once
// `Pre Img Risk Not Pass`) ends its task at once: one paid call, no other. Here 2 % and 1 % are refused, so that it shows.
//
// What the report missed: it counts moderation among the failures of the service. It is the service at its work; nothing
// but another picture helps.
import { defineScenario } from 'aftershock'

export default defineScenario({
  name: 'moderation',
  incident: 'seed 002: pictures that moderation keeps back',
  symptoms: [
    'OutputImageSensitiveContentDetected',
    'Pre Img Risk Not Pass',
    'The request failed because the output image may contain sensitive information.',
    '内容审核拦截',
    '图片内容不符合要求',
  ],
  start: '2025-08-16T13:29:00+08:00',
  pipeline: {
    kind: 'generation',
    seedream: { moderation: 0.02 },
    segmentation: { moderation: 0.01 },
    vision: { noPet: 0.001 },
  },
  load: { kind: 'arrivals', rate: '4.7/s', for: '30m', process: 'poisson' },
  warmup: '2m',
  fingerprint: {
    'attempts{route:generate,class:http-400,code:OutputImageSensitiveContentDetected}': [
      'rate>=0.01',
      'rate<=0.03',
    ],
    'attempts{route:remove_background,class:http-400,code:50411}': ['rate>=0.003', 'rate<=0.02'],
    'amplification{route:generate}': ['value<=1.05'],
  },
  thresholds: {
    item_failed: ['rate<0.01'],
    'attempts{route:generate,class:http-500}': ['count==0'],
  },
  brief: { load: { rate: '4/s', for: '7m' }, warmup: '20s' },
  variants: {
    baseline: {
      about:
        'The front end asks once more for what it was not told of, and nothing else is tried again',
      pipeline: { frontEnd: { asksAgain: { times: 0 } } },
      expect: { breach: ['item_failed'] },
    },
    told: {
      about: 'The front end is told, and does not ask again for what will not be had',
      pipeline: { callbackOnFailure: true },
      thresholds: { tasks_untold: ['count==0'], 'amplification{route:generate}': ['value<=1'] },
    },
  },
})
