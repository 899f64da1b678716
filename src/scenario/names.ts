// What tags and labels may say in a scenario: a word that nothing ever bears selects nothing, for ever, without a word.
import { suggestion } from '../base/suggest.ts'
import { FATES } from '../metrics/outcomes.ts'
import { type PipelineDefinition, partNamesOf, routesOf } from '../pipelines/pipeline.ts'
import { CALL_CLASSES, PART_CLASSES } from '../worlds/world.ts'
import type { Resolved } from './schema.ts'

/** By tag or label, the values that samples can have. Of a tag that is not in it they are not known beforehand. */
export type Names = Readonly<Record<string, readonly string[]>>

const STATUSES = Array.from({ length: 200 }, (_, i) => `http-${400 + i}`)

export function namesOf(scenario: Resolved, pipeline: PipelineDefinition): Names {
  const { outcomes } = pipeline
  const hosts = pipeline.hosts(scenario.pipeline).map((host) => host.name)
  const routes = routesOf(pipeline, scenario.pipeline)
  const ofParts = partNamesOf(pipeline, scenario.pipeline).length > 1 ? PART_CLASSES : []
  return {
    phase: ['warmup', 'before', 'fault', 'after'],
    fault: scenario.faults.flatMap((f) => f.name ?? []),
    window: Object.keys(scenario.windows),
    result: FATES.filter((fate) => fate !== 'pending'),
    fate: FATES.filter((fate) => fate !== 'pending'),
    route: routes,
    line: pipeline.lines,
    part: [...pipeline.parts, ...hosts],
    stage: unique([...routes, 'reply', ...outcomes.map((rule) => rule.stage ?? rule.on)]),
    class: unique([
      ...CALL_CLASSES,
      ...ofParts,
      ...outcomes.flatMap((rule) => rule.class ?? []),
      ...STATUSES,
    ]),
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}

/** `no phase 'aftr' in this scenario; did you mean 'after'? Known: warmup, before, fault, after` */
export function unknownName(tag: string, value: string, names: Names): string {
  const known = names[tag] ?? []
  if (known.length > 0) return `no ${tag} '${value}' in this scenario${suggestion(value, known)}`
  return `no ${tag} '${value}' in this scenario${REMEDY[tag] ?? ''}`
}

/** What gives a tag its first value. */
const REMEDY: Readonly<Record<string, string>> = {
  fault: '; give the fault that name: {kind: …, name: …}',
  window: '; say when it is: windows: {name: {at: …, for: …}}',
}
