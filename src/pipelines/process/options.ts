// The options of `kind: process`: processes in any language, the upstreams that stand in for what they call, and fates.
import { z } from 'zod'
import {
  count,
  distribution,
  duration,
  positiveDuration,
  rate,
  share,
  tagName,
} from '../../base/fields.ts'
import { FATES } from '../../metrics/outcomes.ts'
import { offer, values } from './offer.ts'

/** Read from YAML, JSON or a literal: it can be nothing else. */
const json = z.unknown()
const name = tagName
const texts = z.record(z.string().min(1), z.string())
const regex = z.string().min(1).refine(isRegex, { error: 'not a regular expression' })

function isRegex(text: string): boolean {
  try {
    new RegExp(text)
    return true
  } catch {
    return false
  }
}

const ready = z
  .union([
    z.literal('port'),
    z.strictObject({ path: z.string().regex(/^\//) }),
    z.strictObject({ log: regex }),
  ])
  .default('port')
  .meta({
    description: 'When it takes calls: its port is open, a path answers, a line was written',
  })

const LOOPBACK = /^http:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?\/?$/

export const process = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .meta({ description: 'Program and arguments; may hold templates such as {port}' }),
  attach: z
    .string()
    .regex(LOOPBACK, 'attach takes a process on this machine: http://127.0.0.1:8080')
    .optional()
    .meta({ description: 'One that runs already, instead of a command' }),
  cwd: z.string().min(1).default('.').meta({ description: 'Relative to the scenario file' }),
  env: texts.default({}).meta({
    description: 'All of its environment, but for PATH, HOME, LANG, TMPDIR and passEnv; templates',
  }),
  passEnv: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'Variables that it inherits beside those' }),
  config: z.string().optional().meta({
    description: 'Text of a file to be written for it, a template; its path is {config.file}',
  }),
  ready,
  readyWithin: positiveDuration.prefault('30s').meta({ description: 'Else the run ends with 110' }),
  restart: z.enum(['always', 'never']).default('never').meta({
    description: 'When it ends by itself; what a fault ends comes again when that heals',
  }),
  restartAfter: duration.prefault('1s').meta({ description: 'From its end to its next start' }),
  grace: positiveDuration.prefault('5s').meta({ description: 'From SIGTERM to SIGKILL' }),
  copies: count.max(20).default(1).meta({ description: 'More than one: name-1, name-2, …' }),
  lines: z.record(name, regex).default({}).meta({
    description:
      'Lines of its output by name, each a regular expression; (?<item>…) says of which item',
  }),
})

const route = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH']).default('POST'),
  path: z.string().regex(/^\//).meta({ description: '/heartbeat/:id' }),
  key: z
    .string()
    .regex(
      /^(body|params)\.[\w.-]+$|^headers\.[a-z0-9-]+$/,
      'a key is body.<field>, params.<name> or headers.<name in small letters>',
    )
    .optional()
    .meta({ description: 'Where a call says what it is about' }),
})

const answer = z.strictObject({
  status: z.int().min(100).max(599).default(200),
  body: json.optional().meta({ description: 'A template: {item}, {body.field}, {params.name}' }),
  time: distribution
    .prefault('10ms')
    .meta({ description: 'How long it works, in one of its slots' }),
  atFullLoad: z.number().min(1).max(1_000).default(1).meta({
    description: 'With all slots busy a call takes so many times as long: latency grows with load',
  }),
  fetch: z
    .string()
    .optional()
    .meta({ description: 'A URL that it downloads first: {body.image_url}' }),
  onError: z
    .int()
    .min(400)
    .max(599)
    .default(500)
    .meta({ description: 'Its status where that fails' }),
  failures: share.default(0).meta({ description: 'Share of the calls that fail by themselves' }),
  failWith: z.int().min(400).max(599).default(500).meta({ description: 'Their status' }),
})

const beat = z.strictObject({
  call: z.string().min(1).meta({ description: 'A route of a process, called first' }),
  to: name.meta({ description: 'Which process' }),
  body: json.optional().meta({
    description: 'A template: {host} is its own name, {url} where the process reaches it',
  }),
  params: texts.default({}).meta({ description: 'Of the path: {id: "{host}"}' }),
  // biome-ignore lint/suspicious/noThenProperty: a text cannot be called, and nobody awaits it
  then: z.string().min(1).optional().meta({ description: 'The route that is called from then on' }),
  every: positiveDuration.prefault('30s'),
  onUnknown: z.enum(['ignore', 'register']).default('ignore').meta({
    description: 'When it is answered 400 or 404: call the first again, or go on',
  }),
})

/** A name of the world outside, as DNS has it, and perhaps a port. */
const outside = z
  .string()
  .regex(
    /^(?=.{1,253}(:|$))[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)+(:\d{1,5})?$/,
    {
      error: 'takes a host in small letters, such as ark.cn-beijing.volces.com, without https://',
    },
  )

