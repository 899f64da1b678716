// What the operators of alert expressions take: numbers, series, and series whose labels can match.
import { Refusal, unsupported } from './promql-refusals.ts'
import {
  ARITHMETIC,
  type ArithmeticOperator,
  COMPARISONS,
  SET_OPERATORS,
  type Vector,
} from './promql-tree.ts'

export type Operand = Vector | { readonly kind: 'literal'; readonly value: number }

export const COMPUTE: Readonly<
  Record<ArithmeticOperator, (left: number, right: number) => number>
> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
}

/** `source` is the whole expression of this operator, for the reader. Throws `Refusal`. */
export function applyOperator(
  word: string,
  left: Operand,
  right: Operand,
  source: string,
): Operand {
  const arithmetic = ARITHMETIC.find((known) => known === word)
  const operator = arithmetic ?? COMPARISONS.find((known) => known === word)
  const set = SET_OPERATORS.find((known) => known === word)
  if (left.kind !== 'literal' && right.kind !== 'literal') {
    const known = operator ?? set
    if (known === undefined) throw unsupported(`the operator '${word}'`)
    return {
      kind: 'match',
      operator: known,
      left,
      right,
      labelNames: labelsOf(word, left, right, source),
    }
  }
  if (set !== undefined)
    throw new Refusal(`'${set}' takes series on both sides, and '${source}' has a number`)
  if (operator === undefined) throw unsupported(`the operator '${word}'`)
  if (right.kind !== 'literal') {
    const number = left.kind === 'literal' ? left.value : Number.NaN
    return {
      kind: 'number',
      operator,
      of: right,
      number,
      numberFirst: true,
      labelNames: right.labelNames,
    }
  }
  if (left.kind !== 'literal')
    return {
      kind: 'number',
      operator,
      of: left,
      number: right.value,
      numberFirst: false,
      labelNames: left.labelNames,
    }
  if (arithmetic !== undefined)
    return { kind: 'literal', value: COMPUTE[arithmetic](left.value, right.value) }
  throw new Refusal(`'${source}' compares two numbers; one side must be series`)
}

/**
 * Of two sides whose labels always differ no series ever match, in Prometheus neither. Such an alert could
 * not fire and would pass for healthy, so it is refused.
 */
function labelsOf(
  word: string,
  left: Vector,
  right: Vector,
  source: string,
): readonly string[] | undefined {
  const [ours, theirs] = [left.labelNames, right.labelNames]
  if (ours === undefined || theirs === undefined)
    return word === 'or' ? undefined : (ours ?? theirs)
  if (ours.length === theirs.length && ours.every((name) => theirs.includes(name))) return ours
  if (word === 'or') return undefined
  throw new Refusal(
    `'${word}' pairs series with the same labels, but in '${source}' the left side has ${listed(ours)} ` +
      `and the right side has ${listed(theirs)}; aggregate both alike, as in sum(…) ${word} sum(…)`,
  )
}

function listed(labels: readonly string[]): string {
  return labels.length === 0 ? 'no labels' : `{${labels.join(', ')}}`
}
