// A short outage of text-to-image, and what retries without a wait make of it: nine calls for every one.
//
// Asserted: for two minutes text-to-image answers 500. Every task tries it three times at once, and the queue runs every
// task three times at once: nine paid calls are made within a few seconds, for a service that is down, and the task is
// lost all the same, though the outage is over long before anybody would have given up waiting.
//
// What helps: waits between tries (nothing is lost: a task is still trying when the outage is over), and a retry budget
// for what the outage costs others. A breaker alone calls less, and loses the tasks faster.
//
// What the report missed: it counts failed calls, and takes them for the upstream's doing. Two thirds of the calls that
// failed were never needed: amplification says so, a failure rate cannot.
import { defineScenario } from 'aftershock'

const outage = {
  kind: 'status',
  name: 'outage',
  to: 'seedream',
  route: 'generate',
  status: 500,
  code: 'InternalServiceError',
  at: '10m',
  for: '2m',
} as const
const briefly = { ...outage, at: '2m', for: '30s' } as const

const outageSeen = { 'attempts{route:generate,class:http-500,fault:outage}': ['rate>=0.99'] }

export default defineScenario({
  name: 'retry-storm',
  incident:
    'seed 002: failed calls are made again at once, and multiply the load of a service that is down',
  symptoms: [
    'T2I API请求失败',
    'AI模型生成失败',
    'Max retries exceeded with url: /api/v3/images/generations',
    'InternalServiceError',
    '失败后立即重试加重系统负担',
    '连续重试导致API压力倍增',
    'retry storm',
  ],
  start: '2025-08-16T13:37:00+08:00',
  pipeline: { kind: 'generation', frontEnd: { asksAgain: { times: 0 } } },
  load: { kind: 'arrivals', rate: '4.7/s', for: '30m', process: 'poisson' },
  warmup: '2m',
  faults: [outage],
  fingerprint: { 'amplification{route:generate,fault:outage}': ['value>4'], ...outageSeen },
  thresholds: {
    item_lost: ['rate<0.01'],
    'amplification{route:generate,fault:outage}': ['value<4'],
  },
  brief: { load: { rate: '4/s', for: '6m' }, warmup: '30s', faults: [briefly] },
  variants: {
    baseline: {
      about: 'Three tries at once, of three runs at once',
      expect: { breach: ['item_lost', 'amplification{route:generate,fault:outage}'] },
    },
    backoff: {
      about: 'Waits of up to 10 s, 20 s, 40 s …: tasks outlive the outage',
      pipeline: {
        backoff: { delay: '10s', max: '2m', jitter: 'equal' },
        attempts: { textToImage: 5 },
      },
    },
    retryBudget: {
      about: 'One retry in ten calls: cheap, and every task of the outage is lost',
      pipeline: { retryBudget: {} },
      brief: { pipeline: { retryBudget: { reserve: 2 } } },
      fingerprint: outageSeen,
      expect: { breach: ['item_lost'] },
    },
    breaker: {
      about: 'Half of the calls failed: none for 10 s. Cheaper still, and no better',
      pipeline: { breaker: {} },
      fingerprint: outageSeen,
      expect: { breach: ['item_lost'] },
    },
    together: {
      about: 'Waits, budget and breaker',
      pipeline: {
        backoff: { delay: '10s', max: '2m', jitter: 'equal' },
        attempts: { textToImage: 6, task: 4 },
        breaker: {},
        retryBudget: { ratio: 1, reserve: 100 },
      },
    },
  },
})
