// What alert expressions leave out of PromQL, and what in them could never mean anything: one sentence each.
import { suggestion } from '../base/suggest.ts'
import type { ExposedName } from '../metrics/exposition.ts'
import { RANGE_FUNCTIONS, type RangeFunction } from './promql-tree.ts'
import { SCRAPE_MS } from './samples.ts'

/** Why an expression cannot be used. */
export class Refusal extends Error {}

/** Constructs that the grammar knows, by its node's name. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  OffsetExpr: "'offset'",
  StepInvariantExpr: "'@'",
  SubqueryExpr: 'a subquery',
  AnchoredExpr: "'anchored'",
  SmoothedExpr: "'smoothed'",
  StringLiteral: 'a string on its own',
}

const OF_GAUGES = RANGE_FUNCTIONS.filter((name) => name.endsWith('_over_time'))

export function unsupported(construct: string, more = ''): Refusal {
  return new Refusal(`${construct} is not supported in alert expressions${more}`)
}

export function unsupportedName(what: string, name: string, known: readonly string[]): Refusal {
  return unsupported(`the ${what} '${name}'`, suggestion(name, known))
}

export function refuseUnknownLabel(label: string, known: readonly string[], whose: string): void {
  if (known.includes(label)) return
  if (known.length === 0) throw new Refusal(`${whose} has no label '${label}', nor any other`)
  throw new Refusal(`${whose} has no label '${label}'${suggestion(label, known)}`)
}

/** Of a gauge a rate means nothing; over a range too short for two samples it is always empty. */
export function refuseVainRate(
  apply: RangeFunction,
  name: string,
  { type }: ExposedName,
  rangeMs: number,
): void {
  if (apply !== 'rate' && apply !== 'increase') return
  if (type === 'gauge')
    throw new Refusal(
      `${apply}() is for counters, and ${name} is a gauge; use one of ${OF_GAUGES.join(', ')}`,
    )
  if (rangeMs > SCRAPE_MS) return
  const every = `one is taken every ${SCRAPE_MS / 1_000} s`
  throw new Refusal(
    `${apply}() needs two samples and ${every}, so its range must be longer, as in ${name}[1m]`,
  )
}
