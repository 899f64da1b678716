// The shape of a scenario: what `defineScenario` types, YAML and JSON are checked against, and the JSON Schema says.
import { z } from 'zod'
import { must } from '../base/assert.ts'
import { duration, positiveDuration, share, tagName } from '../base/fields.ts'
import type { FaultDefinition } from '../faults/fault.ts'
import * as faultFamily from '../faults/index.ts'
import * as loadFamily from '../load/index.ts'
import type { LoadDefinition } from '../load/load.ts'
import * as pipelineFamily from '../pipelines/index.ts'
import type { PipelineDefinition } from '../pipelines/pipeline.ts'
import { alertSchema } from '../verdict/alerts.ts'

/** Under this a scenario carries what its own modules define: code, which no message to a thread can hold. */
export const OWN: unique symbol = Symbol('own kinds')

export const faults: readonly FaultDefinition[] = Object.values(
  faultFamily,
) as unknown as FaultDefinition[]
export const loads: readonly LoadDefinition[] = Object.values(
  loadFamily,
) as unknown as LoadDefinition[]
export const pipelines: readonly PipelineDefinition[] = Object.values(
  pipelineFamily,
) as unknown as PipelineDefinition[]

/** What the modules of one scenario define; the `kind` of each is the path of its file, as the scenario has it. */
export interface OwnKinds {
  readonly pipelines: readonly PipelineDefinition[]
  readonly loads: readonly LoadDefinition[]
  readonly faults: readonly FaultDefinition[]
}

/** The definitions that a read scenario relies on: the schema has let no other kind through. */
export const pipelineOf = ({
  pipeline,
  [OWN]: own,
}: Pick<Resolved, 'pipeline' | typeof OWN>): PipelineDefinition => {
  const definition = must(
    [...(own?.pipelines ?? []), ...pipelines].find((p) => p.kind === pipeline.kind),
    'the schema knows the pipeline',
  )
  return definition.given === undefined
    ? definition
    : { ...definition, ...definition.given(pipeline) }
}
export const loadOf = ({ load, [OWN]: own }: Pick<Resolved, 'load' | typeof OWN>): LoadDefinition =>
  must(
    [...(own?.loads ?? []), ...loads].find((l) => l.kind === load.kind),
    'the schema knows the load',
  )
export const faultOf = (
  { [OWN]: own }: Pick<Resolved, typeof OWN>,
  { kind }: { readonly kind: string },
): FaultDefinition =>
  must(
    [...(own?.faults ?? []), ...faults].find((f) => f.kind === kind),
    'the schema knows the fault',
  )

/** k6's executors, for those who write them from habit. */
export const K6_EXECUTORS: Readonly<Record<string, string>> = {
  'constant-arrival-rate': 'arrivals',
  'ramping-arrival-rate': 'ramp',
  'constant-vus': 'closed',
  'ramping-vus': 'closed',
  'per-vu-iterations': 'closed',
  'shared-iterations': 'closed',
  'externally-controlled': 'closed',
}

const { generation, inference, process } = pipelineFamily
/** A pipeline that is no model, and of the real world alone. */
export const foreign = z.strictObject({ kind: z.literal(process.kind), ...process.options.shape })
export const pipeline = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('generation'), ...generation.options.shape }),
  z.strictObject({ kind: z.literal('inference'), ...inference.options.shape }),
])
type FaultSchemas = {
  [K in keyof typeof faultFamily]: (typeof faultFamily)[K]['options']
}[keyof typeof faultFamily]
type LoadSchemas = {
  [K in keyof typeof loadFamily]: (typeof loadFamily)[K]['options']
}[keyof typeof loadFamily]
export const fault = z.discriminatedUnion(
  'kind',
  Object.values(faultFamily).map((f) => f.options) as [FaultSchemas, ...FaultSchemas[]],
)
export const load = z.discriminatedUnion(
  'kind',
  Object.values(loadFamily).map((l) => l.options) as [LoadSchemas, ...LoadSchemas[]],
)

const judged = z.record(z.string(), z.array(z.string().min(1)).min(1))

const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/

/** A time without its zone would be another moment on another machine. */
const start = z
  .string()
  .refine((text) => DATE.test(text) && !Number.isNaN(Date.parse(text)), {
    error: 'not a date; write 2025-11-12 or, with its zone, 2025-11-12T03:37:41+08:00',
  })
  .meta({ pattern: DATE.source })
  .transform((text) => Date.parse(text))

/** A stretch of the run that thresholds may ask for by its name; `at` counts from the run's start. */
const window = z.strictObject({
  at: duration,
  for: positiveDuration.optional().meta({ description: 'Default: to the end of the run' }),
})

