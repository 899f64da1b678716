// What must not happen in any run of a pipeline, whatever its scenario asserts.
import type { PipelineDefinition } from '../pipelines/pipeline.ts'
import type { Resolved } from '../scenario/schema.ts'
import type { Judgement } from './judge.ts'
import type { Judged } from './result.ts'

/** What a pipeline asks for by itself, where the scenario asks nothing of the same metric. */
export function impliedBy(
  { thresholds = {} }: Pick<PipelineDefinition, 'thresholds'>,
  scenario: Resolved,
): Readonly<Record<string, readonly string[]>> {
  const own = Object.keys(scenario.thresholds).map((key) => key.replace(/\{.*/, ''))
  return Object.fromEntries(Object.entries(thresholds).filter(([name]) => !own.includes(name)))
}

/** It has happened or not, however well the world kept time; where it has not, that says nothing of the scenario. */
export function withForbidden(judgement: Judgement, implied: readonly Judged[]): Judgement {
  const breached = implied.filter(({ ok }) => ok === false)
  if (breached.length === 0) return judgement
  const reasons = breached.map(
    ({ metric, expr, observed }) => `${metric} ${expr}: breached, observed ${observed}`,
  )
  return { verdict: 'fail', outcome: 'breached', reasons: [...reasons, ...judgement.reasons] }
}
