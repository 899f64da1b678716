// An alert expression once read and checked: what is evaluated at every scrape.
import type { Labels } from './samples.ts'

export const ARITHMETIC = ['+', '-', '*', '/'] as const
export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const
export const SET_OPERATORS = ['and', 'or', 'unless'] as const
export const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count'] as const
export const RANGE_FUNCTIONS = [
  'rate',
  'increase',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'sum_over_time',
  'count_over_time',
  'last_over_time',
] as const

export type ArithmeticOperator = (typeof ARITHMETIC)[number]
export type ComparisonOperator = (typeof COMPARISONS)[number]
export type SetOperator = (typeof SET_OPERATORS)[number]
export type Aggregation = (typeof AGGREGATIONS)[number]
export type RangeFunction = (typeof RANGE_FUNCTIONS)[number]

/** Of one label; one that a series does not have counts as empty. */
export interface Matcher {
  readonly label: string
  /** The value of `label="value"`; undefined for the other operators. */
  readonly equals: string | undefined
  readonly accepts: (value: string) => boolean
}

interface Yields {
  /** The labels of every series it can yield; undefined where they differ from series to series. */
  readonly labelNames: readonly string[] | undefined
}

export interface Selector extends Yields {
  readonly kind: 'selector'
  readonly name: string
  readonly matchers: readonly Matcher[]
}

export interface OverRange extends Yields {
  readonly kind: 'range'
  readonly apply: RangeFunction
  readonly of: Selector
  readonly rangeMs: number
}

export interface Aggregate extends Yields {
  readonly kind: 'aggregate'
  readonly operator: Aggregation
  readonly by: readonly string[]
  readonly of: Vector
}

export interface Absent extends Yields {
  readonly kind: 'absent'
  readonly of: Vector
  /** What the one series has that is yielded where `of` has none. */
  readonly labels: Labels
}

/** Every series with one number. */
export interface WithNumber extends Yields {
  readonly kind: 'number'
  readonly operator: ArithmeticOperator | ComparisonOperator
  readonly of: Vector
  readonly number: number
  /** Whether the number stands on the left. */
  readonly numberFirst: boolean
}

/** Series of both sides with the same labels, one to one. */
export interface Match extends Yields {
  readonly kind: 'match'
  readonly operator: ArithmeticOperator | ComparisonOperator | SetOperator
  readonly left: Vector
  readonly right: Vector
}

/** Yields series. They lose their metric's name at once, as nothing in this subset shows it again. */
export type Vector = Selector | OverRange | Aggregate | Absent | WithNumber | Match

export interface PromqlExpression {
  readonly text: string
  readonly root: Vector
  /** The names that it reads, each with the longest range over it in milliseconds, 0 for none. */
  readonly keepMs: ReadonlyMap<string, number>
}

export function selectorsOf(node: Vector): readonly Selector[] {
  switch (node.kind) {
    case 'selector':
      return [node]
    case 'match':
      return [...selectorsOf(node.left), ...selectorsOf(node.right)]
    default:
      return selectorsOf(node.of)
  }
}
