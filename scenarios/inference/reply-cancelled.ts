// Seed 003's "context canceled", seed 000's BrokenPipe: the analyser hangs up on its own answers.
//
// Asserted: where services write head and body apart, most calls end `aborted` while the answer is read, after one
// attempt each (as many calls as images), the image is deleted, and the system's own count of failures stays 0; the
// services see their peer gone (broken pipes). Reading the body before the context is cancelled cures all of it; so
// does an answer in one piece, which is why a test against another service shows nothing.
//
// What the reports missed: "context canceled" is the caller's own doing. A service that is too slow gives "context
// deadline exceeded", and a slow service is no reason for a broken pipe after 200 ms. The share is what the version of
// 10 November did to answers in two writes: 99 of 160 lost, 0 of 80 in one.
import { defineScenario } from 'aftershock'

const cancelled = {
  alert: 'AnswersCancelled',
  expr: 'rate(log_lines_total{line="context canceled"}[1m]) > 0.1',
} as const

export default defineScenario({
  name: 'reply-cancelled',
  incident: 'seeds 000 and 003: context canceled, broken pipes; answers in two writes are lost',
  symptoms: [
    'context canceled',
    'decode response failed: context canceled',
    'algorithm inference failed',
    'image deleted after inference failure',
    'BrokenPipeError: [Errno 32] Broken pipe',
    'BrokenPipeError',
    'write: broken pipe',
    '算法服务响应超时',
    '连接断开错误',
  ],
  start: '2025-11-12T03:37:41+08:00',
  pipeline: { kind: 'inference', cancelBeforeBody: true },
  load: { kind: 'arrivals', rate: '12/s', for: '30m' },
  // 99 of 160: how many bodies were not there yet when the head had been read.
  faults: [{ kind: 'split-replies', to: 'service-*', route: 'infer', probability: 0.62, at: '0s' }],
  fingerprint: {
    'attempts{route:infer,class:aborted}': ['rate>=0.55'],
    // 12/s for 30 min are 21,600 images: none is tried twice.
    'attempts{route:infer}': ['count==21600'],
    'item_failed{stage:reply,class:aborted}': ['rate>=0.55'],
    'log_lines{line:context canceled}': ['count>=11880'],
    broken_pipes: ['count>=11880'],
    reported_failed_inferences: ['max==0'],
  },
  thresholds: { item_lost: ['rate<0.01'] },
  alerts: [
    { ...cancelled, expect: { firesWithin: '1m' } },
    {
      alert: 'FailedInferences',
      expr: 'reported_failed_inferences / reported_total_inferences > 0.01',
      expect: 'never',
    },
    { alert: 'NoAlgorithmService', expr: 'services_registered == 0', for: '1m', expect: 'never' },
  ],
  brief: {
    pipeline: { retention: 60, cleanup: { uploads: 8 } },
    load: { rate: '4/s', for: '5m' },
    fingerprint: {
      'attempts{route:infer,class:aborted}': ['rate>=0.55'],
      'attempts{route:infer}': ['count==1200'],
      'item_failed{stage:reply,class:aborted}': ['rate>=0.55'],
      'log_lines{line:context canceled}': ['count>=660'],
      broken_pipes: ['count>=660'],
      reported_failed_inferences: ['max==0'],
    },
  },
  variants: {
    baseline: {
      about: 'The context is cancelled before the body is read',
      expect: { breach: ['item_lost'] },
    },
    readBody: {
      about: 'The body is read first, as from 13 November on',
      pipeline: { cancelBeforeBody: false },
      thresholds: { item_lost: ['count==0'] },
      alerts: [{ ...cancelled, expect: 'never' }],
    },
    inOnePiece: {
      about:
        'Services answer in one write: the same analyser loses nothing, and nobody learns of it',
      faults: [],
      thresholds: { item_lost: ['count==0'] },
      alerts: [{ ...cancelled, expect: 'never' }],
    },
  },
})
