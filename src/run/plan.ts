// The plan of a run: everything decided before anything starts.

import type { FaultDefinition, Timing } from '../faults/fault.ts'
import type { LoadDefinition } from '../load/load.ts'
import { Windows } from '../metrics/windows.ts'
import type { HostPlan, PipelineDefinition } from '../pipelines/pipeline.ts'
import { faultOf, loadOf, pipelineOf, type Resolved } from '../scenario/schema.ts'

/** One injection of a fault, in milliseconds from the start. */
export interface Injection {
  readonly fromMs: number
  readonly toMs: number
}

export interface PlannedFault {
  readonly definition: FaultDefinition
  readonly options: Timing & { readonly kind: string }
  readonly injections: readonly Injection[]
  /** What its draws are keyed by: its name, or its options. */
  readonly key: string
}

export interface Plan {
  readonly scenario: Resolved
  readonly pipeline: PipelineDefinition
  readonly hosts: readonly HostPlan[]
  readonly load: LoadDefinition
  readonly loadEndMs: number
  readonly faults: readonly PlannedFault[]
}

export function planOf(scenario: Resolved): Plan {
  const pipeline = pipelineOf(scenario)
  const load = loadOf(scenario)
  const loadEndMs = load.durationMs(scenario.load)
  return {
    scenario,
    pipeline,
    hosts: pipeline.hosts(scenario.pipeline),
    load,
    loadEndMs,
    faults: scenario.faults.map((options) => planFault(options, scenario.warmup, loadEndMs)),
  }
}

function planFault(
  options: PlannedFault['options'],
  warmupMs: number,
  loadEndMs: number,
): PlannedFault {
  const definition = faultOf(options)
  const firstMs = options.at ?? warmupMs
  const lengthMs = options.for ?? (definition.instant === true ? 0 : Number.POSITIVE_INFINITY)
  const injections: Injection[] = []
  for (
    let fromMs = firstMs;
    fromMs < loadEndMs;
    fromMs += options.every ?? Number.POSITIVE_INFINITY
  )
    // All faults are healed when the load ends, so that what is in flight can settle.
    injections.push({ fromMs, toMs: Math.min(fromMs + lengthMs, loadEndMs) })
  return { definition, options, injections, key: options.name ?? JSON.stringify(options) }
}

export function windowsOf({ scenario, faults: planned }: Plan): Windows {
  const us = (ms: number) => Math.round(ms * 1_000)
  const spans = planned.flatMap(({ options, injections }) =>
    injections.map(({ fromMs, toMs }) => ({
      fromUs: us(fromMs),
      toUs: us(toMs),
      name: options.name,
    })),
  )
  const windows = Object.entries(scenario.windows).map(([name, { at, for: forMs }]) => ({
    fromUs: us(at),
    toUs: us(at + (forMs ?? Number.POSITIVE_INFINITY)),
    name,
  }))
  return new Windows(us(scenario.warmup), spans, windows)
}
