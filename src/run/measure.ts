// Reads the books of a finished run into plain figures.
import { wordsOf } from '../metrics/attempts.ts'
import type { Metric } from '../metrics/catalog.ts'
import type { FATES, Fate } from '../metrics/outcomes.ts'
import { LOST } from '../metrics/outcomes.ts'
import { type Measured, select } from '../metrics/select.ts'
import type { Stretch } from '../metrics/which-lost.ts'
import type { PipelineDefinition } from '../pipelines/pipeline.ts'
import { exampleOf } from './example.ts'
import { itemId } from './item-id.ts'
import type { Book, FailureCount, Items } from './result.ts'

type Figures = Readonly<Record<string, number | null>>

/** The figures of each type of metric, as they stand in the summary. */
const SHOWN: Readonly<Record<Metric['type'], readonly string[]>> = {
  rate: ['rate', 'count'],
  trend: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)'],
  gauge: ['value', 'min', 'max', 'avg'],
  counter: ['count', 'rate'],
  ratio: ['value'],
}

export function itemsOf({ ledger }: Measured): Items {
  const of = (fate: (typeof FATES)[number]) => ledger.ended({}, [fate])
  return {
    offered: ledger.offered({}),
    succeeded: of('succeeded'),
    failed: of('failed'),
    skipped: of('skipped'),
    rejected: of('rejected'),
    discarded: of('discarded'),
    pending: ledger.pending({}),
    duplicates: ledger.duplicates,
  }
}

/** `traceOf`: the trace that an item carries, by its id; without it no item is named. */
export function failuresOf(
  { ledger }: Measured,
  traceOf: ((item: string) => string | undefined) | undefined,
): FailureCount[] {
  const which = ledger.whichLost({})
  const exampleFor = (fate: Fate, cause: number) => {
    const [first] = which.of(fate, cause)
    if (traceOf === undefined || first === undefined) return {}
    return { example: exampleOf(first[0], traceOf) }
  }
  return ledger
    .causes({}, LOST)
    .map(({ fate, stage, class: klass, count, id, ...cause }) => ({
      stage,
      class: klass,
      ...wordsOf(cause),
      fate,
      count,
      ...idsIn(which.of(fate, id)),
      ...exampleFor(fate, id),
    }))
    .sort((a, b) => b.count - a.count)
}

/** With more, a list would be read by nobody. */
const MOST_STRETCHES = 500

function idsIn(stretches: readonly Stretch[]): { which?: string } {
  if (stretches.length > MOST_STRETCHES) return {}
  const which = stretches.map(([first, last]) =>
    first === last ? itemId(first) : `${itemId(first)}-${itemId(last)}`,
  )
  return { which: which.join(' ') }
}

/** Every metric of the catalog over the whole run, the warm-up left out; parts and tags have places of their own. */
export function metricsOf(
  measured: Measured,
  catalog: ReadonlyMap<string, Metric>,
): Record<string, Figures> {
  const result: Record<string, Figures> = {}
  for (const [name, { type }] of catalog) {
    if (name.startsWith('part_') || name.startsWith('reported_')) continue
    const figures: Record<string, number | null> = {}
    for (const aggregation of SHOWN[type])
      figures[aggregation] = select(measured, name, {}, aggregation)
    if (Object.values(figures).every((figure) => figure === null)) continue
    if (type === 'rate') figures.total = total(figures)
    result[name] = figures
  }
  return result
}

function total({ rate, count }: Figures): number | null {
  return rate === null || rate === undefined || rate === 0 ? null : Math.round((count ?? 0) / rate)
}

export function reportedOf({ recorder }: Measured): Record<string, number> {
  return Object.fromEntries([...recorder.reported].map(([name, gauge]) => [name, gauge.value]))
}

/** Where the system's own figures part from what was measured by more than a hundredth. */
export function booksOf(measured: Measured, pipeline: PipelineDefinition): Book[] {
  return Object.entries(pipeline.books).flatMap(([reported, { metric, tags, aggregation }]) => {
    const says = measured.recorder.reported.get(reported)?.value
    const found = select(measured, metric, tags ?? {}, aggregation)
    if (says === undefined || found === null) return []
    const parted = Math.abs(says - found) > 0.01 * Math.max(Math.abs(says), Math.abs(found))
    const tagged = Object.entries(tags ?? {}).map(([tag, value]) => `${tag}:${value}`)
    const name = tagged.length === 0 ? metric : `${metric}{${tagged.join(',')}}`
    return parted ? [{ reported, says, metric: `${name} ${aggregation}`, measured: found }] : []
  })
}

export function partsOf({ recorder }: Measured): Record<string, unknown> {
  return Object.fromEntries([...recorder.parts].map(([name, part]) => [name, part.summary({})]))
}
