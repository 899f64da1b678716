// What a Prometheus server would scrape from a run: which series there are, and where they stand now.
import type { Declared } from './catalog.ts'
import type { Ledger } from './ledger.ts'
import { FATES } from './outcomes.ts'
import type { Recorder } from './recorder.ts'
import type { WindowFilter } from './windows.ts'

export interface ExposedName {
  readonly type: 'gauge' | 'counter'
  /** Every series of the name has all of these, and no others. */
  readonly labels: readonly string[]
  readonly help: string
  /**
   * Set on a counter that falls now and then, because a success that comes late takes an item back from
   * its loss. Whoever samples it keeps the highest value seen: rate() would take the fall for a restart.
   */
  readonly keepHighest?: true
  /** Labels whose values appear with their first event: one that is not there says none so far. */
  readonly eventLabels?: readonly string[]
}

export interface ExposedSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The books that series are read from. */
export interface Books {
  readonly ledger: Ledger
  readonly recorder: Recorder
}

const ENDED = FATES.filter((fate) => fate !== 'pending')
const UNLABELLED = {}
const REPORTED = 'reported_'

const BUILT_IN: Readonly<Record<string, ExposedName>> = {
  items_offered_total: { type: 'counter', labels: [], help: 'Items offered' },
  items_total: { type: 'counter', labels: ['fate'], help: 'Items that ended', keepHighest: true },
  attempts_total: {
    type: 'counter',
    labels: ['route', 'class'],
    eventLabels: ['class'],
    help: 'Calls by how they ended; a class appears with its first call',
  },
  part_busy: { type: 'gauge', labels: ['part'], help: 'Busy slots' },
  part_waiting: { type: 'gauge', labels: ['part'], help: 'Waiting for a slot' },
  log_lines_total: {
    type: 'counter',
    labels: ['line'],
    help: 'Lines that the system logged; a line appears when its host first logs it',
  },
  broken_pipes: { type: 'counter', labels: [], help: 'Answers written to a caller that had gone' },
}

/** Known before a run, so that alerts can be checked without one. */
export function exposedNames(pipeline: Declared): ReadonlyMap<string, ExposedName> {
  const own = Object.entries(pipeline.metrics).map(
    ([name, { type, help }]) => [name, { type, labels: [], help }] as const,
  )
  const reported = Object.entries(pipeline.reports).map(
    ([name, help]) => [`${REPORTED}${name}`, { type: 'gauge', labels: [], help }] as const,
  )
  return new Map<string, ExposedName>([...Object.entries(BUILT_IN), ...own, ...reported])
}

/** Totals since the start, warm-up included. No series where nothing was ever set. */
export function readSeries(books: Books, name: string): readonly ExposedSeries[] {
  const { ledger, recorder } = books
  switch (name) {
    case 'items_offered_total':
      return unlabelled(wholeRun((filter) => ledger.offered(filter)))
    case 'items_total':
      return ENDED.map((fate) => ({
        labels: { fate },
        value: wholeRun((filter) => ledger.ended(filter, [fate])),
      }))
    case 'attempts_total':
      return attempts(recorder)
    case 'part_busy':
      return labelled(recorder.parts, 'part', (part) => part.busy.value)
    case 'part_waiting':
      return labelled(recorder.parts, 'part', (part) => part.waiting.value)
    case 'log_lines_total':
      return labelled(recorder.logs, 'line', (line) => line.total)
    case 'broken_pipes':
      return unlabelled(recorder.counters.get(name)?.total ?? 0)
    default:
      return own(recorder, name)
  }
}

function own(recorder: Recorder, name: string): readonly ExposedSeries[] {
  const gauge = name.startsWith(REPORTED)
    ? recorder.reported.get(name.slice(REPORTED.length))
    : recorder.gauges.get(name)
  const value = gauge?.value ?? recorder.counters.get(name)?.total ?? Number.NaN
  return Number.isNaN(value) ? [] : unlabelled(value)
}

function attempts(recorder: Recorder): ExposedSeries[] {
  return recorder.routes.flatMap((route) => {
    const totals = new Map<string, number>()
    const counts = [...route.counts({}), ...route.counts({ phase: 'warmup' })]
    for (const { class: klass, count } of counts)
      totals.set(klass, (totals.get(klass) ?? 0) + count)
    return Array.from(totals, ([klass, value]) => ({
      labels: { route: route.route, class: klass },
      value,
    }))
  })
}

/** The empty filter leaves the warm-up out; a server that scrapes does not. */
function wholeRun(count: (filter: WindowFilter) => number): number {
  return count({}) + count({ phase: 'warmup' })
}

function unlabelled(value: number): ExposedSeries[] {
  return [{ labels: UNLABELLED, value }]
}

function labelled<S>(
  all: ReadonlyMap<string, S>,
  label: string,
  read: (stats: S) => number,
): ExposedSeries[] {
  return Array.from(all, ([name, stats]) => ({ labels: { [label]: name }, value: read(stats) }))
}
