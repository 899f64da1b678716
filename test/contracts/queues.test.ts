// What every world promises those who use its queues: tries, backoff, leases, and that a job is taken at least once.
import { afterAll, describe, expect, test } from 'vitest'
import type { ConsumeOptions, JobEnd, JobOptions } from '../../src/worlds/world.ts'
import { ended, inject, type Main, withoutTimes } from '../run/play.ts'
import type { Contract } from './arms.ts'
import { partArms } from './part-arms.ts'

type Work = (key: string, wait: (ms: number) => Promise<void>) => Promise<JobEnd>

const LATE = { concurrency: 1, acknowledge: 'late' } as const
const EARLY = { concurrency: 1, acknowledge: 'early' } as const
const redis = { redis: { persists: true } }

/** Adds jobs after half a second, and says what was not taken. */
const adds =
  (...jobs: readonly JobOptions[]): Main =>
  async (host, tell) => {
    await host.clock.sleep(500)
    for (const job of jobs) {
      const said = await ended(host.queue('tasks').add(job.key, { timeoutMs: 2_000, ...job }))
      if (said !== 'ok') tell(`${job.key} ${said}`)
    }
  }

const worker =
  (options: ConsumeOptions, work: Work = async () => 'done'): Main =>
  (host, tell) => {
    host.queue('tasks').consume(async (data, { attempt, isLast, earlierDeliveries }) => {
      const key = String(data)
      const again = earlierDeliveries > 0 ? ` again ${earlierDeliveries}` : ''
      tell(`takes ${key}, try ${attempt}${isLast ? ' (last)' : ''}${again}`)
      const end = await work(key, (ms) => host.clock.sleep(ms))
      tell(`${key} ${end}`)
      return end
    }, options)
  }

const takes =
  (ms: number): Work =>
  async (_key, wait) => {
    await wait(ms)
    return 'done'
  }
const for2s = takes(2_000)

/** The second waits while the first is worked on. */
const twoJobs = { worker: worker(LATE, for2s), api: adds({ key: '1' }, { key: '2' }) }
const bothDone = [
  'worker: takes 1, try 1 (last)',
  'worker: 1 done',
  'worker: takes 2, try 1 (last)',
  'worker: 2 done',
]

