// Differences between runs as a table: both means, what lies between them, and how sure that is.
import type { MetricDifference } from '../run/differences.ts'
import { showing } from '../verdict/said.ts'
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
