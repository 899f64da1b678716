// Alert expressions: the part of PromQL that alerts may use, parsed with Prometheus' own grammar.
import type { SyntaxNode } from '@lezer/common'
import { suggestion } from '../base/suggest.ts'
import type { ExposedName } from '../metrics/exposition.ts'
import type { Read } from './expression.ts'
import { FUNCTIONS, PromqlReader } from './promql-read.ts'
import { Refusal } from './promql-refusals.ts'
import type { PromqlExpression } from './promql-tree.ts'

export type { PromqlExpression } from './promql-tree.ts'

/** Checked against the names that a run exposes. The grammar is loaded by the first call. */
export async function parsePromql(
  text: string,
  names: ReadonlyMap<string, ExposedName>,
): Promise<Read<PromqlExpression>> {
  const { parser } = await import('@prometheus-io/lezer-promql')
  const { topNode } = parser.parse(text)
  const broken = firstError(topNode)
  if (broken !== undefined) return { problem: syntaxProblem(text, broken.from) }
  try {
    const reader = new PromqlReader(text, names)
    return { ok: { text, root: reader.read(topNode), keepMs: reader.keepMs } }
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.message }
    throw error
  }
}

function firstError(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type.isError) return node
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    const found = firstError(child)
    if (found !== undefined) return found
  }
  return undefined
}

function syntaxProblem(text: string, at: number): string {
  const before = text.slice(0, at)
  const called = /([A-Za-z_]\w*)\s*$/.exec(before)?.[1]
  if (text[at] === '(' && called !== undefined)
    return `unknown function '${called}'${suggestion(called, FUNCTIONS)}`
  const lines = before.split('\n')
  const line = text.trim().includes('\n') ? `line ${lines.length}, ` : ''
  const where = `syntax error at ${line}column ${(lines.at(-1)?.length ?? 0) + 1}`
  const found = /^\s*(\w+|\S)/.exec(text.slice(at))?.[1]
  return `${where}: ${found === undefined ? 'the expression ends too early' : `unexpected '${found}'`}`
}
