// Redis is gone for half a minute, with a queue in it.
//
// Asserted: where it persists, not one task that was accepted is lost: what waited waits again. Where it does not, every
// job that waited is gone, its row says "queued" for ever, and nothing but the front end's asking again brings it back.
// What comes while it is down is refused in either case, and asked for again.
//
// What the report missed: it never says whether Redis persists, nor does Celery: a task that was accepted is a promise
// only if the broker keeps it.
import { defineScenario } from 'aftershock'

const restart = { kind: 'redis.down', name: 'down', at: '10m', for: '30s' } as const
const briefly = { ...restart, at: '2m', for: '10s' } as const
const burst = { every: '9m', size: 400, over: '20s' } as const

export default defineScenario({
  name: 'redis-restart',
  incident: 'seed 002: the tasks are in Redis, and Redis is restarted',
  symptoms: [
    'Connection to Redis lost',
    'redis.exceptions.ConnectionError: Error 111 connecting to redis:6379. Connection refused.',
    'Cannot connect to redis://',
    '任务一直处于 pending 状态',
    'LLEN celery',
  ],
  start: '2025-08-16T13:29:00+08:00',
  pipeline: { kind: 'generation', workers: 5, frontEnd: { asksAgain: { times: 0 } } },
  load: { kind: 'arrivals', rate: '2/s', for: '20m', process: 'poisson', bursts: burst },
  warmup: '2m',
  faults: [restart],
  fingerprint: {
    'item_discarded{stage:queue,class:job-lost}': ['count>=50'],
    'attempts{route:enqueue,class:refused}': ['count>=1'],
  },
  thresholds: { item_discarded: ['count==0'] },
  brief: {
    load: { rate: '2/s', for: '5m', bursts: { every: '1m45s', size: 200, over: '10s' } },
    warmup: '20s',
    faults: [briefly],
  },
  variants: {
    baseline: {
      about: 'Redis keeps nothing over a restart',
      pipeline: { redis: { persists: false } },
      expect: { breach: ['item_discarded'] },
    },
    persists: { about: 'Redis writes every job to disk before it says so' },
    asksAgain: {
      about: 'Nothing is kept, but the front end asks again when it was not told',
      pipeline: {
        redis: { persists: false },
        frontEnd: { asksAgain: { times: 2, after: '3m' } },
        idempotencyKey: false,
      },
    },
  },
})
