// The course of a run for charts: what was counted between instants, and what was held at each.
import type { GaugeStats } from '../metrics/gauge.ts'
import { Histogram } from '../metrics/histogram.ts'
import { FATES } from '../metrics/outcomes.ts'
import type { WindowFilter } from '../metrics/windows.ts'
import type { Books } from './books.ts'
import type { Plan } from './plan.ts'

/** Columns over the same instants; what is counted belongs to the time since the instant before. */
export interface Course {
  readonly atMs: readonly number[]
  readonly offered: readonly number[]
  /** Items that ended, by fate; a fate that none had is left out. */
  readonly fates: Readonly<Record<string, readonly number[]>>
  /** Calls that ended, `ok` and by route and class the failures. */
  readonly attempts: Readonly<Record<string, readonly number[]>>
  /** Of the items that succeeded, ms; null where none did. */
  readonly durationMs: Readonly<Record<'p50' | 'p95' | 'p99', readonly (number | null)[]>>
  readonly levels: Readonly<Record<string, Level>>
  /** The injections of each fault, in the order of the report's faults. */
  readonly faults: readonly (readonly (readonly [fromMs: number, toMs: number])[])[]
}

/** A gauge: what it held at each instant, and its extremes since the one before. */
export interface Level {
  readonly help: string
  readonly value: readonly (number | null)[]
  readonly min: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

/** Instants until the load ends; settling afterwards gets some more. */
const MOST_INSTANTS = 480
const FEWEST_INSTANTS = 60
/** Of fewer items between two instants a rate would be noise. */
const ITEMS_EACH = 10
const WHILE_SETTLING = 60
const ENDED = FATES.filter((fate) => fate !== 'pending')
/** More injections than these are one shade anyway. */
const MOST_INJECTIONS = 200

/** Reads the books now and then; what it does is no part of the trace. */
export class CourseReader {
  readonly #plan: Plan
  readonly #books: Books
  readonly #atMs: number[] = []
  readonly #columns = new Map<string, number[]>()
  readonly #totals = new Map<string, number>()
  readonly #durations: (readonly [number | null, number | null, number | null])[] = []
  readonly #levels = new Map<string, (number | null)[]>()
  readonly #instants: number
  #seen = new Histogram()

  constructor(plan: Plan, books: Books) {
    this.#plan = plan
    this.#books = books
    const expected = plan.load.expected(plan.scenario.load) / ITEMS_EACH
    this.#instants = Number.isNaN(expected)
      ? MOST_INSTANTS
      : Math.min(MOST_INSTANTS, Math.max(FEWEST_INSTANTS, Math.floor(expected)))
  }

  /** How long after an instant the next one is due. */
  stepMs(nowMs: number): number {
    const { loadEndMs, scenario } = this.#plan
    const step = Math.max(1, loadEndMs / this.#instants)
    return nowMs < loadEndMs ? step : Math.max(step, scenario.settle / WHILE_SETTLING)
  }

  read(nowMs: number): void {
    if (nowMs <= (this.#atMs.at(-1) ?? -1)) return
    const { ledger, recorder } = this.#books
    this.#count(
      'offered',
      total((filter) => ledger.offered(filter)),
    )
    for (const fate of ENDED)
      this.#count(
        `fate ${fate}`,
        total((filter) => ledger.ended(filter, [fate])),
      )
    const calls = new Map<string, number>()
    for (const route of recorder.routes)
      for (const { class: klass, count } of [
        ...route.counts({}),
        ...route.counts({ phase: 'warmup' }),
      ]) {
        const name = klass === 'ok' ? 'ok' : `${route.route} ${klass}`
        calls.set(name, (calls.get(name) ?? 0) + count)
      }
    for (const [name, count] of calls) this.#count(`call ${name}`, count)
    const durations = ledger.durations({})
    durations.merge(ledger.durations({ phase: 'warmup' }))
    const since = durations.since(this.#seen)
    const quantile = (q: number) => (since.count === 0 ? null : since.quantile(q))
    this.#durations.push([quantile(0.5), quantile(0.95), quantile(0.99)])
    this.#seen = durations
    for (const [name, gauge] of this.#gauges()) {
      const values = this.#levels.get(name) ?? []
      while (values.length < this.#atMs.length) values.push(null)
      values.push(Number.isNaN(gauge.value) ? null : gauge.value)
      this.#levels.set(name, values)
    }
    this.#atMs.push(nowMs)
  }

  /** What was counted under a name since the last instant, from its total. */
  #count(name: string, all: number): void {
    const column = this.#columns.get(name) ?? []
    while (column.length < this.#atMs.length) column.push(0)
    column.push(all - (this.#totals.get(name) ?? 0))
    this.#totals.set(name, all)
    this.#columns.set(name, column)
  }

  course(endMs: number): Course {
    this.read(endMs)
    const length = this.#atMs.length
    const gauges = this.#gauges()
    const named = (prefix: string) =>
      Object.fromEntries(
        [...this.#columns]
          .filter(([name, column]) => name.startsWith(prefix) && column.some((n) => n !== 0))
          .map(([name, column]) => [
            name.slice(prefix.length),
            [...column, ...Array<number>(length - column.length).fill(0)],
          ]),
      )
    return {
      atMs: this.#atMs,
      offered: this.#columns.get('offered') ?? [],
      fates: named('fate '),
      attempts: named('call '),
      durationMs: {
        p50: this.#durations.map(([p50]) => p50),
        p95: this.#durations.map(([, p95]) => p95),
        p99: this.#durations.map(([, , p99]) => p99),
      },
      levels: Object.fromEntries(
        [...this.#levels].map(([name, value]) => [
          name,
          {
            help: this.#plan.pipeline.metrics[name]?.help ?? 'Waiting for a slot',
            value,
            ...this.#extremes(value, gauges.get(name)),
          },
        ]),
      ),
      faults: this.#plan.faults.map(({ injections }) =>
        injections.length > MOST_INJECTIONS
          ? [[injections[0]?.fromMs ?? 0, injections.at(-1)?.toMs ?? 0] as const]
          : injections.map(({ fromMs, toMs }) => [fromMs, toMs] as const),
      ),
    }
  }

  /** What the pipeline keeps, and what waits at each part that has no gauge of its own for it. */
  #gauges(): Map<string, GaugeStats> {
    const { gauges, parts } = this.#books.recorder
    const own = new Set(gauges.values())
    const queues = [...parts].filter(([, { waiting }]) => !own.has(waiting))
    return new Map([...gauges, ...queues.map(([name, { waiting }]) => [name, waiting] as const)])
  }

  /** A dip between two instants is seen by its extremes. */
  #extremes(value: readonly (number | null)[], gauge: GaugeStats | undefined) {
    const [min, max] = [[...value], [...value]]
    let i = 0
    for (const point of gauge?.points() ?? []) {
      while (i < this.#atMs.length - 1 && point.atMs > (this.#atMs[i] ?? 0)) i++
      min[i] = Math.min(min[i] ?? point.min, point.min)
      max[i] = Math.max(max[i] ?? point.max, point.max)
    }
    return { min, max }
  }
}

/** The empty filter leaves the warm-up out; a chart does not. */
function total(count: (filter: WindowFilter) => number): number {
  return count({}) + count({ phase: 'warmup' })
}