const expectation = z.strictObject({
  breach: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'The thresholds that this variant must breach' }),
  fingerprint: z
    .enum(['met', 'missed'])
    .default('met')
    .meta({ description: 'missed: the facts refute this candidate' }),
  holds: share.optional().meta({ description: 'The same as `holds` beside it' }),
})

/** What base, brief and variants may all set. */
const settings = {
  about: z.string().optional().meta({ description: 'One sentence: what this variant tries' }),
  pipeline,
  load,
  start: start.prefault('2025-01-01T00:00:00Z').meta({ description: "The run's calendar" }),
  warmup: duration.default(0).meta({ description: 'Left out of every metric' }),
  settle: positiveDuration
    .prefault('10m')
    .meta({ description: 'How long to wait for what is in flight at the end' }),
  pending: z.enum(['forbidden', 'allowed']).default('forbidden'),
  faults: z.array(fault).default([]),
  windows: z
    .record(tagName, window)
    .default({})
    .meta({ description: 'Stretches of the run, by name, for the tag {window:name}' }),
  fingerprint: judged.default({}).meta({ description: 'What proves that the incident reproduced' }),
  thresholds: judged.default({}).meta({ description: 'The SLOs, in k6 grammar' }),
  alerts: z.array(alertSchema).default([]),
  expect: expectation.prefault({}),
  holds: share
    .optional()
    .meta({ description: 'Share of the seeds that must end as expected; default all' }),
}

/** A scenario after merging: one variant, whole or brief. */
export const resolvedSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u, 'a name is letters, digits, spaces, . _ -')
    .optional(),
  incident: z.string().optional().meta({ description: 'Which incident this replays' }),
  symptoms: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'Log lines and errors as people see them' }),
  ...settings,
})
export type Resolved = z.output<typeof resolvedSchema> & {
  readonly [OWN]?: OwnKinds
  /** Where its own kinds are defined: the file of each, for threads, which load it again. */
  readonly modules?: Readonly<Record<string, string>>
}

/** The schema of a scenario that may name kinds of its own, too. */
export function schemaWith(own: OwnKinds): z.ZodType<Resolved> {
  const isPlain = own.pipelines.length + own.loads.length + own.faults.length === 0
  return isPlain ? everyKind : extended(own)
}

function extended(own: OwnKinds): z.ZodType<Resolved> {
  const [first, ...rest] = [...own.faults.map((f) => f.options), ...fault.options]
  return resolvedSchema.extend({
    pipeline: z.discriminatedUnion('kind', [
      ...pipeline.options,
      foreign as unknown as (typeof pipeline.options)[number],
      ...(own.pipelines.map((p) => p.options) as unknown as typeof pipeline.options),
    ]),
    load: z.discriminatedUnion('kind', [
      ...load.options,
      ...(own.loads.map((l) => l.options) as unknown as typeof load.options),
    ]),
    faults: z
      .array(z.discriminatedUnion('kind', [first, ...rest] as unknown as typeof fault.options))
      .default([]),
  }) as unknown as z.ZodType<Resolved>
}

const everyKind = extended({ pipelines: [], loads: [], faults: [] })

/** The four keys that replace instead of merging. */
export const REPLACED = ['faults', 'thresholds', 'fingerprint', 'alerts'] as const

/** As a file may write it: frozen, or out of constants, alike. */
type Written<T> = T extends object ? { readonly [K in keyof T]: Written<T[K]> } : T
type Part<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Part<T[K]> }
    : T
type Bundled = Written<z.input<typeof resolvedSchema>>
/** A kind of one's own: the path of its module, relative to the scenario's file, and its options. */
type Own = {
  readonly kind: `./${string}` | `../${string}` | `/${string}`
  readonly [option: string]: unknown
}
type Input = Omit<Bundled, 'pipeline' | 'load' | 'faults'> & {
  readonly pipeline: Bundled['pipeline'] | z.input<typeof foreign> | Own
  readonly load: Bundled['load'] | Own
  readonly faults?: readonly (NonNullable<Bundled['faults']>[number] | Own)[] | undefined
}
type Settings = Omit<Input, 'name' | 'incident' | 'symptoms'>

export type VariantInput = Part<Settings> & { readonly brief?: Part<Settings> }
/** What a scenario file says. */
export type ScenarioInput = Input & {
  /** The same incident in small: at most 7 simulated minutes, 5 items/s, 200 keys. */
  readonly brief?: Part<Settings>
  readonly variants?: Readonly<Record<string, VariantInput>>
}

/** For types: returns what it is given. */
export function defineScenario(scenario: ScenarioInput): ScenarioInput {
  return scenario
}

export const TOP_LEVEL = [...Object.keys(resolvedSchema.shape), 'brief', 'variants']
export const IN_VARIANT = [...Object.keys(settings), 'brief']
export const IN_BRIEF = Object.keys(settings)
