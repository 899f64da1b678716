// Walks the syntax tree of an alert expression; what the subset leaves out is refused by its name.
import type { SyntaxNode } from '@lezer/common'
import { must } from '../base/assert.ts'
import { suggestion } from '../base/suggest.ts'
import { readDuration } from '../base/units.ts'
import type { ExposedName } from '../metrics/exposition.ts'
import { readMatchers, readNumber } from './promql-literals.ts'
import { applyOperator, type Operand } from './promql-operators.ts'
import {
  LEFT_OUT,
  Refusal,
  refuseUnknownLabel,
  refuseVainRate,
  unsupported,
  unsupportedName,
} from './promql-refusals.ts'
import {
  AGGREGATIONS,
  type Matcher,
  RANGE_FUNCTIONS,
  type RangeFunction,
  type Selector,
  type Vector,
} from './promql-tree.ts'
import type { Labels } from './samples.ts'

export const FUNCTIONS: readonly string[] = [...RANGE_FUNCTIONS, 'absent']

export class PromqlReader {
  readonly keepMs = new Map<string, number>()
  readonly #text: string
  readonly #names: ReadonlyMap<string, ExposedName>

  constructor(text: string, names: ReadonlyMap<string, ExposedName>) {
    this.#text = text
    this.#names = names
  }

  /** Of a tree without syntax errors. Throws `Refusal`. */
  read(top: SyntaxNode): Vector {
    const read = this.#operand(part(top, 0))
    if (read.kind !== 'literal') return read
    throw new Refusal(
      `'${this.#of(part(top, 0))}' is a number, so the alert would always fire; compare a metric`,
    )
  }

