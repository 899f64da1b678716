// A worker dies in the middle of its tasks, as by the OOM killer.
//
// Asserted: acknowledged early, as Celery does by default, the tasks it had in hand are gone: their rows say "queued"
// for ever. Acknowledged late, others take them when the visibility timeout is over: nothing is lost, and what had been
// done is done, and paid for, again. With Celery's timeout of an hour nothing is lost either, but nobody waits an hour.
//
// What the report missed: ten workers, 9,017 who were never told, and no word on how a task is acknowledged.
import { defineScenario } from 'aftershock'

const crash = {
  kind: 'worker.crash',
  name: 'crash',
  worker: 'worker-{1,2}',
  at: '10m',
  for: '10s',
} as const
const briefly = { ...crash, at: '2m' } as const

export default defineScenario({
  name: 'worker-crash',
  incident: 'seed 002: a worker dies with tasks in hand',
  symptoms: [
    'WorkerLostError: Worker exited prematurely: signal 9 (SIGKILL)',
    'Out of memory: Killed process (celery)',
    '任务一直处于 pending 状态',
    'Restoring unacknowledged message(s)',
  ],
  start: '2025-08-16T13:29:00+08:00',
  pipeline: { kind: 'generation', frontEnd: { asksAgain: { times: 0 } } },
  load: { kind: 'arrivals', rate: '4.7/s', for: '20m', process: 'poisson' },
  warmup: '2m',
  faults: [crash],
  fingerprint: { 'item_discarded{stage:queue,class:job-lost}': ['count>=5'] },
  thresholds: { item_lost: ['count==0'], item_duration: ['max<10m'] },
  brief: { load: { rate: '4/s', for: '5m' }, warmup: '20s', faults: [briefly] },
  variants: {
    baseline: {
      about: 'Acknowledged early: Celery as it comes',
      expect: { breach: ['item_lost'] },
    },
    late: {
      about: 'Acknowledged late, taken again after three minutes',
      pipeline: { acknowledge: 'late', visibilityTimeout: '3m' },
    },
    asksAgain: {
      about: 'Lost, and asked for again by the front end after five minutes',
      pipeline: { frontEnd: { asksAgain: { after: '5m', times: 1 } } },
    },
  },
})
