// How an item of the load enters somebody else's system: a call, an object, or a message in Redis.
import { z } from 'zod'
import { count, positiveDuration, tagName } from '../../base/fields.ts'

/** Read from YAML, JSON or a literal: it can be nothing else. */
const json = z.unknown()
const texts = z.record(z.string().min(1), z.string())
const timeout = positiveDuration.prefault('60s')

const http = z.strictObject({
  kind: z.literal('http'),
  to: tagName.meta({ description: 'A process; one with copies takes them in turn' }),
  route: z.string().min(1),
  params: texts.default({}).meta({ description: 'Of the path; templates: {id: "{item}"}' }),
  headers: texts.default({}).meta({ description: 'Beside traceparent; templates' }),
  body: json.optional().meta({ description: 'A template: {item}, {values.name}, {traceparent}' }),
  timeout,
})

const bytes = z
  .union([
    count,
    z
      .strictObject({ min: count, max: count })
      .refine(({ min, max }) => max > min, { error: 'max must be above min' }),
    z
      .strictObject({ p50: count, p99: count })
      .refine(({ p50, p99 }) => p99 > p50, { error: 'p99 must be above p50' }),
  ])
  .meta({ description: 'Of an object: 30000, {min, max}, or {p50, p99} of a lognormal' })
export type Bytes = z.output<typeof bytes>

const objects = z.strictObject({
  kind: z.literal('objects'),
  key: z.string().regex(/\{item\}/, 'must hold {item}'),
  bytes: bytes.default(30_000),
  timeout,
})

const redis = z
  .strictObject({
    kind: z.literal('redis'),
    list: z.string().min(1).optional(),
    push: z.enum(['left', 'right']).default('right'),
    stream: z.string().min(1).optional(),
    message: json.meta({
      description: 'A text, or JSON that is given a `traceparent`; of a stream, fields',
    }),
    timeout,
  })
  .refine(({ list, stream }) => (list === undefined) !== (stream === undefined), {
    error: 'needs either a `list` or a `stream`',
  })
  .refine(({ stream, message }) => stream === undefined || isRecord(message), {
    error: 'a stream takes fields: message: {id: "{item}"}',
  })

export const CELERY_ID = '{item}-0000-4000-8000-000000000000'

const celery = z.strictObject({
  kind: z.literal('celery'),
  task: z.string().min(1).meta({ description: 'As the worker knows it: tasks.generate' }),
  args: z.array(json).default([]),
  kwargs: z.record(z.string().min(1), json).default({}),
  queue: z.string().min(1).default('celery'),
  id: z
    .string()
    .regex(/\{item\}/, 'must hold {item}')
    .default(CELERY_ID),
  timeout,
})
export type CeleryOffer = z.output<typeof celery>

const bullmq = z.strictObject({
  kind: z.literal('bullmq'),
  queue: z.string().min(1),
  name: z.string().min(1).default('job'),
  data: json,
  attempts: count.default(1),
  prefix: z.string().min(1).default('bull'),
  timeout,
})

export const offer = z
  .discriminatedUnion('kind', [
    http,
    objects,
    redis,
    celery,
    bullmq,
    z.strictObject({ kind: z.literal('none') }),
  ])
  .meta({ description: 'How an item of the load enters; none: the process makes its own work' })
export type Offer = z.output<typeof offer>

export const values = z
  .record(
    tagName,
    z.union([
      z.array(json).min(1),
      z
        .strictObject({ min: z.int(), max: z.int() })
        .refine(({ min, max }) => max > min, { error: 'max must be above min' }),
    ]),
  )
  .default({})
  .meta({
    description: 'Drawn for each item by the seed: one of a list, or a whole number; {values.name}',
  })
export type Values = z.output<typeof values>

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
