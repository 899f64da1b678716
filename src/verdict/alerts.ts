// Alerts in Prometheus' form: evaluated at every scrape of a run, and judged by when they fired.
import { z } from 'zod'
import { BadInputError } from '../base/errors.ts'
import { duration, positiveDuration } from '../base/fields.ts'
import type { ExposedName } from '../metrics/exposition.ts'
import { AlertState, type Firing } from './alert-state.ts'
import { type PromqlExpression, parsePromql } from './promql.ts'
import { hadData } from './promql-data.ts'
import { evaluate } from './promql-evaluate.ts'
import { type ReadSeries, Samples, SCRAPE_MS } from './samples.ts'

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
  /** Null where nothing is expected, or nothing can be said. */
  readonly ok: boolean | null
  /** Why nothing can be said of what was expected. */
  readonly unclear?: string
}

/** When what happened, of the world's time. */
interface Span {
  readonly firstFaultMs: number | undefined
  /** The end of the load: what becomes true after it is not the system under load. */
  readonly loadEndMs: number
  readonly endMs: number
}

interface Watched {
  readonly alert: Alert
  readonly expression: PromqlExpression
  readonly state: AlertState
}

export class AlertEvaluator {
  readonly #watched: readonly Watched[]
  readonly #samples: Samples
  readonly #names: ReadonlyMap<string, ExposedName>

  private constructor(watched: readonly Watched[], names: ReadonlyMap<string, ExposedName>) {
    const keepMs = new Map<string, number>()
    for (const { expression } of watched)
      for (const [name, ms] of expression.keepMs)
        keepMs.set(name, Math.max(ms, keepMs.get(name) ?? 0))
    this.#watched = watched
    this.#names = names
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

  results(firstFaultMs: number | undefined, endMs: number, loadEndMs = endMs): AlertResult[] {
    const span = { firstFaultMs, loadEndMs, endMs }
    return this.#watched.map((watched) => {
      const { alert, expression, state } = watched
      if (alert.expect !== 'never') return firingResult(alert, state.firings, span)
      const isBlind = !hadData(expression.root, this.#samples, this.#names)
      return silenceResult(watched, span, isBlind)
    })
  }
}

function silenceResult(
  { alert, state }: Watched,
  { loadEndMs, endMs }: Span,
  isBlind: boolean,
): AlertResult {
  const [firing] = state.firings
  const told = { ...toldOf(alert, firing), expect: 'never' } as const
  if (firing !== undefined) return { ...told, ok: false }
  const unclear = isBlind
    ? 'what it reads was never there'
    : endMs < alert.for + SCRAPE_MS
      ? 'the run was over before it could fire'
      : state.pendingSinceMs <= loadEndMs
        ? 'it was about to fire when the run ended'
        : undefined
  return unclear === undefined ? { ...told, ok: true } : { ...told, ok: null, unclear }
}

function firingResult(alert: Alert, firings: readonly Firing[], span: Span): AlertResult {
  const { expect } = alert
  if (typeof expect !== 'object') return { ...toldOf(alert, firings[0]), expect: null, ok: null }
  const { firstFaultMs, endMs } = span
  const firing = firings.find(({ toMs }) => toMs > (firstFaultMs ?? 0))
  const told = { ...toldOf(alert, firing), expect: { firesWithinMs: expect.firesWithin } }
  if (firstFaultMs === undefined || firstFaultMs >= endMs)
    return { ...told, ok: null, unclear: 'no fault came' }
  if (firing !== undefined)
    return { ...told, ok: isInTime(firing.fromMs - firstFaultMs, expect.firesWithin) }
  if (endMs < firstFaultMs + expect.firesWithin)
    return { ...told, ok: null, unclear: 'the run ended before its time was up' }
  return { ...told, ok: false }
}

function isInTime(afterMs: number, withinMs: number): boolean {
  return afterMs >= 0 && afterMs <= withinMs
}

function toldOf({ alert: name, expr }: Alert, firing: Firing | undefined) {
  const isOver = firing !== undefined && Number.isFinite(firing.toMs)
  return {
    name,
    expr,
    firedAtMs: firing?.fromMs ?? null,
    resolvedAtMs: isOver ? firing.toMs : null,
  }
}
