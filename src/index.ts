// The public API: what scenario files and plug-ins import as `aftershock`.

export { AftershockError, BadInputError, ExitCode } from './base/errors.ts'
export { defineFault, type FaultDefinition } from './faults/fault.ts'
export { defineLoad, type LoadDefinition } from './load/load.ts'
export { definePipeline, type PipelineDefinition } from './pipelines/pipeline.ts'
export { defineReporter, type Reporter } from './reporters/reporter.ts'
export type { RunResult, Summary } from './run/result.ts'
export { type RunOptions, run } from './run/scenario.ts'
export { readScenario, type Scenario } from './scenario/read.ts'
export { defineScenario, type ScenarioInput } from './scenario/schema.ts'
export type {
  Answer,
  Call,
  Clock,
  Evidence,
  Handle,
  Hands,
  Host,
  Http,
  Item,
  Json,
  Listing,
  ObjectStore,
  Reply,
  Request,
  Rule,
  Ruling,
} from './worlds/world.ts'
export { CallError } from './worlds/world.ts'
