// Functions over a range of one series, as Prometheus 3 defines them (promql/functions.go).
import type { RangeFunction } from './promql-tree.ts'
import type { StoredSeries } from './samples.ts'

/** The samples of a series in the range (startMs, endMs]: those from `first` on. */
export interface Range {
  readonly series: StoredSeries
  readonly first: number
  readonly startMs: number
  readonly endMs: number
}

/** Undefined where the range holds too few samples. It holds one at least. */
type OverRange = (range: Range) => number | undefined

export const OVER_RANGE: Readonly<Record<RangeFunction, OverRange>> = {
  rate: (range) => increase(range, (range.endMs - range.startMs) / 1_000),
  increase: (range) => increase(range, 1),
  avg_over_time: (range) => sum(range).over(range.series.size - range.first),
  sum_over_time: (range) => sum(range).over(1),
  min_over_time: ({ series, first }) => fold(series, first, lesser),
  max_over_time: ({ series, first }) => fold(series, first, greater),
  count_over_time: ({ series, first }) => series.size - first,
  last_over_time: ({ series }) => series.value(series.size - 1),
}

/** NaN only where there is nothing else. */
export function lesser(least: number, value: number): number {
  return value < least || Number.isNaN(least) ? value : least
}

export function greater(most: number, value: number): number {
  return value > most || Number.isNaN(most) ? value : most
}

/** Kahan's sum with Neumaier's improvement, as Prometheus adds. */
export class CompensatedSum {
  #sum = 0
  #lost = 0

  add(value: number): void {
    const sum = this.#sum + value
    if (!Number.isFinite(sum)) this.#lost = 0
    else if (Math.abs(this.#sum) >= Math.abs(value)) this.#lost += this.#sum - sum + value
    else this.#lost += value - sum + this.#sum
    this.#sum = sum
  }

  over(count: number): number {
    return this.#sum / count + this.#lost / count
  }
}

function sum({ series, first }: Range): CompensatedSum {
  const all = new CompensatedSum()
  for (let i = first; i < series.size; i++) all.add(series.value(i))
  return all
}

function fold(series: StoredSeries, first: number, join: (a: number, b: number) => number): number {
  let value = series.value(first)
  for (let i = first + 1; i < series.size; i++) value = join(value, series.value(i))
  return value
}

/**
 * Prometheus' `extrapolatedRate`: the growth between the first and the last sample, resets made good, then
 * stretched to the range's ends where a sample is near enough (1.1 × the mean spacing), otherwise by half a
 * spacing; and never back past the moment at which the counter would have been 0. In seconds and in this
 * order, so that even the rounding is the same.
 */
function increase(
  { series, first, startMs, endMs }: Range,
  perSeconds: number,
): number | undefined {
  const last = series.size - 1
  if (last <= first) return undefined
  const sampledSeconds = (series.atMs(last) - series.atMs(first)) / 1_000
  const spacingSeconds = sampledSeconds / (last - first)
  const reach = (gapMs: number) =>
    gapMs / 1_000 >= spacingSeconds * 1.1 ? spacingSeconds / 2 : gapMs / 1_000
  const growth = growthOf(series, first)
  const firstValue = series.value(first)
  // A counter cannot be negative: so long ago it was 0, growing as it does in the range.
  const fromZeroSeconds =
    growth > 0 && firstValue >= 0
      ? sampledSeconds * (firstValue / growth)
      : Number.POSITIVE_INFINITY
  const beforeSeconds = Math.min(reach(series.atMs(first) - startMs), fromZeroSeconds)
  const afterSeconds = reach(endMs - series.atMs(last))
  return growth * ((sampledSeconds + beforeSeconds + afterSeconds) / sampledSeconds / perSeconds)
}

/** A counter that falls was reset: it grew by all that it shows since. */
function growthOf(series: StoredSeries, first: number): number {
  const last = series.size - 1
  let growth = series.value(last) - series.value(first)
  for (let i = first + 1; i <= last; i++) {
    const before = series.value(i - 1)
    if (series.value(i) < before) growth += before
  }
  return growth
}
