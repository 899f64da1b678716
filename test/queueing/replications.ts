// Replications: the same plan run once for each seed, and the metrics of a scenario read from each run.
import { must } from '../../src/base/assert.ts'
import type { RunEvent } from '../../src/metrics/history.ts'
import type { PipelineDefinition } from '../../src/pipelines/pipeline.ts'
import { type Plan, planOf } from '../../src/run/plan.ts'
import { runPlan } from '../../src/run/run.ts'
import { resolvedSchema, type ScenarioInput } from '../../src/scenario/schema.ts'

/**
 * The mean service time that all of these worlds share. Beside it what theory leaves out, a network's millisecond, is
 * a hundred-thousandth.
 */
export const SERVICE_MS = 20_000

export const ms = (time: number): string => `${time}ms`

/** What is measured of a steady state: after the warm-up, and before the load stops. */
export const STEADY = 'phase:before'

type Written = Pick<ScenarioInput, 'load' | 'warmup' | 'faults' | 'settle'>

/** Poisson arrivals at an offered load of `a`, so many of them after a warm-up of as many as are said. */
export function steady(a: number, arrivals: number, warmup: number): Written {
  const gapMs = SERVICE_MS / a
  const endMs = Math.round((warmup + arrivals) * gapMs)
  return {
    load: {
      kind: 'arrivals',
      process: 'poisson',
      rate: `${(3_600_000 / gapMs).toFixed(6)}/h`,
      for: ms(endMs + 1_000),
    },
    warmup: ms(Math.round(warmup * gapMs)),
    // What is left when the load stops drains: no steady state any more.
    faults: [{ kind: 'load.stop', at: ms(endMs), mayMiss: true }],
    settle: '300d',
  }
}

/** Metrics by a name of the test's own, each as thresholds name it, and the figure wanted: `part_wait{part:x} avg`. */
export type Asked = Readonly<Record<string, string>>

/** The plan of a scenario that asserts nothing and asks for these figures. */
export function asking(
  asked: Asked,
  written: Written,
  pipeline: Record<string, unknown> = {},
): Plan {
  const thresholds: Record<string, string[]> = {}
  for (const [metric, figure] of Object.values(asked).map(parted))
    thresholds[metric] = [...(thresholds[metric] ?? []), `${figure}>=0`]
  const raw = { ...written, thresholds, pipeline: { kind: 'inference', ...pipeline } }
  return planOf(resolvedSchema.parse(raw))
}

/** The same plan for another pipeline than the bundled one. */
export function withPipeline<D extends PipelineDefinition>(
  plan: Plan,
  pipeline: D,
  options: unknown,
): Plan {
  return { ...plan, pipeline, hosts: pipeline.hosts(pipeline.options.parse(options)) }
}

export interface Replication<A extends Asked> {
  readonly figures: Readonly<Record<keyof A, number>>
  readonly offered: number
}

/** One run. */
export async function replication<A extends Asked>(
  plan: Plan,
  asked: A,
  seed: number,
  observer?: (event: RunEvent) => void,
): Promise<Record<keyof A, number>> {
  const { thresholds } = await runPlan(plan, {
    file: 'queueing',
    variant: 'default',
    brief: false,
    seed,
    wallMs: () => 0,
    ...(observer === undefined ? {} : { observer }),
  })
  const figures = Object.entries(asked).map(([name, wanted]) => {
    const [metric, figure] = parted(wanted)
    const found = thresholds.find((t) => t.metric === metric && t.expr === `${figure}>=0`)
    return [name, must(found?.observed ?? undefined, `${wanted} was measured`)]
  })
  return Object.fromEntries(figures)
}

/** Each figure over the seeds from 1 on. */
export async function replications<A extends Asked>(
  plan: Plan,
  asked: A,
  seeds: number,
): Promise<Record<keyof A, number[]>> {
  const runs: Record<keyof A, number>[] = []
  for (let seed = 1; seed <= seeds; seed++) runs.push(await replication(plan, asked, seed))
  const names = Object.keys(asked) as (keyof A)[]
  return Object.fromEntries(names.map((name) => [name, runs.map((run) => run[name])])) as Record<
    keyof A,
    number[]
  >
}

function parted(wanted: string): [metric: string, figure: string] {
  const at = wanted.lastIndexOf(' ')
  return [wanted.slice(0, at), wanted.slice(at + 1)]
}
