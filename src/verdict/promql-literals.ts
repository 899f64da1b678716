// The leaves of an alert expression: numbers, strings, label matchers.
import type { SyntaxNode } from '@lezer/common'
import { readPattern } from './promql-patterns.ts'
import { Refusal, unsupported } from './promql-refusals.ts'
import type { Matcher } from './promql-tree.ts'

const NUMBER = /^[+-]?(?:0x[\da-f]+|(?=[\d.])(?:0|[1-9][\d_]*)?(?:\.[\d_]+)?(?:e[+-]?\d+)?)$/i
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  "'": "'",
  n: '\n',
  t: '\t',
  r: '\r',
}

export function readNumber(text: string): number {
  const size = text.replace(/^[+-]/, '')
  const sign = text.startsWith('-') ? -1 : 1
  if (/^inf$/i.test(size)) return sign * Number.POSITIVE_INFINITY
  if (/^nan$/i.test(size)) return Number.NaN
  if (/^(?!0x).*[smhdwy]$/i.test(size))
    throw new Refusal(
      `'${text}' is a duration where a number stands; write seconds as a plain number`,
    )
  // A leading zero makes a number octal for Prometheus.
  if (!NUMBER.test(size)) throw unsupported(`the number '${text}'`)
  return sign * Number(size.replaceAll('_', ''))
}

/** `{route="infer",class!~"http-5.."}` */
export function readMatchers(text: string, braces: SyntaxNode): Matcher[] {
  const matchers: Matcher[] = []
  for (let node = braces.firstChild; node !== null; node = node.nextSibling) {
    if (node.name === 'LineComment') continue
    const of = (name: string) => {
      const part = node?.getChild(name)
      return part === null || part === undefined ? '' : text.slice(part.from, part.to)
    }
    if (node.name !== 'UnquotedLabelMatcher') throw unsupported('a quoted name')
    matchers.push(matcher(of('LabelName'), of('MatchOp'), readString(of('StringLiteral'))))
  }
  return matchers
}

function matcher(label: string, operator: string, wanted: string): Matcher {
  switch (operator) {
    case '=':
      return { label, equals: wanted, accepts: (value) => value === wanted }
    case '!=':
      return { label, equals: undefined, accepts: (value) => value !== wanted }
    default: {
      const matches = readPattern(wanted)
      const asked = operator === '=~'
      return { label, equals: undefined, accepts: (value) => matches(value) === asked }
    }
  }
}

function readString(quoted: string): string {
  const inside = quoted.slice(1, -1)
  if (quoted.startsWith('`')) return inside
  return inside.replaceAll(/\\(.)/gs, (found, letter: string) => {
    const character = ESCAPES[letter]
    if (character === undefined)
      throw new Refusal(`unknown escape '${found}' in ${quoted}; a backslash is written \\\\`)
    return character
  })
}
