// Candidates for the cause of one incident: which of them the facts of its report refute, and by which fact.
import { number } from '../base/figures.ts'
import type { Judged, RunResult } from '../run/result.ts'
import { sayObserved } from '../verdict/said.ts'
import { columns, type Paint, type Style, wrap } from './text.ts'

/** The runs of one variant, one for each seed. */
export type Runs = readonly RunResult[]

/** Candidates stand side by side where a scenario expects some of them to miss its fingerprint: the report's facts. */
export function candidatesOf(variants: readonly Runs[]): readonly Runs[] {
  if (!variants.some((runs) => runs.some(isRefuted))) return []
  return variants.filter((runs) => runs.some((r) => isRefuted(r) || r.expect.breach.length > 0))
}

/** Whether the scenario expects the facts to refute it. */
export function isRefuted({ expect }: RunResult): boolean {
  return expect.fingerprint === 'missed'
}

/** `refuted by log_lines{…} count==0: observed 2,345`, or what it meets. */
export function sayFacts(runs: Runs): string {
  const facts = factsOf(runs)
  const missed = facts.filter((fact) => fact.missed > 0)
  if (missed.length === 0) return `meets all ${facts.length} facts of the report`
  return `refuted by ${missed
    .map((fact) => `${fact.metric} ${fact.expr}: observed ${sayFact(fact)}`)
    .join('; and by ')}`
}

/** Every candidate against every fact. */
export function candidateTable(
  candidates: readonly Runs[],
  width: number,
  paint: Paint,
): readonly string[] {
  if (candidates.length === 0) return []
  const name = ({ metric, expr }: Judged) => `${metric}: ${expr}`
  const named = candidates.flatMap((runs) => (runs[0]?.fingerprint ?? []).map(name))
  const facts = [...new Set(named)]
  const numbered = facts.map((fact, i) => `  ${i + 1}  ${fact}`)
  const heading = ['', 'candidate', ...facts.map((_, i) => String(i + 1)), '']
  const rows = candidates.map((runs) => {
    const found = new Map(factsOf(runs).map((fact) => [name(fact), fact]))
    // A candidate that was to be refuted is no trouble.
    const colour = runs.every(isRefuted) ? 'cyan' : 'red'
    const cells = facts.map((fact) => cell(found.get(fact), colour, paint))
    const missing = facts.flatMap((fact, i) => ((found.get(fact)?.missed ?? 0) > 0 ? [i + 1] : []))
    const refuted = missing.length > 0
    return [
      refuted ? paint(colour, '✗') : paint('green', '✓'),
      paint('bold', runs[0]?.variant ?? ''),
      ...cells,
      refuted ? `refuted by ${missing.join(', ')}` : `meets all ${found.size}`,
    ]
  })
  return [
    'the candidates against the facts of the report',
    ...numbered.flatMap((line) => wrap(line, width - 2, '     ')),
    '',
    ...columns([heading.map((text) => paint('dim', text)), ...rows]),
  ].map((line) => `  ${line}`.trimEnd())
}

/** A fact over all seeds. */
export interface Fact extends Judged {
  readonly missed: number
  readonly seeds: number
  readonly values: readonly number[]
}

export function factsOf(runs: Runs): Fact[] {
  return (runs[0]?.fingerprint ?? []).map((fact, i) => {
    const over = runs.flatMap(({ fingerprint }) => fingerprint[i] ?? [])
    const missed = over.filter(({ ok }) => ok !== true)
    // Where some seeds miss it, theirs are the values that tell.
    const telling = missed.length > 0 ? missed : over
    return {
      ...fact,
      missed: missed.length,
      seeds: over.length,
      values: telling.flatMap(({ observed: value }) => value ?? []),
    }
  })
}

function cell(fact: Fact | undefined, colour: Style, paint: Paint): string {
  if (fact === undefined) return ''
  const mark = fact.missed > 0 ? paint(colour, '✗') : paint('green', '✓')
  return `${mark} ${sayFact(fact)}`
}

/** `2,340–2,350 (2 of 3 seeds)` */
export function sayFact(fact: Fact): string {
  return `${observed(fact)}${inSome(fact)}`
}

function observed(fact: Fact): string {
  const { values } = fact
  if (values.length === 0) return 'nothing'
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) =>
    sayObserved({ ...fact, observed: value }),
  )
  return least === most ? `${least}` : `${least}–${most}`
}

function inSome({ missed, seeds }: Fact): string {
  return missed === 0 || missed === seeds ? '' : ` (${number(missed)} of ${number(seeds)} seeds)`
}
