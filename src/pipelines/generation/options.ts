// The generation pipeline's options: the defaults are the system of 16 August 2025, each mitigation is one of them.
import { z } from 'zod'
import { frontEndOptions } from '../../../mocks/front-end.ts'
import { seedreamOptions } from '../../../mocks/seedream.ts'
import { segmentationOptions } from '../../../mocks/segmentation.ts'
import { visionOptions } from '../../../mocks/vision.ts'
import { count, distribution, positiveDuration } from '../../base/fields.ts'
import { backoff, breaker, retryBudget } from '../resilience/options.ts'

const tries = count.max(100)

/** Of a call to an upstream. */
const timeouts = (connect: string, read: string, total?: string) =>
  z
    .strictObject({
      connect: positiveDuration.prefault(connect),
      read: positiveDuration.prefault(read).meta({ description: 'From its arrival to its answer' }),
      total: total === undefined ? positiveDuration.optional() : positiveDuration.prefault(total),
    })
    .prefault({})
export type StageTimeouts = z.output<ReturnType<typeof timeouts>>

export const options = z.strictObject({
  workers: count.max(200).default(10),
  slots: count.max(1_000).default(20).meta({ description: 'Tasks that a worker has in hand' }),
  acknowledge: z.enum(['early', 'late']).default('early').meta({
    description: 'early: a worker that dies loses its tasks (Celery); late: others take them',
  }),
  visibilityTimeout: positiveDuration
    .prefault('1h')
    .meta({ description: 'late: after this long a task is taken from its worker; never renewed' }),
  redis: z
    .strictObject({
      persists: z.boolean().default(true).meta({ description: 'A restart loses nothing' }),
    })
    .prefault({}),
  database: z
    .strictObject({
      pool: count.max(1_000).default(20).meta({ description: 'Connections of each process' }),
      acquireTimeout: positiveDuration.prefault('30s'),
    })
    .prefault({}),
  attempts: z
    .strictObject({
      task: tries.default(3).meta({ description: 'How often the queue runs a task, in all' }),
      detect: tries.default(3),
      textToImage: tries.default(3),
      removal: tries.default(3),
      image: tries.default(3),
      callback: tries.default(3),
    })
    .prefault({})
    .meta({ description: 'Tries in all of the whole task, and of each stage every time' }),
  timeouts: z
    .strictObject({
      detect: timeouts('10s', '30s'),
      textToImage: timeouts('60s', '60s'),
      removal: timeouts('10s', '20s', '60s'),
      image: timeouts('10s', '30s'),
      callback: timeouts('10s', '30s'),
    })
    .prefault({}),
  resize: distribution
    .prefault({ p50: '28ms', p99: '45ms' })
    .meta({ description: 'Time to decode, shrink and encode a picture' }),
  backoff: backoff.optional(),
  breaker: breaker.optional(),
  retryBudget: retryBudget.optional(),
  deadline: positiveDuration.optional().meta({
    description: 'From asking: no call is made, nor waited for, beyond it',
  }),
  callbackOutbox: z.boolean().default(false).meta({
    description: 'Callbacks are written down with their result, and sent until they are taken',
  }),
  callbackOnFailure: z.boolean().default(false).meta({ description: 'Failures are told, too' }),
  idempotencyKey: z.boolean().default(false).meta({
    description:
      'Asked again, a task that is under way or done is not done again; callbacks have keys',
  }),
  vision: visionOptions.prefault({}),
  seedream: seedreamOptions.prefault({}),
  segmentation: segmentationOptions.prefault({}),
  frontEnd: frontEndOptions.prefault({}),
})

export type Options = z.output<typeof options>
