// Calls of somebody else's process that a rule waits for, and that could never be told apart by item: a wrong `key`.
import type { PipelineDefinition } from '../pipelines/pipeline.ts'
import type { Unidentified } from '../worlds/real/identified.ts'

/** A line for each such route: what is said of items without it would be wrong. */
export function uncorrelated(
  { mayBeUnexplained, outcomes, routes }: PipelineDefinition,
  never: readonly Unidentified[],
): string[] {
  if (mayBeUnexplained !== true) return []
  const awaited = outcomes.flatMap((rule) =>
    rule.on === 'reply' ? [rule.route, ...Object.keys(rule.after ?? {})] : [],
  )
  return never.flatMap(({ route, calls, key }) => {
    const where = routes[route]?.key
    if (where === undefined || !awaited.includes(route)) return []
    const found = key === '' ? 'nothing stood there' : `there stood '${key}'`
    return [
      `no rule about ${route} can match: none of its ${calls} calls had an item's id at ${where}; ${found}`,
    ]
  })
}
