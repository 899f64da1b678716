// What a pipeline is: hosts with a main each, named routes, one way in, and the rules that decide each item's fate.
import type { z } from 'zod'
import type { OutcomeRule } from '../metrics/outcomes.ts'
import type { ForeignProcess } from '../worlds/foreign.ts'
import {
  DATABASE_NAME,
  DATABASE_ROUTES,
  type Host,
  type PartsUsed,
  REDIS_NAME,
  REDIS_ROUTES,
  STORE_NAME,
  STORE_ROUTES,
} from '../worlds/world.ts'

export interface RouteSpec {
  readonly method: string
  /** `/heartbeat/:id`; a query is sent as it stands. */
  readonly path: string
  /** Where a call carries the key it is about: `params.id`, `body.image_path`, `body.params.data.task_id`. */
  readonly key?: string
  /** Of an upstream: a download, say, which is not counted among its calls. */
  readonly isFree?: true
}

export interface HostPlan {
  readonly name: string
  /** A stand-in for what the system calls: a mock. It calls only the hosts that are none, and the store. */
  readonly isUpstream?: boolean
  /** Hosts of the world outside for which it stands in: `api.example.com`, on any port, or `api.example.com:8443`. */
  readonly standsInFor?: readonly string[]
  /** A process that is not ours: it is started instead of `main`. */
  readonly foreign?: ForeignProcess
  main(host: Host): void | Promise<void>
  /** Its work, done once for real before a run in the real world begins: what it loads and makes the first time is slow. */
  prepare?(): Promise<unknown>
}

export interface MetricSpec {
  readonly type: 'gauge' | 'counter'
  readonly help: string
}

export interface BookSpec {
  readonly metric: string
  readonly tags?: Readonly<Record<string, string>>
  readonly aggregation: string
}

/** Calls from one host to another, as they are made on a good day; of one without figures their number is not known. */
export interface Traffic {
  readonly route: string
  readonly from: string
  readonly to: string
  /** On average, for each item of the load. */
  readonly perItem?: number
  readonly perSecond?: number
}

/** A pipeline as its writer gives it. */
export interface PipelineInput<Schema extends z.ZodType = z.ZodType> {
  readonly kind: string
  readonly describe?: string
  readonly options: Schema
  readonly routes: Readonly<Record<string, RouteSpec>>
  /** The host whose `intake` takes the items. */
  readonly entry: string
  /** The route of its `intake`'s HTTP entry, where it declares one; default none. */
  entryRoute?(options: z.output<Schema>): string | undefined
  /** Every host of the system, upstreams included. */
  hosts(options: z.output<Schema>): readonly HostPlan[]
  /** The parts beside the object store; default none. */
  uses?(options: z.output<Schema>): PartsUsed
  /** The index of the item that a key is about, or -1. */
  itemOf(key: string): number
  /** Of an item, by its id: the W3C trace context that it carries in a run with this seed, where it carries one. */
  traceparent?(options: z.output<Schema>, item: string, seed: number): string | undefined
  /** Keys that such a system could hold, to check key globs against. */
  keys(options: z.output<Schema>): Iterable<string>
  /** Fixed ports: of what a host calls, as `host.part`, or as `part` where the first host that is no upstream is meant. */
  listen?(options: z.output<Schema>): Readonly<Record<string, number>>
  /** How long its presigned URLs live, seconds: what a speed must leave possible. */
  presigns?(options: z.output<Schema>): readonly number[]
  /** All calls of the routes that it names; how many a route has that is not among them cannot be told beforehand. */
  traffic?(options: z.output<Schema>): readonly Traffic[]
  readonly outcomes: readonly OutcomeRule[]
  /** Gauges and counters that the hosts keep. */
  readonly metrics?: Readonly<Record<string, MetricSpec>>
  /** What the system says of itself, by name without `reported_`. */
  readonly reports?: Readonly<Record<string, string>>
  /** Which measured figure each of those claims to be. */
  readonly books?: Readonly<Record<string, BookSpec>>
  /** Parts beside the hosts and the store whose use it measures. */
  readonly parts?: readonly string[]
  /** Lines that it logs. */
  readonly lines?: readonly string[]
  /** Asked for in every run, unless a scenario asks something else of the same metric. */
  readonly thresholds?: Readonly<Record<string, readonly string[]>>
  /** Where it runs; default: in both. */
  readonly worlds?: readonly ('virtual' | 'real')[]
  /** What no rule explains need not be lost: it is somebody else's system, and not all of it is seen. */
  readonly mayBeUnexplained?: boolean
  /** The options with the files and folders that they name, which are relative to the scenario's. */
  place?(options: z.output<Schema>, folder: string): z.output<Schema>
  /** What is wrong with options that have the right shape. */
  check?(options: z.output<Schema>): readonly Wrong[]
  /** What of all this depends on the options. */
  given?(options: z.output<Schema>): Given
}

/** A mistake, and where in the options it stands. */
export interface Wrong {
  readonly path: readonly (string | number)[]
  readonly message: string
}

export type Given = Partial<
  Pick<
    PipelineDefinition,
    | 'routes'
    | 'outcomes'
    | 'itemOf'
    | 'metrics'
    | 'reports'
    | 'books'
    | 'parts'
    | 'lines'
    | 'thresholds'
  >
>

/** The same, with nothing left out. */
export interface PipelineDefinition<Schema extends z.ZodType = z.ZodType>
  extends PipelineInput<Schema> {
  readonly describe: string
  readonly metrics: Readonly<Record<string, MetricSpec>>
  readonly reports: Readonly<Record<string, string>>
  readonly books: Readonly<Record<string, BookSpec>>
  readonly parts: readonly string[]
  readonly lines: readonly string[]
}

const NOTHING_MORE = { metrics: {}, reports: {}, books: {}, parts: [], lines: [] } as const

/** Gives a pipeline what was left out of it: it measures, says and logs nothing of its own. */
export function definePipeline<Schema extends z.ZodType>(
  definition: PipelineInput<Schema>,
): PipelineDefinition<Schema> {
  return { describe: definition.kind, ...NOTHING_MORE, ...definition }
}

/** Every route that a system's calls can have, in the order in which they are numbered. */
export function routesOf(pipeline: PipelineDefinition, options: unknown): string[] {
  const { redis, database } = pipeline.uses?.(options) ?? {}
  return [
    ...STORE_ROUTES,
    ...Object.keys(pipeline.routes),
    ...(redis === undefined ? [] : REDIS_ROUTES),
    ...(database === undefined ? [] : DATABASE_ROUTES),
  ]
}

/** The parts that a system uses: they stand beside its hosts where calls are told by who is called. */
export function partNamesOf(pipeline: PipelineDefinition, options: unknown): string[] {
  const { redis, database } = pipeline.uses?.(options) ?? {}
  return [
    STORE_NAME,
    ...(redis === undefined ? [] : [REDIS_NAME]),
    ...(database === undefined ? [] : [DATABASE_NAME]),
  ]
}