const bodies: Readonly<Record<string, Contract & { readonly expected: readonly string[] }>> = {
  'jobs are taken in order, as many at a time as there are slots': {
    hosts: {
      worker: worker({ ...LATE, concurrency: 2 }, async (key, wait) => {
        await wait(key === '1' ? 1_200 : 400)
        return 'done'
      }),
      api: adds({ key: '1' }, { key: '2' }, { key: '3' }),
    },
    expected: [
      'worker: takes 1, try 1 (last)',
      'worker: takes 2, try 1 (last)',
      'worker: 2 done',
      'worker: takes 3, try 1 (last)',
      'worker: 3 done',
      'worker: 1 done',
    ],
  },
  'a job that fails is tried as often as it may be': {
    hosts: {
      worker: worker(LATE, async () => 'again'),
      api: adds({ key: '1', attempts: 2 }),
    },
    expected: [
      'worker: takes 1, try 1',
      'worker: 1 again',
      'worker: takes 1, try 2 (last) again 1',
      'worker: 1 again',
    ],
  },
  'acknowledged early, too': {
    hosts: {
      worker: worker(EARLY, async () => 'again'),
      api: adds({ key: '1', attempts: 2 }),
    },
    expected: [
      'worker: takes 1, try 1',
      'worker: 1 again',
      'worker: takes 1, try 2 (last) again 1',
      'worker: 1 again',
    ],
  },
  'one that no other try would help is not tried again': {
    hosts: { worker: worker(LATE, async () => 'failed'), api: adds({ key: '1', attempts: 3 }) },
    expected: ['worker: takes 1, try 1', 'worker: 1 failed'],
  },
  'backoff: another job goes first': {
    hosts: {
      worker: worker(LATE, async (key) => (key === '1' ? 'again' : 'done')),
      api: adds(
        {
          key: '1',
          attempts: 2,
          backoff: { kind: 'fixed', delayMs: 1_000, maxMs: 1_000, jitter: 'none' },
        },
        { key: '2' },
      ),
    },
    expected: [
      'worker: takes 1, try 1',
      'worker: 1 again',
      'worker: takes 2, try 1 (last)',
      'worker: 2 done',
      'worker: takes 1, try 2 (last) again 1',
      'worker: 1 again',
    ],
  },
  'a job whose name is there already is not taken': {
    hosts: {
      worker: worker(LATE, for2s),
      api: adds({ key: '1', id: 'one' }, { key: '2', id: 'one' }, { key: '3', id: 'three' }),
    },
    forMs: 6_000,
    expected: [
      'worker: takes 1, try 1 (last)',
      'worker: 1 done',
      'worker: takes 3, try 1 (last)',
      'worker: 3 done',
    ],
  },
  'a worker that dies: late, another takes the job; the try is the same': {
    hosts: {
      'worker-1': worker({ ...LATE, visibilityTimeoutMs: 1_000 }, for2s),
      'worker-2': async (host, tell) => {
        await host.clock.sleep(800)
        await worker({ ...LATE, visibilityTimeoutMs: 1_000 }, for2s)(host, tell)
      },
      api: adds({ key: '1', attempts: 3 }),
    },
    faults: [inject(1_000, 9_000, { kind: 'host.crash', host: 'worker-1' })],
    forMs: 8_000,
    expected: ['worker-1: takes 1, try 1', 'worker-2: takes 1, try 1 again 1', 'worker-2: 1 done'],
  },
  'a worker that dies: early, its job is lost': {
    hosts: {
      'worker-1': worker(EARLY, for2s),
      'worker-2': async (host, tell) => {
        await host.clock.sleep(800)
        await worker(EARLY)(host, tell)
      },
      api: adds({ key: '1', attempts: 3 }),
    },
    faults: [inject(1_000, 9_000, { kind: 'host.crash', host: 'worker-1' })],
    forMs: 8_000,
    expected: ['worker-1: takes 1, try 1'],
  },
  'a worker that stands still: another takes the job, and it is done twice': {
    hosts: {
      'worker-1': worker({ ...LATE, visibilityTimeoutMs: 1_000 }, for2s),
      'worker-2': async (host, tell) => {
        await host.clock.sleep(800)
        await worker({ ...LATE, visibilityTimeoutMs: 1_000 })(host, tell)
      },
      api: adds({ key: '1' }),
    },
    faults: [inject(1_000, 5_000, { kind: 'host.pause', host: 'worker-1' })],
    forMs: 8_000,
    expected: [
      'worker-1: takes 1, try 1 (last)',
      'worker-2: takes 1, try 1 (last) again 1',
      'worker-2: 1 done',
      'worker-1: 1 done',
    ],
  },
  'leases that nobody renews: work that takes longer is done twice': {
    hosts: {
      'worker-1': worker({ ...LATE, visibilityTimeoutMs: 1_000, renews: false }, takes(4_000)),
      'worker-2': async (host, tell) => {
        await host.clock.sleep(800)
        await worker(LATE)(host, tell)
      },
      api: adds({ key: '1' }),
    },
    forMs: 8_000,
    expected: [
      'worker-1: takes 1, try 1 (last)',
      'worker-2: takes 1, try 1 (last) again 1',
      'worker-2: 1 done',
      'worker-1: 1 done',
    ],
  },
  'leases that are renewed last as long as the work': {
    hosts: {
      'worker-1': worker({ ...LATE, visibilityTimeoutMs: 1_000 }, for2s),
      'worker-2': async (host, tell) => {
        await host.clock.sleep(800)
        await worker({ ...LATE, visibilityTimeoutMs: 1_000 })(host, tell)
      },
      api: adds({ key: '1' }),
    },
    forMs: 8_000,
    expected: ['worker-1: takes 1, try 1 (last)', 'worker-1: 1 done'],
  },
  'a job that stalls oftener than it may is dropped, whatever its tries': {
    hosts: {
      worker: worker(
        { ...LATE, concurrency: 5, visibilityTimeoutMs: 1_000, renews: false, maxStalls: 1 },
        async (_key, wait) => {
          await wait(60_000)
          return 'done'
        },
      ),
      api: adds({ key: '1', attempts: 9 }),
    },
    forMs: 8_000,
    expected: ['worker: takes 1, try 1', 'worker: takes 1, try 1 again 1'],
  },
  'no broker: jobs are refused, and taken again once it is back': {
    hosts: {
      worker: worker(LATE),
      api: async (host, tell) => {
        await adds({ key: '1' })(host, tell)
        await host.clock.sleep(3_500)
        await adds({ key: '2' })(host, tell)
      },
    },
    faults: [inject(200, 2_500, { kind: 'redis.down' })],
    forMs: 8_000,
    expected: ['api: 1 refused', 'worker: takes 2, try 1 (last)', 'worker: 2 done'],
  },
  'a broker that persists keeps what waits over a restart': {
    hosts: twoJobs,
    faults: [inject(1_000, 1_500, { kind: 'redis.down' })],
    forMs: 9_000,
    expected: bothDone,
  },
  'one that does not has lost it': {
    uses: { redis: { persists: false } },
    hosts: twoJobs,
    faults: [inject(1_000, 1_500, { kind: 'redis.down' })],
    forMs: 9_000,
    expected: ['worker: takes 1, try 1 (last)', 'worker: 1 done'],
  },
  'a broker that is full says so': {
    hosts: { worker: worker(LATE), api: adds({ key: '1' }) },
    faults: [inject(200, 5_000, { kind: 'redis.full' })],
    forMs: 4_000,
    expected: ['api: 1 error OOM'],
  },
  'one that fills up while it is down is full once it is back, until that is over': {
    hosts: {
      worker: worker(LATE),
      api: async (host, tell) => {
        for (const key of ['1', '2', '3']) {
          await adds({ key })(host, tell)
          await host.clock.sleep(3_000)
        }
      },
    },
    faults: [
      inject(200, 2_500, { kind: 'redis.down' }),
      inject(1_000, 5_000, { kind: 'redis.full' }),
    ],
    forMs: 11_000,
    expected: [
      'api: 1 refused',
      'api: 2 error OOM',
      'worker: takes 3, try 1 (last)',
      'worker: 3 done',
    ],
  },
  'one whose memory is given back while it is down has it once it is back': {
    hosts: {
      worker: worker(LATE),
      api: async (host, tell) => {
        await host.clock.sleep(3_500)
        await adds({ key: '1' })(host, tell)
      },
    },
    faults: [
      inject(200, 1_500, { kind: 'redis.full' }),
      inject(1_000, 2_000, { kind: 'redis.down' }),
    ],
    forMs: 8_000,
    expected: ['worker: takes 1, try 1 (last)', 'worker: 1 done'],
  },
  'a slow broker answers late': {
    hosts: {
      worker: worker(LATE),
      api: adds({ key: '1', timeoutMs: 500 }, { key: '2', timeoutMs: 5_000 }),
    },
    faults: [inject(200, 9_000, { kind: 'redis.slow', by: '1s' })],
    forMs: 9_000,
    expected: [
      'api: 1 read-timeout',
      'worker: takes 1, try 1 (last)',
      'worker: 1 done',
      'worker: takes 2, try 1 (last)',
      'worker: 2 done',
    ],
  },
  'a flush leaves nothing that waits': {
    hosts: twoJobs,
    faults: [inject(1_000, 1_000, { kind: 'redis.flush' })],
    forMs: 9_000,
    expected: ['worker: takes 1, try 1 (last)', 'worker: 1 done'],
  },
  'nobody empties what is down': {
    hosts: twoJobs,
    faults: [
      inject(1_000, 1_500, { kind: 'redis.down' }),
      inject(1_500, 1_000, { kind: 'redis.flush' }),
    ],
    forMs: 9_000,
    expected: bothDone,
  },
}

describe.each(partArms('redis'))('in $name', (arm) => {
  afterAll(() => arm.close?.())
  for (const [title, { expected, ...contract }] of Object.entries(bodies))
    test(title, { timeout: 90_000 }, async () => {
      const { told } = await arm.play({ forMs: 5_000, uses: redis, ...contract })
      expect(withoutTimes(told)).toEqual(expected)
    })
})
