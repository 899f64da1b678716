// Hunts for a case that breaks what must hold of every one, and shrinks it to a small one.
import fc from 'fast-check'
import { parse } from 'yaml'
import type { PipelineDefinition } from '../../src/pipelines/pipeline.ts'
import type { Raw } from '../../src/scenario/merge.ts'
import { resolvedSchema } from '../../src/scenario/schema.ts'
import { type Case, casesOf } from './cases.ts'
import { saidBy } from './coverage.ts'
import type { Judged, Oracle, Outcome } from './oracle.ts'

export interface Hunt {
  readonly seed: number
  readonly cases: number
  /** Default: the bundled ones. */
  readonly pipeline?: PipelineDefinition | undefined
  /** Told of every case before it is judged. */
  readonly onCase?: (one: Case) => void
}

export interface Bag {
  readonly outcomes: Readonly<Record<Outcome, number>>
  /** Sound scenarios that were refused: their variants and briefs did not fit together. */
  readonly soundRefused: number
  /** Options that scenarios which ran said. */
  readonly said: ReadonlySet<string>
  readonly mostEvents: number
  readonly found: { readonly one: Case; readonly faults: readonly string[] } | undefined
}

/** Small enough by then; some findings take long to show. */
const MOST_SHRINKS = 1_000

export async function hunt(oracle: Oracle, asked: Hunt): Promise<Bag> {
  const { seed, cases: numRuns, pipeline, onCase } = asked
  const outcomes: Record<Outcome, number> = { ran: 0, refused: 0, 'too large': 0 }
  const said = new Set<string>()
  let [soundRefused, mostEvents, isOver] = [0, 0, false]
  const count = (one: Case, { outcome, events }: Judged) => {
    outcomes[outcome]++
    mostEvents = Math.max(mostEvents, events)
    if (outcome === 'refused' && one.isSound) soundRefused++
    if (outcome === 'ran') for (const option of optionsSaid(one)) said.add(option)
  }
  let shrinks = 0
  const holds = fc.asyncProperty(casesOf(pipeline), async (one) => {
    if (isOver && shrinks++ > MOST_SHRINKS) return
    onCase?.(one)
    const judged = await oracle.judge(one)
    if (!isOver) count(one, judged)
    if (judged.faults.length === 0) return
    // What follows is shrinking.
    isOver = true
    throw new Error(judged.faults.join('\n'))
  })
  const { counterexample } = await fc.check(holds, { seed, numRuns })
  const [one] = counterexample ?? []
  const found = one && { one, faults: (await oracle.judge(one)).faults }
  return { outcomes, soundRefused, said, mostEvents, found }
}

const CHUNK = 200

/** Draws more, and judges those that say an option which none that ran has said, until all are said or so many are drawn. */
export async function complete(
  oracle: Oracle,
  bag: Bag,
  options: readonly string[],
  { seed, cases }: Hunt,
): Promise<Bag> {
  const said = new Set(bag.said)
  let { found } = bag
  for (let drawn = 0; drawn < cases && found === undefined; drawn += CHUNK) {
    const missing = () => new Set(options.filter((option) => !said.has(option)))
    if (missing().size === 0) break
    // Seeds follow each other, and the first was the hunt's.
    for (const one of fc.sample(casesOf(), { seed: seed + 1 + drawn, numRuns: CHUNK })) {
      if (!one.isSound) continue
      const says = optionsSaid(one)
      if (missing().isDisjointFrom(new Set(says))) continue
      const { outcome, faults } = await oracle.judge(one)
      if (faults.length > 0) found ??= { one, faults }
      if (outcome === 'ran') for (const option of says) said.add(option)
    }
  }
  return { ...bag, said, found }
}

/** Of the scenario itself; what its variants and briefs say are the same options. */
function optionsSaid({ files, name }: Case): string[] {
  const { variants: _, brief: __, ...base } = parse(files[name] ?? '') as Raw
  return saidBy(resolvedSchema, base)
}

/** A counterexample as text: its files, what is wrong with it, and how it is judged again. */
export function told({ one, faults }: NonNullable<Bag['found']>, command: string): string {
  const files = Object.entries(one.files).map(([name, text]) => `--- ${name}\n${text}`)
  return [...files, `--- seed ${one.seed}`, ...faults, '', `again: ${command}`].join('\n')
}
