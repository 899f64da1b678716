// What each way of breaking a queue, its workers, or the requests to and from them looks like, one variant each.
//
// Asserted: what is lost, and by which class. A queue that is down, full or emptied loses what was to be queued or what
// waited, unless it persists and the front end asks again; a slow one loses nothing. A worker that dies takes what it had
// in hand with it where tasks are acknowledged early; late, they are done again, as they are when it only stands still.
// A narrow line is late. Requests that arrive twice are paid for once with the key. Callers that hang up have their work
// done, and paid for, all the same. An upstream that degrades sheds, and is asked again.
//
// No incident: it is what both worlds are compared by, fault for fault.
import { defineScenario } from 'aftershock'

const during = { at: '20s', for: '10s' } as const
const lost = { breach: ['item_lost'] }
/** The only worker is not there: what comes meanwhile waits, as much of it in either world. */
const alone = { workers: 1, slots: 24 } as const
const away = { kind: 'host.crash', host: 'worker-1', at: '1s', for: '27s' } as const
const gone = { 'item_discarded{stage:queue,class:job-lost}': ['count>=5'] }
const generate = { to: 'seedream', route: 'generate' } as const

export default defineScenario({
  name: 'broken-queue',
  incident:
    'none: what queues, workers and requests look like that are down, slow, full, dead or twice there',
  symptoms: [
    "OOM command not allowed when used memory > 'maxmemory'",
    'job stalled more than allowable limit',
  ],
  start: '2025-08-16T13:37:00+08:00',
  pipeline: {
    kind: 'generation',
    workers: 3,
    slots: 8,
    visibilityTimeout: '20s',
    vision: { time: '500ms' },
    seedream: { time: '2s' },
    segmentation: { time: '500ms' },
    frontEnd: { time: '50ms', patience: '4s', asksAgain: { times: 0 } },
  },
  load: { kind: 'arrivals', rate: '4/s', for: '1m' },
  settle: '3m',
  thresholds: { item_lost: ['rate<0.01'], item_duration: ['p(95)<20s'] },
  brief: { load: { rate: '3/s' }, settle: '1m' },
  variants: {
    down: {
      about: 'Redis is down for 10 s, keeps nothing, and nobody asks again',
      pipeline: { ...alone, redis: { persists: false } },
      faults: [away, { kind: 'redis.down', ...during }],
      fingerprint: { ...gone, 'item_rejected{stage:enqueue,class:refused}': ['count>=20'] },
      thresholds: { item_lost: ['rate<0.01'] },
      expect: lost,
    },
    downAndAsked: {
      about: 'It persists, and the front end asks again',
      pipeline: { frontEnd: { asksAgain: { times: 2, after: '20s' } } },
      faults: [{ kind: 'redis.down', ...during }],
      thresholds: {
        item_lost: ['rate<0.01'],
        'attempts{route:enqueue,class:refused}': ['count>=20'],
      },
    },
    slow: {
      about: 'Every command of 10 s takes 300 ms longer: nothing is lost',
      faults: [{ kind: 'redis.slow', ...during, by: '300ms' }],
      thresholds: {
        item_lost: ['rate<0.01'],
        'attempt_duration{route:enqueue,phase:fault}': ['med>=300ms'],
      },
    },
    full: {
      about: 'It has no memory for 10 s: what comes then is refused',
      faults: [{ kind: 'redis.full', ...during }],
      fingerprint: { 'item_rejected{stage:enqueue,class:error,code:OOM}': ['count>=20'] },
      expect: lost,
    },
    emptied: {
      about: 'Somebody empties it: what waits is gone',
      pipeline: alone,
      faults: [away, { kind: 'redis.flush', at: '25s' }],
      fingerprint: gone,
      thresholds: { item_lost: ['rate<0.01'] },
      expect: lost,
    },
    crashEarly: {
      about: 'Two of three workers die with tasks in hand',
      pipeline: { acknowledge: 'early' },
      faults: [{ kind: 'worker.crash', worker: 'worker-{1,2}', at: '20s', for: '5s' }],
      fingerprint: { 'item_discarded{stage:queue,class:job-lost}': ['count>=2'] },
      thresholds: { item_lost: ['count==0'] },
      expect: lost,
    },
    crashLate: {
      about: 'Acknowledged late: others take them, and nothing is lost',
      pipeline: { acknowledge: 'late' },
      faults: [{ kind: 'worker.crash', worker: 'worker-{1,2}', at: '20s', for: '5s' }],
      thresholds: { item_lost: ['count==0'], item_duration: ['max>20s'] },
    },
    stall: {
      about: 'A worker stands still for half a minute: its tasks are done twice',
      pipeline: { acknowledge: 'late' },
      faults: [{ kind: 'worker.stall', worker: 'worker-1', at: '20s', for: '30s' }],
      thresholds: { item_lost: ['count==0'], item_duration: ['max>20s'] },
    },
    narrow: {
      about: 'The line to the API carries 100 bytes a second: late, and nothing is lost',
      faults: [{ kind: 'bandwidth', ...during, to: 'api', bytesPerSecond: 100 }],
      thresholds: {
        item_lost: ['rate<0.01'],
        'attempt_duration{route:submit,phase:fault}': ['min>500ms', 'max<4s'],
      },
    },
    twice: {
      about: 'Requests arrive twice: with the key each is done once',
      pipeline: { idempotencyKey: true },
      faults: [{ kind: 'duplicate-submit', ...during, to: 'api', route: 'submit', after: '100ms' }],
      thresholds: { item_lost: ['rate<0.01'], upstream_calls_per_success: ['value==3'] },
    },
    hangUp: {
      about: 'Callers hang up on text-to-image after half a second: made, paid for, and lost',
      pipeline: { attempts: { textToImage: 1, task: 1 } },
      faults: [{ kind: 'client.abort', ...during, ...generate, after: '500ms' }],
      fingerprint: {
        'attempts{route:generate,class:aborted,phase:fault}': ['rate>0.9'],
        broken_pipes: ['count>=20'],
      },
      expect: lost,
    },
    degrade: {
      about: 'Text-to-image gets eight times as slow, and well again',
      faults: [
        {
          kind: 'upstream.degrade',
          service: 'seedream',
          at: '15s',
          for: '25s',
          stages: [{ for: '10s', work: 8 }],
        },
      ],
      thresholds: {
        item_lost: ['rate<0.01'],
        'attempt_duration{route:generate,phase:fault}': ['max>10s'],
      },
    },
  },
})
