// Differences between runs as a table: both means, what lies between them, and how sure that is.
import { figure, percent } from '../base/figures.ts'
import { formatDuration } from '../base/units.ts'
import type { MetricDifference } from '../run/differences.ts'
import { columns, type Paint } from './text.ts'

/** Rows under a heading; `a` and `b` name what is compared. */
export function differenceTable(
  differences: readonly MetricDifference[],
  [a, b]: readonly [string, string],
  paint: Paint,
): string[] {
  const heading = ['', 'metric', a, b, 'difference', '± 95 %'].map((h) => paint('dim', h))
  const rows = differences.map((d) => {
    const show = showing(d.metric)
    return [
      d.differs ? paint('yellow', d.mean > 0 ? '▲' : '▼') : '=',
      d.metric,
      show.value(d.a),
      show.value(d.b),
      show.change(d.mean),
      // Student's interval is symmetrical: half of it says it all.
      d.interval === null ? 'one seed' : show.half((d.interval.high - d.interval.low) / 2),
    ]
  })
  return columns([heading, ...rows], [2, 3, 4, 5])
}

/** Shares in percent and their differences in points, times as durations. */
export function showing(metric: string) {
  const sign = (value: number) => (value > 0 ? '+' : '')
  if (/^(item_(?!dup)|attempt_failed).* rate$/.test(metric))
    return {
      value: percent,
      change: (d: number) => `${sign(d)}${(100 * d).toFixed(2)} pt`,
      half: (d: number) => `${(100 * d).toFixed(2)} pt`,
    }
  const show = /_duration|wait/.test(metric) ? formatDuration : figure
  return { value: show, change: (d: number) => `${sign(d)}${show(d)}`, half: show }
}
