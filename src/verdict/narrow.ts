// Whether a threshold was decided narrowly: so near its limit that another seed might decide otherwise.
import { type Measured, select, type Tags } from '../metrics/select.ts'
import { type Expression, holds } from './expression.ts'

/** Standard errors to either side: about 95 %. */
const ERRORS = 2

/**
 * True where the limit lies within the sampling error of what was observed. Of a rate: the normal approximation of a
 * binomial share. Of a percentile: the quantiles that its order statistics may stand for (Conover, Practical
 * Nonparametric Statistics, 3.2). Items of one run influence each other, so this is a hint, not a verdict; of
 * figures without samples, such as gauges and counts, nothing is said.
 */
export function isNarrow(
  measured: Measured,
  name: string,
  tags: Tags,
  expression: Expression,
  observed: number,
): boolean {
  const { aggregation, limit } = expression
  if (aggregation === 'rate') {
    const total = select(measured, name, tags, 'total')
    if (total === null) return false
    const error = Math.sqrt((observed * (1 - observed)) / total)
    return error > 0 && Math.abs(observed - limit) <= ERRORS * error
  }
  const share = aggregation === 'med' ? 0.5 : Number(/^p\((.+)\)$/.exec(aggregation)?.[1]) / 100
  const count = select(measured, name, tags, 'count')
  if (Number.isNaN(share) || count === null) return false
  const error = Math.sqrt((share * (1 - share)) / count)
  const at = (quantile: number) =>
    select(measured, name, tags, `p(${100 * Math.min(1, Math.max(0, quantile))})`)
  const ends = [at(share - ERRORS * error), at(share + ERRORS * error)]
  const decided = holds(observed, expression)
  return ends.some((end) => end !== null && holds(end, expression) !== decided)
}
