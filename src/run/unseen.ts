// What the assertions of a run could not see: reasons why it proves nothing, though everything holds.
import { number } from '../base/figures.ts'
import { formatDuration } from '../base/units.ts'
import type { Metric } from '../metrics/catalog.ts'
import type { Measured } from '../metrics/select.ts'
import type { MetricKey } from '../verdict/expression.ts'
import type { BeforeFaults } from './before-faults.ts'
import { fingerprintCounts, readJudged } from './judge.ts'
import { partial } from './partial.ts'
import type { Plan } from './plan.ts'
import type { Judged } from './result.ts'

export interface Sight {
  readonly plan: Plan
  readonly measured: Measured
  readonly catalog: ReadonlyMap<string, Metric>
  readonly thresholds: readonly Judged[]
  readonly fingerprint: readonly Judged[]
  readonly before: BeforeFaults
}

export function unseen(sight: Sight): string[] {
  const { plan, measured, catalog, thresholds, before } = sight
  const kept = thresholds
    .filter(({ ok }) => ok === true)
    .map((judged) => ({
      ...readJudged(judged, catalog),
      text: `${judged.metric} ${judged.expr}`,
    }))
    .filter(({ expression }) => expression.operator.startsWith('<'))
  return [
    ...lateFaults(sight),
    ...Array.from(before.breached, (m) => `${m} was breached before the first fault: not by it`),
    ...kept.flatMap((one) => partial(one, plan, measured)),
  ]
}

/** With fewer items than this, an effect would be chance. */
const FEWEST_ITEMS = 3

/** Faults after which nothing that is asserted looks. */
function lateFaults({
  plan: { scenario, faults },
  measured: { ledger },
  catalog,
  thresholds,
  fingerprint,
  before,
}: Sight): string[] {
  const asserted = [...thresholds, ...(fingerprintCounts({ scenario }) ? fingerprint : [])].map(
    (judged) => readJudged(judged, catalog),
  )
  const isWatched = scenario.alerts.some(({ expect }) => expect !== undefined)
  if (asserted.length === 0 || isWatched) return []
  const looksBack = ({ tags: { phase, window } }: MetricKey, atMs: number) => {
    const stretch = window === undefined ? undefined : scenario.windows[window]
    const isOver = stretch?.for !== undefined && stretch.at + stretch.for <= atMs
    return phase === 'before' || phase === 'warmup' || isOver
  }
  return faults.flatMap(({ options, injections }, i) => {
    const atMs = injections[0]?.fromMs ?? 0
    const exposed = before.exposed(i, ledger)
    const sees = (metric: MetricKey) =>
      !looksBack(metric, atMs) && (!metric.name.startsWith('item_') || exposed >= FEWEST_ITEMS)
    if (options.mayMiss || asserted.some(sees)) return []
    const when = `fault ${options.name ?? options.kind}, at ${formatDuration(atMs)}`
    return asserted.every((metric) => looksBack(metric, atMs))
      ? [`nothing that is asserted looks at what came after ${when}`]
      : [`all but ${number(exposed)} of the items had ended before ${when}`]
  })
}
