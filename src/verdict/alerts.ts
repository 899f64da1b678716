// Alerts in Prometheus' form: evaluated at every scrape of a run, and judged by when they fired.
import { z } from 'zod'
import { BadInputError } from '../base/errors.ts'
import { duration, positiveDuration } from '../base/fields.ts'
import type { ExposedName } from '../metrics/exposition.ts'
import { AlertState, type Firing } from './alert-state.ts'
import { type PromqlExpression, parsePromql } from './promql.ts'
import { evaluate } from './promql-evaluate.ts'
import { type ReadSeries, Samples } from './samples.ts'

export { SCRAPE_MS } from './samples.ts'

const labelled = z.record(
  z.string().regex(/^[A-Za-z_]\w*$/, 'a label is letters, digits and _'),
  z.string(),
)

export const alertSchema = z.strictObject({
  alert: z.string().min(1).meta({ description: 'Its name' }),
  expr: z
    .string()
    .min(1)
    .meta({ description: 'PromQL: the alert is active for every series that this yields' }),
  for: duration
    .default(0)
    .meta({ description: 'How long it must be active without a break before it fires' }),
  labels: labelled.default({}),
  annotations: labelled.default({}),
  expect: z
    .union([z.literal('never'), z.strictObject({ firesWithin: positiveDuration })])
    .optional()
    .meta({ description: 'never, or {firesWithin}: counted from the first fault' }),
})
export type Alert = z.output<typeof alertSchema>

export interface AlertResult {
  readonly name: string
  readonly expr: string
  readonly expect: 'never' | { readonly firesWithinMs: number } | null
  /**
   * The first firing; where `firesWithin` is expected and a fault came, the first that had not ended by then.
   * One already under way at the fault fired for another reason and is not ok.
   */
  readonly firedAtMs: number | null
  /** The end of that firing; null while it lasts. */
  readonly resolvedAtMs: number | null
  /** Null where nothing can be said: nothing expected, no fault, or the run ended before the time was up. */
  readonly ok: boolean | null
}

interface Watched {
  readonly alert: Alert
  readonly expression: PromqlExpression
  readonly state: AlertState
}

export class AlertEvaluator {
  readonly #watched: readonly Watched[]
  readonly #samples: Samples

  private constructor(watched: readonly Watched[], names: ReadonlyMap<string, ExposedName>) {
    const keepMs = new Map<string, number>()
    for (const { expression } of watched)
      for (const [name, ms] of expression.keepMs)
        keepMs.set(name, Math.max(ms, keepMs.get(name) ?? 0))
    this.#watched = watched
    this.#samples = new Samples(keepMs, names)
  }

  /** Throws `BadInputError` for an expression that cannot be read. */
  static async create(
    alerts: readonly Alert[],
    names: ReadonlyMap<string, ExposedName>,
  ): Promise<AlertEvaluator> {
    const watched: Watched[] = []
    for (const alert of alerts) {
      const read = await parsePromql(alert.expr, names)
      if ('problem' in read) throw new BadInputError(`alert ${alert.alert}: ${read.problem}`)
      watched.push({ alert, expression: read.ok, state: new AlertState(alert.for) })
    }
    return new AlertEvaluator(watched, names)
  }

  /** Samples first, then evaluates: an expression sees what it was called with. */
  scrape(nowMs: number, read: ReadSeries): void {
    this.#samples.scrape(nowMs, read)
    for (const { expression, state } of this.#watched)
      state.step(nowMs, evaluate(expression, this.#samples))
  }

  results(firstFaultMs: number | undefined, endMs: number): AlertResult[] {
    return this.#watched.map(({ alert, state }) =>
      resultOf(alert, state.firings, firstFaultMs, endMs),
    )
  }
}

function resultOf(
  { alert: name, expr, expect }: Alert,
  firings: readonly Firing[],
  firstFaultMs: number | undefined,
  endMs: number,
): AlertResult {
  const sinceMs = typeof expect === 'object' ? (firstFaultMs ?? 0) : 0
  const firing = firings.find(({ toMs }) => toMs > sinceMs)
  const firedAtMs = firing?.fromMs ?? null
  const resolved = firing !== undefined && Number.isFinite(firing.toMs)
  const told = { name, expr, firedAtMs, resolvedAtMs: resolved ? firing.toMs : null }
  if (expect === undefined) return { ...told, expect: null, ok: null }
  if (expect === 'never') return { ...told, expect, ok: firedAtMs === null }
  const firesWithinMs = expect.firesWithin
  return {
    ...told,
    expect: { firesWithinMs },
    ok: inTime(firedAtMs, firstFaultMs, firesWithinMs, endMs),
  }
}

function inTime(
  firedAtMs: number | null,
  firstFaultMs: number | undefined,
  withinMs: number,
  endMs: number,
): boolean | null {
  if (firstFaultMs === undefined || firstFaultMs >= endMs) return null
  if (firedAtMs !== null) return firedAtMs >= firstFaultMs && firedAtMs - firstFaultMs <= withinMs
  return endMs < firstFaultMs + withinMs ? null : false
}
