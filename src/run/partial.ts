// Thresholds that hold for part of the items only: durations of those that succeeded, losses of those that ended.
import { number } from '../base/figures.ts'
import { formatDuration } from '../base/units.ts'
import { type Measured, select, trend } from '../metrics/select.ts'
import type { Resolved } from '../scenario/schema.ts'
import { type Expression, holds, type MetricKey } from '../verdict/expression.ts'
import type { Plan } from './plan.ts'

/** An upper limit that was kept, as it stands in the scenario and as it was read. */
export interface Kept extends MetricKey {
  readonly text: string
  readonly expression: Expression
}

export function partial(kept: Kept, plan: Plan, measured: Measured): string[] {
  const { scenario } = plan
  const whys =
    kept.name === 'item_duration'
      ? [survivors(kept, scenario, measured), waitingUsers(kept, pauseMs(plan, measured), measured)]
      : kept.name === 'item_lost'
        ? [pendingItems(kept, scenario, measured)]
        : []
  return whys.flatMap((why) => (why === undefined ? [] : [`${kept.text}: holds ${why}`]))
}

const FATES = /^item_(succeeded|failed|skipped|rejected|discarded|lost)\b/

/** An item that was lost was never slow. */
function survivors(
  { tags, expression: { aggregation } }: Kept,
  { thresholds }: Resolved,
  { ledger }: Measured,
): string | undefined {
  if (Object.keys(thresholds).some((key) => FATES.test(key))) return undefined
  const share = ledger.ended(tags, ['succeeded']) / ledger.offered(tags)
  if (share >= shareTold(aggregation)) return undefined
  return `for the ${(share * 100).toFixed(1)} % that succeeded, and of the rest nothing is asserted; add item_lost`
}

/** What a mean or a maximum may leave out. */
const MOST_LEFT_OUT = 0.01

/** The share of the items that a figure is about: with fewer successes, that of all items is not known. */
function shareTold(aggregation: string): number {
  const [, percentile] = /^p\((.*)\)$/.exec(aggregation) ?? []
  if (percentile !== undefined) return Math.min(1 - MOST_LEFT_OUT, Number(percentile) / 100)
  if (aggregation === 'med') return 0.5
  return ['avg', 'max'].includes(aggregation) ? 1 - MOST_LEFT_OUT : 0
}

/** Of a model that waits for its items: undefined where it waits for less, an answer that says "accepted", say. */
function pauseMs({ load, pipeline, scenario }: Plan, measured: Measured): number | undefined {
  if (load.asksByHttp !== true) return load.thinkMs?.(scenario.load)
  const route = pipeline.entryRoute?.(scenario.pipeline) ?? ''
  const [call, item] = [
    select(measured, 'attempt_duration', { route }, 'med') ?? 0,
    select(measured, 'item_duration', {}, 'med') ?? 0,
  ]
  return item > MOST_TIMES_AS_LONG * call ? undefined : load.thinkMs?.(scenario.load)
}

/** An item that lives so many times as long as the call that brought it ends otherwise than with its answer. */
const MOST_TIMES_AS_LONG = 1.5

/** In a closed model a stall holds back the very items that would have shown it. */
function waitingUsers(
  { tags, expression }: Kept,
  thinkMs: number | undefined,
  { ledger }: Measured,
): string | undefined {
  if (thinkMs === undefined || expression.aggregation === 'count') return undefined
  const durations = ledger.durations(tags)
  const corrected = durations.asIfDueEvery(thinkMs + durations.quantile(0.5))
  const figure = trend(corrected, expression.aggregation)
  if (figure === null || holds(figure, expression)) return undefined
  return `only because users waited instead of offering more, ${formatDuration(figure)} if they had not; use an open load, or max`
}

/** Where items may stay open, those that do are not lost: nor are they safe. */
function pendingItems(
  { name, tags, expression }: Kept,
  { thresholds, pending: allowed }: Resolved,
  measured: Measured,
): string | undefined {
  const pending = measured.ledger.pending(tags)
  const isAsserted = Object.keys(thresholds).some((key) => key.startsWith('item_pending'))
  const ofOneCause = ['stage', 'class', 'code'].some((tag) => tag in tags)
  if (allowed === 'forbidden' || pending === 0 || isAsserted || ofOneCause) return undefined
  const lost = (select(measured, name, tags, 'count') ?? 0) + pending
  const all = expression.aggregation === 'count' ? 1 : measured.ledger.offered(tags)
  if (holds(lost / all, expression)) return undefined
  return `only if none of the ${number(pending)} items still pending is lost; assert item_pending`
}
