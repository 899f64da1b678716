// Checks what a scenario asserts: that its metrics, tags and labels exist, and that what it expects can be judged.
import { listed, suggestion } from '../base/suggest.ts'
import type { Metric } from '../metrics/catalog.ts'
import type { ExposedName } from '../metrics/exposition.ts'
import { readExpression, readMetric } from '../verdict/expression.ts'
import { parsePromql } from '../verdict/promql.ts'
import { selectorsOf } from '../verdict/promql-tree.ts'
import { type Names, unknownName } from './names.ts'
import type { Problem } from './problems.ts'
import type { Resolved } from './schema.ts'
import type { Path } from './source.ts'

export function checkJudged(
  scenario: Resolved,
  names: Names,
  catalog: ReadonlyMap<string, Metric>,
): Problem[] {
  return (['thresholds', 'fingerprint'] as const).flatMap((section) =>
    Object.entries(scenario[section]).flatMap(([key, expressions]) =>
      checkMetric(key, expressions, [section, key], catalog, names),
    ),
  )
}

function checkMetric(
  key: string,
  expressions: readonly string[],
  path: Path,
  catalog: ReadonlyMap<string, Metric>,
  names: Names,
): Problem[] {
  const onKey = (message: string): Problem[] => [{ path, on: 'key', message }]
  const read = readMetric(key, catalog)
  if ('problem' in read) return onKey(read.problem)
  const { metric, tags, name } = read.ok
  if (name.startsWith('part_') && tags.part === undefined)
    return onKey(`${name} needs a part: ${name}{part:…}; known: ${listed(names.part ?? [])}`)
  const wrong = Object.entries(tags).find(([tag, value]) => names[tag]?.includes(value) === false)
  if (wrong !== undefined) return onKey(unknownName(...wrong, names))
  return expressions.flatMap((expression, i): Problem[] => {
    const parsed = readExpression(expression, metric)
    return 'problem' in parsed ? [{ path: [...path, i], message: parsed.problem }] : []
  })
}

/** `expect.breach` names thresholds of this variant, as they are written there. */
export function checkExpectation({ expect, thresholds, fingerprint }: Resolved): Problem[] {
  const known = Object.keys(thresholds)
  const problem = (metric: string) =>
    `'${metric}' is no threshold of this variant${known.length === 0 ? ', which has none' : suggestion(metric, known)}`
  const breach = expect.breach.flatMap((metric, i) =>
    known.includes(metric) ? [] : [{ path: ['expect', 'breach', i], message: problem(metric) }],
  )
  if (expect.fingerprint === 'met' || Object.keys(fingerprint).length > 0) return breach
  const nothing = 'there is no fingerprint here that could be missed'
  return [...breach, { path: ['expect', 'fingerprint'], message: nothing }]
}

export async function checkAlerts(
  { alerts }: Resolved,
  names: Names,
  exposed: ReadonlyMap<string, ExposedName>,
): Promise<Problem[]> {
  const problems = await Promise.all(
    alerts.map(async ({ expr }, i): Promise<Problem[]> => {
      const parsed = await parsePromql(expr, exposed)
      const path = ['alerts', i, 'expr']
      if ('problem' in parsed) return [{ path, message: parsed.problem }]
      const vain = selectorsOf(parsed.ok.root)
        .flatMap(({ matchers }) => matchers)
        .find(({ label, accepts }) => names[label]?.some(accepts) === false)
      if (vain === undefined) return []
      const { label, equals } = vain
      const message =
        equals === undefined
          ? `no ${label} in this scenario is matched in '${expr}'; known: ${listed(names[label] ?? [])}`
          : unknownName(label, equals, names)
      return [{ path, message }]
    }),
  )
  return problems.flat()
}
