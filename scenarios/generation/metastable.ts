// Five slow minutes at 80 % load, and the system never comes back, though nothing is wrong with anything any more.
//
// Asserted: text-to-image bears 60 requests at full speed, 6 a second; 4.8 come. Five minutes at a third of its speed
// fill it with requests whose callers have long given up: it works on them to the end. By the time it is fast again it
// is so crowded that everything takes longer than its callers wait, and every caller tries again. Half an hour later it
// still does nothing of use. With a breaker, a budget, waits and a deadline it has recovered within two minutes.
//
// What ends it in the baseline: less load, or a restart of every worker at once; more workers make it worse.
//
// What the report missed: it asks for a faster upstream. The upstream is fast enough: it is kept busy by its callers.
import { defineScenario } from 'aftershock'

const slow = {
  kind: 'host.slow',
  name: 'slow',
  host: 'seedream',
  factor: 3,
  at: '10m',
  for: '5m',
} as const
const briefly = { ...slow, at: '1m30s', for: '1m' } as const

const saved = {
  pipeline: {
    breaker: { within: '20s', open: '15s' },
    retryBudget: {},
    backoff: { delay: '2s', max: '20s' },
    deadline: '2m',
  },
} as const

export default defineScenario({
  name: 'metastable',
  incident: 'seed 002: timeouts, retries and load keep each other up, long after the cause is over',
  symptoms: [
    'Read timed out. (read timeout=30)',
    '文生图API超时 → 任务堆积 → 重试增加负载',
    '恶性循环',
    '持续向已过载的服务发送请求',
    'metastable',
  ],
  start: '2025-08-16T13:30:00+08:00',
  pipeline: {
    kind: 'generation',
    attempts: { task: 2 },
    timeouts: { textToImage: { connect: '10s', read: '30s' } },
    seedream: {
      time: { mean: '10s', p99: '18s' },
      bears: 60,
      exponent: 1.2,
      concurrency: 2_000,
    },
    frontEnd: { asksAgain: { times: 0 } },
  },
  load: { kind: 'arrivals', rate: '4.8/s', for: '50m', process: 'poisson' },
  warmup: '2m',
  faults: [slow],
  windows: { half: { at: '45m', for: '5m' } },
  pending: 'allowed',
  fingerprint: {
    'attempt_failed{route:generate,window:half}': ['rate>=0.5'],
    'amplification{route:generate,window:half}': ['value>1.5'],
    recovery_time: ['value>30m'],
  },
  thresholds: {
    'attempt_failed{route:generate,window:half}': ['rate<0.05'],
    recovery_time: ['value<=2m'],
  },
  brief: {
    pipeline: {
      workers: 2,
      slots: 40,
      timeouts: { textToImage: { read: '12s' } },
      seedream: { time: { mean: '4s', p99: '7s' }, bears: 16 },
    },
    load: { rate: '3.2/s', for: '7m' },
    warmup: '30s',
    faults: [briefly],
    windows: { half: { at: '6m', for: '1m' } },
    fingerprint: { 'attempt_failed{route:generate,window:half}': ['rate>=0.5'] },
  },
  variants: {
    baseline: {
      about: 'Tries at once, for as long as it takes',
      expect: { breach: ['attempt_failed{route:generate,window:half}', 'recovery_time'] },
    },
    mitigated: {
      about: 'Breaker, retry budget, waits and a deadline',
      ...saved,
      brief: {
        pipeline: {
          breaker: { within: '10s', open: '8s', least: 5 },
          backoff: { delay: '1s', max: '8s' },
          deadline: '1m',
        },
      },
    },
  },
})
