// The inference pipeline's options: the defaults are the version of 10 November 2025, each mitigation is one of them.
import { z } from 'zod'
import { algorithmServiceOptions } from '../../../mocks/algorithm-service.ts'
import { count, duration, positiveDuration } from '../../base/fields.ts'

export const options = z.strictObject({
  services: count
    .max(200)
    .default(12)
    .meta({ description: 'Algorithm services, on ports from 7901' }),
  tasks: count.max(1_000).default(2).meta({ description: 'Cameras, each a folder in the bucket' }),
  taskType: z
    .string()
    .min(1)
    .regex(/^[^/?#]+$/, 'a task type is one folder name')
    .default('人数统计'),
  scan: z
    .strictObject({
      every: positiveDuration.prefault('1s'),
      existing: z.enum(['queue', 'ignore']).default('queue').meta({
        description:
          'What a start finds in the bucket: queued, though it may be done, or left alone',
      }),
    })
    .prefault({}),
  processedFor: positiveDuration
    .prefault('24h')
    .meta({ description: 'How long the scanner remembers a key' }),
  queue: z.strictObject({ max: count.default(5_000) }).prefault({}),
  concurrency: count.default(100).meta({ description: 'Images in flight' }),
  checks: z.enum(['none', 'stat', 'precheck+stat']).default('none').meta({
    description: 'HEADs before inference: none (10 Nov), stat (13 Nov), precheck+stat (14 Nov)',
  }),
  onNoService: z.enum(['discard', 'hold']).default('discard'),
  presign: z
    .strictObject({
      expiry: positiveDuration.prefault('1h').refine((ms) => ms >= 1_000 && ms <= 604_800_000, {
        error: 'an expiry lies between 1s and 7d',
      }),
    })
    .prefault({}),
  call: z
    .strictObject({
      attempts: count.max(100).default(3).meta({ description: 'Tries in all' }),
      spacing: z
        .array(duration)
        .min(1)
        .prefault(['2s', '4s'])
        .meta({ description: 'Waits between tries; the last repeats' }),
      timeout: positiveDuration.prefault('60s'),
      refetchOn404: z.boolean().default(false).meta({ description: 'A fresh URL for every try' }),
    })
    .prefault({}),
  cancelBeforeBody: z.boolean().default(true).meta({
    description: 'Cancels a call before reading its body: loses every answer not sent in one piece',
  }),
  heartbeat: z
    .strictObject({
      every: positiveDuration.prefault('30s'),
      timeout: positiveDuration.prefault('60s'),
      spread: duration
        .optional()
        .meta({ description: 'Services first beat within this; default one period' }),
      sweep: positiveDuration.prefault('30s'),
    })
    .prefault({}),
  onUnknownHeartbeat: z.enum(['ignore', 'register']).default('ignore'),
  retention: count.default(500).meta({ description: 'Objects that cleanup keeps per task' }),
  protectQueued: z
    .boolean()
    .default(false)
    .meta({ description: 'Cleanup spares what is queued or in flight' }),
  cleanup: z
    .strictObject({
      uploads: count.default(50).meta({ description: 'Runs after so many uploads of a task' }),
      idle: positiveDuration
        .prefault('30s')
        .meta({ description: 'or this long after the last run, with an upload' }),
      every: positiveDuration.prefault('5m').meta({ description: 'and in any case' }),
    })
    .prefault({}),
  keepDetected: z.boolean().default(true).meta({
    description: 'An image that shows something stays where it is; false deletes it once published',
  }),
  imageBytes: count.default(30_000),
  upload: z
    .strictObject({
      attempts: count.max(100).default(1).meta({ description: 'Tries in all' }),
      spacing: duration.prefault('200ms').meta({ description: 'Wait between tries' }),
    })
    .prefault({}),
  publish: z
    .strictObject({
      attempts: count.max(100).default(1).meta({ description: 'Tries in all' }),
      spacing: duration.prefault('100ms').meta({ description: 'Wait between tries' }),
      outbox: z.boolean().default(false).meta({
        description: 'Detections that were not taken wait in memory until the sink takes them',
      }),
    })
    .prefault({}),
  service: algorithmServiceOptions.prefault({}),
})

export type Options = z.output<typeof options>
