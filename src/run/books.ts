// The books of a run: opened before it begins, whatever the world, and read when it is over.
import type { Observer } from '../metrics/history.ts'
import { Ledger } from '../metrics/ledger.ts'
import { Recorder } from '../metrics/recorder.ts'
import { RecoveryWatch } from '../metrics/recovery.ts'
import { Trace } from '../metrics/trace.ts'
import type { IsUpstream } from '../metrics/upstream-calls.ts'
import { type PipelineDefinition, routesOf } from '../pipelines/pipeline.ts'
import { type Plan, windowsOf } from './plan.ts'

export interface Books {
  readonly trace: Trace
  readonly ledger: Ledger
  readonly recorder: Recorder
  /** Where there are faults to recover from. */
  readonly recovery: RecoveryWatch | undefined
}

export function openBooks(plan: Plan, observer: Observer | undefined): Books {
  const { pipeline } = plan
  const windows = windowsOf(plan)
  const trace = new Trace(observer)
  const names = routesOf(pipeline, plan.scenario.pipeline)
  const recorder = new Recorder(windows, trace, names, upstreamsOf(plan))
  // A series that is there from the start shows its first increase, too.
  for (const line of pipeline.lines) recorder.log(line)
  for (const name of ['broken_pipes', ...countersOf(pipeline)]) recorder.counter(name)
  const ledger = new Ledger(windows, trace, names, pipeline.outcomes)
  ledger.upstreams = recorder.upstreams
  return { trace, recorder, ledger, recovery: recoveryOf(plan) }
}

function recoveryOf({
  scenario,
  faults,
  firstFaultMs,
  loadEndMs,
}: Plan): RecoveryWatch | undefined {
  if (firstFaultMs === undefined) return undefined
  const heals = faults.flatMap(({ injections }) => injections.map(({ toMs }) => toMs))
  const lastHealMs = Math.min(loadEndMs, Math.max(...heals))
  return new RecoveryWatch({
    warmupMs: scenario.warmup,
    firstMs: firstFaultMs,
    lastHealMs,
    loadEndMs,
  })
}

function upstreamsOf({ hosts, pipeline: { routes } }: Plan): IsUpstream {
  const upstreams = new Set(
    hosts.flatMap(({ name, isUpstream }) => (isUpstream === true ? [name] : [])),
  )
  return (to, route) => upstreams.has(to) && routes[route]?.isFree !== true
}

function countersOf({ metrics }: PipelineDefinition): string[] {
  return Object.entries(metrics).flatMap(([name, { type }]) => (type === 'counter' ? [name] : []))
}
