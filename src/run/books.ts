// The books of a run: opened before it begins, whatever the world, and read when it is over.
import type { Observer } from '../metrics/history.ts'
import { Ledger } from '../metrics/ledger.ts'
import { Recorder } from '../metrics/recorder.ts'
import { Trace } from '../metrics/trace.ts'
import { type PipelineDefinition, routesOf } from '../pipelines/pipeline.ts'
import { type Plan, windowsOf } from './plan.ts'

export interface Books {
  readonly trace: Trace
  readonly ledger: Ledger
  readonly recorder: Recorder
}

export function openBooks(plan: Plan, observer: Observer | undefined): Books {
  const { pipeline } = plan
  const windows = windowsOf(plan)
  const trace = new Trace(observer)
  const names = routesOf(pipeline, plan.scenario.pipeline)
  const recorder = new Recorder(windows, trace, names)
  // A series that is there from the start shows its first increase, too.
  for (const line of pipeline.lines) recorder.log(line)
  for (const name of ['broken_pipes', ...countersOf(pipeline)]) recorder.counter(name)
  return { trace, recorder, ledger: new Ledger(windows, trace, names, pipeline.outcomes) }
}

function countersOf({ metrics }: PipelineDefinition): string[] {
  return Object.entries(metrics).flatMap(([name, { type }]) => (type === 'counter' ? [name] : []))
}
