// Reads a metric out of what was measured: one number for a name, its tags and an aggregation, or nothing.
import { LONGEST_MS } from '../base/units.ts'
import type { GaugeSummary } from './gauge.ts'
import type { Histogram } from './histogram.ts'
import type { Ledger } from './ledger.ts'
import { type Fate, LOST } from './outcomes.ts'
import type { Recorder } from './recorder.ts'
import type { Recovery } from './recovery.ts'

export type Tags = Readonly<Record<string, string>>

/** As what items that have not ended are counted. */
export type Unexplained = 'succeeded' | 'lost'

export interface Measured {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly endUs: number
  readonly unexplained?: Unexplained | undefined
  /** Where there was something to recover from, and time to see it. */
  readonly recovery?: Recovery | undefined
}

const ITEM_FATES: Readonly<Record<string, readonly Fate[]>> = {
  item_succeeded: ['succeeded'],
  item_failed: ['failed'],
  item_skipped: ['skipped'],
  item_rejected: ['rejected'],
  item_discarded: ['discarded'],
  item_lost: LOST,
}

/** Null where there are no samples: nothing was measured, which is never the same as zero. */
export function select(of: Measured, name: string, tags: Tags, aggregation: string): number | null {
  const fates = ITEM_FATES[name]
  if (fates !== undefined) return items(of, fates, tags, aggregation)
  switch (name) {
    case 'item_pending':
      return share(of.ledger.pending(tags), of.ledger.offered(tags), aggregation)
    case 'item_duration':
      return trend(of.ledger.durations(tags), aggregation)
    case 'items_offered':
      return counter(of, of.ledger.offered(tags), tags, aggregation)
    case 'items_dropped':
      return counter(of, of.ledger.dropped, tags, aggregation)
    case 'item_duplicates':
      return counter(of, of.ledger.duplicates, tags, aggregation)
    case 'attempts':
    case 'attempt_failed':
      return attempts(of, name, tags, aggregation)
    case 'attempt_duration':
      return trend(durations(of, tags), aggregation)
    case 'log_lines':
      return counter(of, lines(of, tags), tags, aggregation)
    case 'tasks_untold':
      return counter(
        of,
        of.ledger.untold(tags, tags.result as Fate | undefined) ?? 0,
        tags,
        aggregation,
      )
    case 'recovery_time':
      return recovery(of)
    case 'upstream_calls':
    case 'upstream_calls_per_success':
    case 'amplification':
    case 'useful_work':
      return upstreams(of, name, tags, aggregation)
    default:
      return name.startsWith('part_')
        ? part(of, name, tags, aggregation)
        : own(of, name, tags, aggregation)
  }
}

function items(
  { ledger, unexplained }: Measured,
  fates: readonly Fate[],
  tags: Tags,
  aggregation: string,
): number | null {
  const matching = ledger.ended(tags, fates, (cause) =>
    matches(cause, tags, ['stage', 'class', 'code']),
  )
  const offered = ledger.offered(tags)
  if (unexplained !== undefined) {
    const isCounted = unexplained === 'lost' ? fates === LOST : fates.includes('succeeded')
    const hasCause = ['stage', 'class', 'code'].some((tag) => tags[tag] !== undefined)
    const more = isCounted && !hasCause ? ledger.pending(tags) : 0
    return share(matching + more, offered, aggregation)
  }
  // Of items that have not ended nothing can be said, however many there are.
  return offered === ledger.pending(tags) ? null : share(matching, offered, aggregation)
}

function attempts(
  { recorder }: Measured,
  name: string,
  tags: Tags,
  aggregation: string,
): number | null {
  const all = recorder.routes.flatMap((route) => route.counts(tags))
  const population = all.filter((a) => matches(a, tags, ['route']))
  const wanted = population.filter((a) =>
    name === 'attempt_failed' ? a.class !== 'ok' : matches(a, tags, ['class', 'code']),
  )
  const sum = (of: typeof all) => of.reduce((n, a) => n + a.count, 0)
  // A count of none is a measurement as long as calls were watched at all; a share of none is not.
  return share(sum(wanted), sum(aggregation === 'count' ? all : population), aggregation)
}

