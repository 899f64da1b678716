// The public API: what scenario files and modules of the user's own import as `aftershock`.

export { z } from 'zod'
export { defineUpstream, noOptions, type UpstreamDefinition } from '../mocks/upstream.ts'
export { must } from './base/assert.ts'
export { type Backoff, backoffMs } from './base/backoff.ts'
export { ByKey, type Keyed } from './base/by-key.ts'
export { compileDistribution, type DistributionSpec } from './base/distribution.ts'
export { AftershockError, BadInputError, ExitCode } from './base/errors.ts'
export {
  count,
  distribution,
  duration,
  glob,
  positiveDuration,
  rate,
  share,
  signedDuration,
  tagName,
} from './base/fields.ts'
export { Fifo } from './base/fifo.ts'
export { numberAtEnd } from './base/number-at-end.ts'
export { hashText, type Random } from './base/random.ts'
export { suggestion } from './base/suggest.ts'
export { Tally } from './base/tally.ts'
export { fill, fillJson, holesIn, type Known, valueAt } from './base/template.ts'
export { formatDuration } from './base/units.ts'
export { defineFault, type FaultDefinition, timing } from './faults/fault.ts'
export { concerning, draw, often, selected, selection } from './faults/often.ts'
export { type Driver, defineLoad, follow, type LoadDefinition } from './load/load.ts'
export {
  definePipeline,
  type HostPlan,
  type PipelineDefinition,
  type RouteSpec,
  type Traffic,
} from './pipelines/pipeline.ts'
export { defineReporter, type Reporter } from './reporters/reporter.ts'
export type { RunResult, Summary } from './run/result.ts'
export { type RunOptions, run } from './run/scenario.ts'
export { readScenario, type Scenario } from './scenario/read.ts'
export { defineScenario, type ScenarioInput } from './scenario/schema.ts'
export { codeIn } from './worlds/error-code.ts'
export { EGRESS_UNMOCKED, type ForeignProcess, PROXY_NAME } from './worlds/foreign.ts'
export { templatesFor } from './worlds/foreign-templates.ts'
export { Ticker } from './worlds/ticker.ts'
export type {
  Answer,
  Call,
  CallOptions,
  Capacity,
  Clock,
  Counter,
  Database,
  EntryRequest,
  Evidence,
  Gauge,
  Gone,
  Hand,
  Handle,
  Hands,
  Host,
  Http,
  HttpEntry,
  Item,
  JobEnd,
  Json,
  KeyedRow,
  Lease,
  Link,
  Listing,
  ObjectInfo,
  ObjectStore,
  PartMeter,
  PartsUsed,
  Reply,
  Request,
  Row,
  Rows,
  Rule,
  Ruling,
  Stage,
  Timeouts,
} from './worlds/world.ts'
export {
  CallError,
  DATABASE_NAME,
  DATABASE_ROUTES,
  pass,
  REDIS_NAME,
  REDIS_ROUTES,
  STORE_NAME,
  STORE_ROUTES,
} from './worlds/world.ts'