export const upstream = z.strictObject({
  hosts: z.array(outside).default([]).meta({
    description:
      'Names that the process calls by https or http, whatever the port: they are answered here, through a proxy',
  }),
  routes: z
    .record(z.string().min(1), answer)
    .default({})
    .meta({ description: 'How it answers, by the names in `routes`' }),
  concurrency: count.default(64).meta({ description: 'Calls that it works on at once: its slots' }),
  backlog: z
    .int()
    .min(0)
    .max(100_000)
    .default(128)
    .meta({ description: 'Calls that wait for a slot; more are refused' }),
  quota: rate.optional().meta({ description: 'What is beyond it is answered 429' }),
  copies: count.max(100).default(1).meta({ description: 'More than one: name-1, name-2, …' }),
  calls: z
    .array(beat)
    .default([])
    .meta({ description: 'What it calls by itself: registers, and beats' }),
})
export type Upstream = z.output<typeof upstream>
export type AnswerOptions = z.output<typeof answer>
export type Beat = z.output<typeof beat>

const verdict = {
  fate: z.enum(FATES).exclude(['pending']).optional().meta({
    description: 'Absent: only the cause is noted, and the item goes on',
  }),
  stage: z.string().min(1).optional().meta({ description: 'Where it went wrong' }),
  class: z.string().min(1).optional().meta({
    description: 'What went wrong; default: the deepest failure seen on the wire',
  }),
}
const object = z
  .enum(['never', 'present', 'gone'])
  .optional()
  .meta({ description: "Only where the item's object is so" })
const outcome = z.discriminatedUnion('on', [
  z.strictObject({
    on: z.literal('reply'),
    route: z.string().min(1).meta({
      description:
        'Of `routes`, or put, fetch (any download), head, delete, list, deleteMany, enqueue',
    }),
    result: z.enum(['ok', 'failed']).optional(),
    body: z
      .record(z.string(), json)
      .optional()
      .meta({ description: 'Fields that the JSON of the answer has' }),
    after: z
      .record(z.string(), z.enum(['none', 'ok', 'failed']))
      .optional()
      .meta({ description: "How the item's last call of other routes ended: {infer: none}" }),
    object,
    ...verdict,
  }),
  z.strictObject({
    on: z.literal('log'),
    line: z.string().min(1).meta({ description: 'By its name in `lines` of a process' }),
    object,
    ...verdict,
  }),
  z.strictObject({
    on: z.literal('object'),
    key: z.string().min(1).meta({ description: 'A glob: kept/*.json' }),
    state: z.enum(['present', 'gone']),
    ...verdict,
  }),
  z.strictObject({
    on: z.literal('redis'),
    key: z.string().min(1).meta({ description: 'A glob: celery-task-meta-*' }),
    body: z.record(z.string(), json).optional(),
    ...verdict,
  }),
  z.strictObject({ on: z.literal('offer'), ...verdict }),
  z.strictObject({ on: z.literal('end'), object, ...verdict }),
])

const poll = z
  .strictObject({
    of: name.meta({ description: 'Which process' }),
    route: z.string().min(1),
    field: z.string().min(1).optional().meta({ description: 'Of its JSON: stats.processed' }),
    metric: z
      .string()
      .regex(/^[a-zA-Z_:][\w:]*(\{.*\})?$/, 'takes tasks_total, or tasks_total{state="done"}')
      .optional()
      .meta({ description: 'Of its Prometheus text: tasks_total{state="done"}; samples add up' }),
    every: positiveDuration.prefault('1s'),
  })
  .refine(({ field, metric }) => (field === undefined) !== (metric === undefined), {
    error: 'needs either a `field` of JSON or a `metric` of Prometheus',
  })
export type Poll = z.output<typeof poll>

export const options = z.strictObject({
  processes: z.record(name, process).meta({ description: 'Started together, ended together' }),
  upstreams: z
    .record(name, upstream)
    .default({})
    .meta({ description: 'What stands in for services that the processes call' }),
  routes: z
    .record(z.string().min(1), route)
    .default({})
    .meta({ description: 'Calls by name, as rules and faults speak of them' }),
  offer,
  listen: z.record(z.string().min(1), z.int().min(1).max(65_535)).default({}).meta({
    description:
      'Fixed ports of what it calls: objects, an upstream, proxy; worker.objects for one process of several',
  }),
  values,
  redis: z
    .strictObject({
      persists: z.boolean().default(true).meta({ description: 'A restart of it loses nothing' }),
    })
    .prefault({})
    .meta({ description: 'There where a template names {redis.url}, or the load enters by it' }),
  item: regex
    .default('(\\d{8})')
    .meta({ description: 'How an id is found in a key or a line: its first group' }),
  outcomes: z.array(outcome).min(1).meta({ description: 'The first that matches decides a fate' }),
  reports: z
    .record(name, poll)
    .default({})
    .meta({ description: 'What it says of itself, polled: reported_<name>' }),
})
export type Options = z.output<typeof options>