  #of(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to).replaceAll(/\s+/g, ' ')
  }

  #operand(node: SyntaxNode): Operand {
    switch (node.name) {
      case 'ParenExpr':
        return this.#operand(part(node, 0))
      case 'NumberDurationLiteral':
        return { kind: 'literal', value: readNumber(this.#of(node)) }
      case 'VectorSelector':
        return this.#selector(node, 0)
      case 'UnaryExpr': {
        const of = this.#operand(part(node, 1))
        const minusOne = { kind: 'literal', value: -1 } as const
        return this.#of(part(node, 0)) === '-'
          ? applyOperator('*', of, minusOne, this.#of(node))
          : of
      }
      case 'BinaryExpr':
        return this.#binary(node)
      case 'AggregateExpr':
        return this.#aggregate(node)
      case 'FunctionCall':
        return this.#call(node)
      case 'MatrixSelector':
        throw new Refusal(
          `'${this.#of(node)}' is a range: it stands inside a function, as in rate(x[5m])`,
        )
      default:
        throw unsupported(LEFT_OUT[node.name] ?? `'${this.#of(node)}'`)
    }
  }

  #binary(node: SyntaxNode): Operand {
    const [left, operator, ...rest] = parts(node)
    const modifier = rest.length > 1 ? rest[0] : undefined
    if (modifier !== undefined) throw unsupported(`'${this.#modifier(modifier)}'`)
    return applyOperator(
      this.#of(must(operator, 'a binary expression has its operator')).toLowerCase(),
      this.#operand(must(left, 'and its left side')),
      this.#operand(must(rest[0], 'and its right side')),
      this.#of(node),
    )
  }

  /** `on (x) group_left` is refused as `group_left`. */
  #modifier(node: SyntaxNode): string {
    const words = parts(node).filter((word) => word.name !== 'GroupingLabels')
    return this.#of(words.at(-1) ?? node)
  }

  #selector(node: SyntaxNode, rangeMs: number): Selector {
    const [identifier, braces] = parts(node)
    if (identifier?.name !== 'Identifier')
      throw unsupported(`'${this.#of(node)}', which names no metric before its brace,`)
    const name = this.#of(identifier)
    const { labels } = this.#metric(name)
    const matchers = braces === undefined ? [] : readMatchers(this.#text, braces)
    for (const { label } of matchers) refuseUnknownLabel(label, labels, name)
    this.keepMs.set(name, Math.max(rangeMs, this.keepMs.get(name) ?? 0))
    return { kind: 'selector', name, matchers, labelNames: labels }
  }

  #metric(name: string): ExposedName {
    const metric = this.#names.get(name)
    if (metric !== undefined) return metric
    throw new Refusal(`unknown metric '${name}'${suggestion(name, [...this.#names.keys()])}`)
  }

  #aggregate(node: SyntaxNode): Vector {
    const word = this.#of(part(node, 0)).toLowerCase()
    const operator = AGGREGATIONS.find((known) => known === word)
    if (operator === undefined) throw unsupportedName('aggregation', word, AGGREGATIONS)
    const by = this.#groupedBy(node.getChild('AggregateModifier'))
    const of = this.#series(this.#argument(node, word), word)
    for (const label of by)
      refuseUnknownLabel(label, of.labelNames ?? by, `what ${word}() is given`)
    return { kind: 'aggregate', operator, by, of, labelNames: of.labelNames && by }
  }

  #groupedBy(modifier: SyntaxNode | null): string[] {
    if (modifier === null) return []
    const [word, grouping] = parts(modifier)
    if (word?.name !== 'By' || grouping === undefined) throw unsupported("'without'")
    return parts(grouping).map((label) => {
      if (label.name !== 'LabelName') throw unsupported('a quoted name')
      return this.#of(label)
    })
  }

  #call(node: SyntaxNode): Vector {
    const name = this.#of(part(node, 0))
    const apply = RANGE_FUNCTIONS.find((known) => known === name)
    if (apply !== undefined) return this.#overRange(apply, this.#argument(node, name))
    if (name !== 'absent') throw unsupportedName('function', name, FUNCTIONS)
    const of = this.#series(this.#argument(node, name), name)
    const labels = of.kind === 'selector' ? labelsAskedFor(of.matchers) : {}
    return { kind: 'absent', of, labels, labelNames: Object.keys(labels) }
  }

  #overRange(apply: RangeFunction, argument: SyntaxNode): Vector {
    const range = withoutParentheses(argument)
    const refused = LEFT_OUT[range.name]
    if (refused !== undefined) throw unsupported(refused)
    const [of, duration] = parts(range)
    if (range.name !== 'MatrixSelector' || of?.name !== 'VectorSelector' || duration === undefined)
      throw new Refusal(
        `${apply}() takes a metric with a range, as in ${apply}(x[5m]), not '${this.#of(argument)}'`,
      )
    const rangeMs = this.#rangeMs(duration)
    const selector = this.#selector(of, rangeMs)
    if (apply === 'rate' || apply === 'increase')
      refuseVainRate(apply, selector.name, this.#metric(selector.name), rangeMs)
    return { kind: 'range', apply, of: selector, rangeMs, labelNames: selector.labelNames }
  }

  #rangeMs(node: SyntaxNode): number {
    if (part(node, 0).name !== 'NumberDurationLiteralInDurationContext')
      throw unsupported(`'${this.#of(node)}' as a range`)
    const read = readDuration(this.#of(node))
    if ('problem' in read) throw new Refusal(`range [${this.#of(node)}]: ${read.problem}`)
    if (read.ok > 0) return read.ok
    throw new Refusal(`range [${this.#of(node)}]: must be longer than zero`)
  }

  #argument(node: SyntaxNode, who: string): SyntaxNode {
    const body = node.getChild('FunctionCallBody')
    const given = body === null ? [] : parts(body)
    if (given.length === 1) return part(must(body, 'what holds an argument'), 0)
    throw new Refusal(`${who}() takes one argument here, not ${given.length}`)
  }

  #series(node: SyntaxNode, who: string): Vector {
    const read = this.#operand(node)
    if (read.kind !== 'literal') return read
    throw new Refusal(`${who}() takes series, and '${this.#of(node)}' is a number`)
  }
}

/** The labels that absent() gives its one series: those asked for by one equality and nothing after it. */
function labelsAskedFor(matchers: readonly Matcher[]): Labels {
  const labels = new Map<string, string>()
  const seen = new Set<string>()
  for (const { label, equals } of matchers) {
    if (equals === undefined || seen.has(label)) labels.delete(label)
    else {
      labels.set(label, equals)
      seen.add(label)
    }
  }
  return Object.fromEntries([...labels].filter(([, value]) => value !== ''))
}

function withoutParentheses(node: SyntaxNode): SyntaxNode {
  return node.name === 'ParenExpr' ? withoutParentheses(part(node, 0)) : node
}

function part(node: SyntaxNode, index: number): SyntaxNode {
  return must(parts(node)[index], `${node.name} has its parts when there is no syntax error`)
}

/** Children, comments left out. */
function parts(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== 'LineComment') found.push(child)
  return found
}
