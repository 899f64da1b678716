// Runs of a plan, one for each seed, and what the metrics that a scenario may name came to in each.
import { must } from '../../src/base/assert.ts'
import type { Observer } from '../../src/metrics/history.ts'
import type { PipelineDefinition } from '../../src/pipelines/pipeline.ts'
import { type Plan, planOf } from '../../src/run/plan.ts'
import { runPlan } from '../../src/run/run.ts'
import { resolvedSchema, type ScenarioInput } from '../../src/scenario/schema.ts'

/** Enough for Student's t to be near its limit. */
export const SEEDS = 20

/** Twenty runs take about a second, and several on a machine that has other work to do. */
export const UNHURRIED = { timeout: 60_000 } as const

export const ms = (time: number): string => `${time}ms`

/** A metric as thresholds name it, and the figure of it, by a name of the test's own: `queue_depth avg`. */
export type Asked = Readonly<Record<string, string>>

export interface Asking<A extends Asked> {
  readonly plan: Plan
  readonly asked: A
}

/** A scenario but for its pipeline. */
export type Written = Omit<ScenarioInput, 'pipeline'>

/** A scenario that asserts nothing and asks for these figures, through the schema as any file's. */
export function asking<A extends Asked>(
  asked: A,
  written: Written,
  pipeline: Omit<ScenarioInput['pipeline'], 'kind'> = {},
): Asking<A> {
  const thresholds: Record<string, string[]> = {}
  for (const { metric, expr } of Object.values(asked).map(threshold))
    thresholds[metric] = [...(thresholds[metric] ?? []), expr]
  const raw = { ...written, thresholds, pipeline: { kind: 'inference', ...pipeline } }
  return { asked, plan: planOf(resolvedSchema.parse(raw)) }
}

/** The same with another pipeline than a bundled one. */
export function of<A extends Asked>(
  pipeline: PipelineDefinition,
  options: unknown,
  { asked, plan }: Asking<A>,
): Asking<A> {
  const hosts = pipeline.hosts(pipeline.options.parse(options))
  return { asked, plan: { ...plan, pipeline, hosts } }
}

/** What a test reads out of the history of one run itself. */
export interface Watch<W extends string> {
  readonly observer: Observer
  figures(): Readonly<Record<W, number>>
}

/** One run: the figures asked for, and those watched. */
export async function runWith<A extends Asked, W extends string = never>(
  { plan, asked }: Asking<A>,
  seed: number,
  watch?: Watch<W>,
): Promise<Record<keyof A | W, number>> {
  const { thresholds } = await runPlan(plan, {
    file: 'queueing.ts',
    variant: 'default',
    brief: false,
    seed,
    wallMs: () => 0,
    ...(watch === undefined ? {} : { observer: watch.observer }),
  })
  const figures = Object.entries(asked).map(([name, figure]) => {
    const { metric, expr } = threshold(figure)
    const found = thresholds.find((t) => t.metric === metric && t.expr === expr)
    return [name, must(found?.observed ?? undefined, `${figure} was measured`)]
  })
  return { ...Object.fromEntries(figures), ...watch?.figures() }
}

/** Each figure in `count` runs, seeds from `first` on. */
export async function runs<A extends Asked, W extends string = never>(
  what: Asking<A>,
  { first, count = SEEDS, watch }: { first: number; count?: number; watch?: () => Watch<W> },
): Promise<Record<keyof A | W, number[]>> {
  const figures: Record<string, number[]> = {}
  for (let seed = first; seed < first + count; seed++) {
    const run: Record<string, number> = await runWith(what, seed, watch?.())
    for (const [name, figure] of Object.entries(run))
      figures[name] = [...(figures[name] ?? []), figure]
  }
  return figures as Record<keyof A | W, number[]>
}

/** Any threshold will do: what it observed is reported, whether it holds or not. */
function threshold(figure: string): { metric: string; expr: string } {
  const at = figure.lastIndexOf(' ')
  return { metric: figure.slice(0, at), expr: `${figure.slice(at + 1)}>=0` }
}

/** What is measured of a steady state: after the warm-up, before the load stops. */
export const STEADY = 'phase:before'

export interface Arrivals {
  /** Offered load a. */
  readonly load: number
  readonly serviceMs: number
  /** How many are expected while it is measured, and before that, from an empty system on. */
  readonly measured: number
  readonly warmup: number
}

/** Poisson arrivals that stop: what is left then drains, which is no steady state. */
export function steady({ load, serviceMs, measured, warmup }: Arrivals): Written {
  const gapMs = serviceMs / load
  const untilMs = Math.round((warmup + measured) * gapMs)
  return {
    load: {
      kind: 'arrivals',
      process: 'poisson',
      rate: `${3_600_000 / gapMs}/h`,
      for: ms(untilMs + 1),
    },
    warmup: ms(Math.round(warmup * gapMs)),
    faults: [{ kind: 'load.stop', at: ms(untilMs), mayMiss: true }],
    settle: '300d',
  }
}
