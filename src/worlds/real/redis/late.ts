// Late acknowledgement: BullMQ's own worker, whose leases, renewals and stalled jobs are what the port promises.
import type { Job, WorkerOptions } from 'bullmq'
import {
  CallError,
  type ConsumeOptions,
  DEFAULT_MAX_STALLS,
  DEFAULT_VISIBILITY_MS,
  type HandleJob,
  RECONNECT_MS,
} from '../../world.ts'
import { classifyRedis } from './access.ts'
import { InHand, pauseMs } from './in-hand.ts'
import type { StoredJob } from './job.ts'
import type { RealQueue } from './queue.ts'

type Bull = Job<StoredJob>

/** How often BullMQ looks for stalled jobs, or oftener where leases are shorter. */
const SWEEP_MS = 30_000
/** What BullMQ calls a job whose worker is gone once too often. */
const STALLED = /stalled more than allowable limit/

export function consumeLate(
  queue: RealQueue,
  handle: HandleJob,
  options: ConsumeOptions,
): Disposable {
  const inHand = new InHand(queue, handle, options.concurrency, false)
  const stopping = { stop: () => {}, isStopped: false }
  void begin(queue, inHand, options, stopping)
  return {
    [Symbol.dispose]: () => {
      stopping.isStopped = true
      stopping.stop()
    },
  }
}

interface Stopping {
  stop: () => void
  isStopped: boolean
}

async function begin(
  queue: RealQueue,
  inHand: InHand,
  options: ConsumeOptions,
  stopping: Stopping,
): Promise<void> {
  const { host, name } = queue
  const { bullmq, prefix } = host.setup
  const connection = await host.lasting()
  if (host.life.dead || stopping.isStopped) return
  const ending = new Map<string, number>()
  const work = async (bull: Bull): Promise<void> => {
    const lease = leaseOf(bull)
    const end = await inHand.work(bull.data, lease)
    ending.set(bull.id ?? '', host.setup.calling.time.nowUs)
    if (end === 'done') return
    if (end === 'failed') throw new bullmq.UnrecoverableError('no other try would help')
    // Nobody said how it ended, and nobody will try it again.
    if (lease.isLast) queue.meter.lost(bull.data.key)
    else queue.meter.waits(bull.data.key, pauseMs(queue, bull.data, lease.attempt))
    throw new Error('this try failed')
  }
  const worker = new bullmq.Worker<StoredJob>(name, work, {
    connection,
    prefix,
    ...settings(queue, options),
  })
  const ended = (bull: Bull | undefined) => {
    const id = bull?.id ?? ''
    const sinceUs = ending.get(id)
    if (sinceUs === undefined || bull === undefined) return
    ending.delete(id)
    host.calls.happened('finish', bull.data.key, sinceUs)
  }
  worker.on('completed', ended)
  worker.on('failed', (bull, error) => {
    if (bull !== undefined && STALLED.test(error.message)) queue.meter.lost(bull.data.key)
    else ended(bull)
  })
  worker.on('locksRenewed', () => host.calls.happened('renew', '', host.setup.calling.time.nowUs))
  worker.on('error', (error) => {
    const failure = classifyRedis(error)
    if (!(failure instanceof CallError) || failure.class !== 'error') return
    const { nowUs } = host.setup.calling.time
    host.calls.happened('finish', '', nowUs, failure)
  })
  host.life.onDeath.add(() => void worker.close(true).catch(() => {}))
  stopping.stop = () => void worker.close().catch(() => {})
  if (host.life.dead) void worker.close(true).catch(() => {})
}

function leaseOf({ attemptsMade, attemptsStarted, data }: Bull) {
  const attempt = attemptsMade + 1
  return {
    attempt,
    isLast: attempt >= data.attempts,
    earlierDeliveries: attemptsStarted - 1,
  }
}

function settings(queue: RealQueue, options: ConsumeOptions): Omit<WorkerOptions, 'connection'> {
  const { host } = queue
  const { visibilityTimeoutMs = DEFAULT_VISIBILITY_MS, maxStalls = DEFAULT_MAX_STALLS } = options
  return {
    concurrency: options.concurrency,
    lockDuration: host.wallMs(visibilityTimeoutMs),
    skipLockRenewal: options.renews === false,
    stalledInterval: host.wallMs(Math.min(SWEEP_MS, visibilityTimeoutMs)),
    maxStalledCount: Math.min(maxStalls, Number.MAX_SAFE_INTEGER),
    runRetryDelay: host.wallMs(RECONNECT_MS),
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    settings: {
      backoffStrategy: (attempt, _kind, _error, job) => {
        const ms = pauseMs(queue, (job as Bull).data, attempt)
        return ms === 0 ? 0 : host.wallMs(ms)
      },
    },
  }
}
