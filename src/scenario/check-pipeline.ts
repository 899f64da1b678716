// Checks a pipeline against itself: its options, and of a user's own that its hosts and routes are there.
import { suggestion } from '../base/suggest.ts'
import type { PipelineDefinition } from '../pipelines/pipeline.ts'
import { STORE_NAME, STORE_ROUTES } from '../worlds/world.ts'
import type { Problem } from './problems.ts'
import { pipelineOf, type Resolved } from './schema.ts'

export function checkPipeline(scenario: Resolved): Problem[] {
  const pipeline = pipelineOf(scenario)
  const wrong = pipeline.check?.(scenario.pipeline) ?? []
  if (wrong.length > 0)
    return wrong.map(({ path, message }) => ({ path: ['pipeline', ...path], message }))
  if (scenario.modules?.[pipeline.kind] === undefined) return []
  const names = pipeline.hosts(scenario.pipeline).map(({ name }) => name)
  return [...wrongHosts(pipeline, names), ...wrongOutcomes(pipeline)].map((message) => ({
    path: ['pipeline', 'kind'],
    message: `${pipeline.kind}: ${message}`,
  }))
}

function wrongHosts({ entry }: PipelineDefinition, names: readonly string[]): string[] {
  const twice = names.filter((name, i) => names.indexOf(name) < i)
  return [
    ...(names.includes(entry)
      ? []
      : [`its entry '${entry}' is none of its hosts${suggestion(entry, names)}`]),
    ...[...new Set(twice)].map((name) => `two of its hosts are called '${name}'`),
    ...(names.includes(STORE_NAME) ? [`'${STORE_NAME}' is the object store, not a host`] : []),
  ]
}

function wrongOutcomes({ outcomes, routes, lines }: PipelineDefinition): string[] {
  const known = [...STORE_ROUTES, ...Object.keys(routes)]
  return outcomes.flatMap((rule, i) => {
    const at = `outcomes[${i}]`
    if (rule.on === 'reply' && !known.includes(rule.route))
      return [`${at}: no route '${rule.route}'${suggestion(rule.route, known)}`]
    if (rule.on === 'log' && !lines.includes(rule.line))
      return [`${at}: no line '${rule.line}' among its \`lines\`${suggestion(rule.line, lines)}`]
    return []
  })
}