/** Null where no upstream was ever called. */
function upstreams(of: Measured, name: string, tags: Tags, aggregation: string): number | null {
  const { routes, upstreams: calls } = of.recorder
  if (calls.count({}) + calls.count({ phase: 'warmup' }) === 0) return null
  const route = routes.find((r) => r.route === tags.route)?.index
  switch (name) {
    case 'amplification':
      return calls.amplification(tags, route)
    case 'useful_work':
      return calls.useful(tags)
    case 'upstream_calls':
      return counter(of, calls.count(tags, route), tags, aggregation)
    default: {
      const succeeded = of.ledger.ended(tags, ['succeeded'])
      return succeeded === 0 ? null : calls.spent(tags) / succeeded
    }
  }
}

/** Never is as long as the longest run. */
function recovery({ recovery: found }: Measured): number | null {
  return found === undefined ? null : (found.afterMs ?? LONGEST_MS)
}

function durations({ recorder }: Measured, tags: Tags): Histogram {
  const [first, ...rest] = recorder.routes.filter(
    (r) => tags.route === undefined || r.route === tags.route,
  )
  const all = (first ?? recorder.routes[0])?.durations(tags) as Histogram
  for (const route of rest) all.merge(route.durations(tags))
  return all
}

function lines({ recorder }: Measured, tags: Tags): number {
  const logs = [...recorder.logs].filter(([line]) => tags.line === undefined || line === tags.line)
  return logs.reduce((sum, [, stats]) => sum + stats.count(tags), 0)
}

function part(
  { recorder }: Measured,
  name: string,
  tags: Tags,
  aggregation: string,
): number | null {
  const found = recorder.parts.get(tags.part ?? '')
  if (found === undefined) return null
  if (name === 'part_wait') return trend(found.waits(tags), aggregation)
  const value = gauge(
    (name === 'part_queue' ? found.waiting : found.busy).summary(tags),
    aggregation,
  )
  if (name !== 'part_utilisation' || value === null) return value
  // Slots without end are never scarce, and where nothing was ever done, as in a queue, none is worked in. A fault may
  // have left it no slots when the run was cut short.
  const { concurrency } = found
  const isWorked =
    Number.isFinite(concurrency) && concurrency > 0 && (found.busy.summary({})?.max ?? 0) > 0
  return isWorked ? value / concurrency : null
}

function own(of: Measured, name: string, tags: Tags, aggregation: string): number | null {
  const { recorder } = of
  const found = name.startsWith('reported_')
    ? recorder.reported.get(name.slice(9))
    : recorder.gauges.get(name)
  if (found !== undefined) return gauge(found.summary(tags), aggregation)
  const count = recorder.counters.get(name)
  return count === undefined ? null : counter(of, count.count(tags), tags, aggregation)
}

function counter(
  { recorder, endUs }: Measured,
  count: number,
  tags: Tags,
  aggregation: string,
): number | null {
  const seconds = recorder.windows.lengthUs(tags, endUs) / 1e6
  if (seconds === 0) return null
  return aggregation === 'rate' ? count / seconds : count
}

function share(matching: number, population: number, aggregation: string): number | null {
  if (population === 0) return null
  if (aggregation === 'total') return population
  return aggregation === 'rate' ? matching / population : matching
}

function gauge(summary: GaugeSummary | undefined, aggregation: string): number | null {
  return summary?.[aggregation as keyof GaugeSummary] ?? null
}

export function trend(histogram: Histogram, aggregation: string): number | null {
  if (histogram.count === 0) return null
  switch (aggregation) {
    case 'avg':
      return histogram.mean
    case 'min':
      return histogram.min
    case 'med':
      return histogram.quantile(0.5)
    case 'max':
      return histogram.max
    case 'count':
      return histogram.count
    default:
      return histogram.quantile(Number(aggregation.slice(2, -1)) / 100)
  }
}

function matches(cause: object, tags: Tags, fields: readonly string[]): boolean {
  const seen = cause as { readonly [field: string]: unknown }
  return fields.every((field) => tags[field] === undefined || seen[field] === tags[field])
}
