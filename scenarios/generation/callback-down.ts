// The front end takes no callbacks for ten minutes: pictures are made, paid for, and nobody is told.
//
// Asserted: each callback is tried three times at once; then the task is written down as a success, and nothing ever
// tells again. The database knows of no failed callback: none is written back. With an outbox every success is told once
// the front end is back, with `callbackOnFailure` every failure too. A callback whose answer is lost is sent again: told
// at least once, and the second one is known by its key.
//
// What the report missed: "callbacks failed: 0" in its database stands beside 13,110 in its logs, and its 9,017 who were
// never told are 8,817 failed tasks, of which nobody is ever told, and 200 successes.
import { defineScenario } from 'aftershock'

const down = {
  kind: 'refuse',
  name: 'down',
  to: 'front-end',
  route: 'callback',
  at: '10m',
  for: '10m',
} as const
const someFail = {
  kind: 'status',
  to: 'seedream',
  status: 500,
  probability: 0.85,
  at: '5m',
  for: '10m',
} as const
const lost = {
  kind: 'lost-replies',
  name: 'down',
  to: 'front-end',
  route: 'callback',
  at: '10m',
  for: '10m',
} as const
const brief = {
  down: { ...down, at: '1m30s', for: '1m30s' } as const,
  someFail: { ...someFail, at: '40s', for: '1m40s' } as const,
  lost: { ...lost, at: '1m30s', for: '1m30s' } as const,
}

export default defineScenario({
  name: 'callback-down',
  incident: 'seed 002, 15:45–16:00: the front end is not told how its tasks ended',
  symptoms: [
    '发送回调请求失败',
    '未能回调前端',
    "HTTPSConnectionPool(host='perf-game-center.chagee.com', port=443): Read timed out. (read timeout=30)",
    '回调失败 → 前端重新请求',
    'callback failed',
  ],
  start: '2025-08-16T15:40:00+08:00',
  pipeline: { kind: 'generation', frontEnd: { asksAgain: { times: 0 } } },
  load: { kind: 'arrivals', rate: '4.7/s', for: '30m', process: 'poisson' },
  warmup: '2m',
  faults: [down, someFail],
  fingerprint: {
    'attempts{route:callback,class:refused,fault:down}': ['rate>=0.99'],
    'tasks_untold{result:succeeded}': ['count>=100'],
    reported_callback_failures: ['max==0'],
  },
  thresholds: { 'tasks_untold{result:succeeded}': ['count==0'] },
  brief: {
    load: { rate: '4/s', for: '5m' },
    warmup: '20s',
    faults: [brief.down, brief.someFail],
  },
  variants: {
    baseline: {
      about: 'Three tries, then nobody is told',
      expect: { breach: ['tasks_untold{result:succeeded}'] },
    },
    backoff: {
      about: 'Waits between the three tries: shorter than the outage, so no help',
      pipeline: { backoff: { delay: '1s', max: '10s' } },
      expect: { breach: ['tasks_untold{result:succeeded}'] },
    },
    outbox: {
      about: 'Written down with the result, and sent until it is taken',
      pipeline: { callbackOutbox: true },
    },
    outboxAndFailures: {
      about: 'The failed tasks are told, too',
      pipeline: { callbackOutbox: true, callbackOnFailure: true, idempotencyKey: true },
      thresholds: { tasks_untold: ['count==0'] },
    },
    answersLost: {
      about: 'Taken, but the answer is lost: told again, and known by its key',
      pipeline: {
        callbackOutbox: true,
        idempotencyKey: true,
        timeouts: { callback: { read: '5s' } },
      },
      faults: [lost],
      thresholds: {
        'tasks_untold{result:succeeded}': ['count==0'],
        callbacks_recognised: ['count>=100'],
      },
      brief: { faults: [brief.lost] },
    },
  },
})
