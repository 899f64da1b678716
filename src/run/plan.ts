// The plan of a run: everything decided before anything starts.

import type { FaultDefinition, Timing } from '../faults/fault.ts'
import type { LoadDefinition } from '../load/load.ts'
import { Windows } from '../metrics/windows.ts'
import type { HostPlan, PipelineDefinition } from '../pipelines/pipeline.ts'
import { type Injection, injectionsOf } from '../scenario/injections.ts'
import { faultOf, loadOf, pipelineOf, type Resolved } from '../scenario/schema.ts'

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
  /** The first injection of all. */
  readonly firstFaultMs: number | undefined
}

export function planOf(scenario: Resolved): Plan {
  const pipeline = pipelineOf(scenario)
  const load = loadOf(scenario)
  const loadEndMs = load.durationMs(scenario.load)
  const faults = scenario.faults.map((options) => planFault(scenario, options, loadEndMs))
  const firstMs = Math.min(...faults.flatMap(({ injections }) => injections[0]?.fromMs ?? []))
  return {
    scenario,
    pipeline,
    hosts: pipeline.hosts(scenario.pipeline),
    load,
    loadEndMs,
    faults,
    firstFaultMs: Number.isFinite(firstMs) ? firstMs : undefined,
  }
}

function planFault(
  scenario: Resolved,
  options: PlannedFault['options'],
  loadEndMs: number,
): PlannedFault {
  const definition = faultOf(scenario, options)
  const { warmup: warmupMs } = scenario
  const isInstant = definition.instant === true
  const injections = injectionsOf(options, { isInstant, warmupMs, loadEndMs })
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
