// The details of a variant: fates by stage and cause, thresholds with margins, faults with evidence, the two sets of books.

import stringWidth from 'string-width'
import { figure, number, percent } from '../base/figures.ts'
import { formatDuration } from '../base/units.ts'
import type { Judged, RunResult } from '../run/result.ts'
import { judgeSeeds } from '../run/seeds.ts'
import { sayMargin, sayObserved } from '../verdict/said.ts'
import { sayMeasured } from './books.ts'
import { burden, denominators, recoveryLines, untold } from './burden.ts'
import { isRefuted } from './candidates.ts'
import { faultLine } from './evidence.ts'
import { keptTime, measuredSkews, ownTime, untrusting } from './real-time.ts'
import { type RenderOptions, runCommand } from './reporter.ts'
import { shownOf } from './shown.ts'
import { columns, type Paint, pad, wrap } from './text.ts'
import { windowNote, windowTable } from './window-table.ts'

const MARGIN = '    '
const LABEL = 12
const BESIDE = MARGIN.length + LABEL

/** What stands beside a label: rows of cells, some columns of which hold figures. */
interface Section {
  readonly label: string
  readonly rows: readonly (readonly string[])[]
  readonly right?: readonly number[]
}

/** Of several seeds one is shown, and says which it is. */
export function detailsOf(
  runs: readonly RunResult[],
  { width, command }: RenderOptions,
  paint: Paint,
): string[] {
  const run = shownOf(runs)
  if (run === undefined) return []
  const about = run.about === undefined ? '' : `  ${run.about}`
  const sections: readonly Section[] = [
    { label: 'why', rows: run.reasons.map((reason) => [paint(colourOf(run), reason)]) },
    { label: 'fates', rows: [[fates(run)]] },
    { label: 'lost', rows: lost(run), right: [3, 4] },
    { label: 'discarded', rows: discarded(run) },
    { label: 'examples', rows: traced(run) },
    { label: 'output', rows: output(run) },
    { label: 'denominator', rows: denominators(run), right: [2] },
    { label: 'upstreams', rows: burden(run) },
    { label: 'windows', rows: windowTable(run), right: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
    { label: '', rows: note(windowNote(run)) },
    { label: 'untold', rows: untold(run) },
    { label: 'recovery', rows: recoveryLines(run, paint) },
    { label: 'SLO', rows: judged(run.thresholds, paint, breachExpected(run)) },
    { label: 'fingerprint', rows: fingerprint(run, paint) },
    { label: 'faults', rows: run.faults.map((fault) => [faultLine(fault)]) },
    { label: 'clocks', rows: measuredSkews(run.environment).map((line) => [line]) },
    { label: 'egress', rows: untrusting(run.environment).map((line) => [line]) },
    { label: 'alerts', rows: alerts(run, paint) },
    { label: 'books', rows: books(run) },
    { label: 'kept time', rows: keptTime(run.environment).map((line) => [line]) },
    { label: 'own time', rows: ownTime(run.environment).map((line) => [line]) },
    { label: 'knife-edge', rows: knifeEdge(runs, paint).map((line) => [line]) },
  ]
  const beside = (label: string, lines: readonly string[]) =>
    lines.map((line, i) => `${MARGIN}${paint('dim', pad(i === 0 ? label : '', LABEL))}${line}`)
  return [
    ...wrap(
      `  ${run.variant}${runs.length > 1 ? ` (seed ${run.seed})` : ''}${about}`,
      width,
      MARGIN,
    ),
    ...sections.flatMap((section) => beside(section.label, laidOut(section, width - BESIDE))),
    // A command to copy: it is never broken.
    ...beside('again', counterexample(runs, run, command, paint)),
    '',
  ]
}

/** In columns where they fit, else row by row. */
function laidOut({ rows, right = [] }: Section, width: number): string[] {
  const lines = columns(rows, right)
  if (lines.every((line) => stringWidth(line) <= width)) return lines
  return rows.flatMap((row) => wrap(row.filter((cell) => cell !== '').join('  '), width, '   '))
}

function counterexample(
  runs: readonly RunResult[],
  run: RunResult,
  command: string,
  paint: Paint,
): string[] {
  if (runs.length === 1 || run.verdict === 'pass') return []
  const what = run.verdict === 'fail' ? 'counterexample' : 'this seed'
  return [`${paint('yellow', what)}: ${runCommand(command, run, { variant: run.variant })}`]
}

function note(text: string | undefined): string[][] {
  return text === undefined ? [] : [[text]]
}

function colourOf({ verdict }: RunResult): 'red' | 'yellow' {
  return verdict === 'fail' ? 'red' : 'yellow'
}

function fates({ items }: RunResult): string {
  const order = [
    'succeeded',
    'failed',
    'skipped',
    'rejected',
    'discarded',
    'pending',
    'duplicates',
  ] as const
  const some = order
    .filter((fate) => items[fate] > 0)
    .map((fate) => `${fate} ${number(items[fate])}`)
  return `offered ${number(items.offered)}: ${some.join(' · ') || 'nothing ended'}`
}

function lost({ failures, items }: RunResult): string[][] {
  return failures.map((f) => [
    f.fate,
    `at ${f.stage}`,
    [f.class, f.code, f.message === undefined ? undefined : `"${f.message}"`]
      .filter((w) => w !== undefined)
      .join(' '),
    number(f.count),
    percent(f.count / items.offered),
  ])
}

/** As many lists of ids as fit into a line; the summary has all of them. */
const MOST_STRETCHES = 4

/** Which items those are that were accepted and are gone: no call of theirs has failed, so no log has them. */
function discarded({ failures }: RunResult): string[][] {
  return failures.flatMap(({ fate, stage, class: klass, which }) => {
    if (fate !== 'discarded' || which === undefined) return []
    const all = which.split(' ')
    const rest = all.length - MOST_STRETCHES
    const shown = all.slice(0, MOST_STRETCHES).join(' ')
    return [[`at ${stage}, ${klass}`, rest > 0 ? `${shown} and ${number(rest)} more` : shown]]
  })
}

/** One item of each, by the trace that the process' own logs know it by. */
function traced({ failures }: RunResult): string[][] {
  return failures.flatMap(({ example, fate, stage, class: klass }) =>
    example === undefined
      ? []
      : [[`${fate} at ${stage}, ${klass}`, `item ${example.item}`, example.traceparent ?? '']],
  )
}

/** Quoted from processes' output; where the rest of it stands. */
function output({ said = [], environment }: RunResult): string[][] {
  const quoted = said.flatMap(({ host, item, lines }) => [
    [`${host}, ${item === undefined ? 'before it ended' : `of item ${item}`}`],
    ...lines.map((line) => [`  ${line}`]),
  ])
  const files = (environment?.outputs ?? []).map(({ host, file, ended }) => [
    `${host}${ended === undefined ? '' : ` ended ${ended}`}: ${file}`,
  ])
  return [...quoted, ...files]
}

/** What is said of an assertion that did not hold and was not meant to; nothing where it was. */
type Foreseen = (j: Judged) => string | undefined

function breachExpected({ expect }: RunResult): Foreseen {
  return ({ metric }) => (expect.breach.includes(metric) ? 'breach expected' : undefined)
}

function judged(all: readonly Judged[], paint: Paint, foreseen: Foreseen): string[][] {
  return all.map((j) => {
    const said = j.ok === false ? foreseen(j) : undefined
    const mark =
      j.ok === null
        ? paint('yellow', '?')
        : j.ok
          ? paint('green', '✓')
          : paint(said === undefined ? 'red' : 'cyan', '✗')
    const margin = sayMargin(j)
    return [
      mark,
      `${j.metric}: ${j.expr}`,
      sayObserved(j),
      said ?? (margin === '' ? '' : `margin ${margin}`),
    ]
  })
}

/** Judged where a breach is expected, or the facts are to refute a candidate; elsewhere one line of information. */
function fingerprint(run: RunResult, paint: Paint): string[][] {
  if (isRefuted(run)) return judged(run.fingerprint, paint, () => 'refutes it')
  if (run.expect.breach.length > 0) return judged(run.fingerprint, paint, () => undefined)
  if (run.fingerprint.length === 0) return []
  const met = run.fingerprint.filter((f) => f.ok === true).length
  return [
    [
      `${met} of ${run.fingerprint.length} met: no breach is expected here, so it is information only`,
    ],
  ]
}

function alerts({ alerts: all, faults }: RunResult, paint: Paint): string[][] {
  const firstMs = Math.min(...faults.map((f) => f.atMs))
  return all.map((a) => {
    const fired =
      a.firedAtMs === null
        ? 'silent'
        : Number.isFinite(firstMs)
          ? `fired ${formatDuration(a.firedAtMs - firstMs)} after the first fault`
          : `fired at ${formatDuration(a.firedAtMs)}`
    const wanted = a.expect === null ? '' : `expected: ${a.expect}`
    const unknown = a.expect === null ? ' ' : paint('yellow', '?')
    const mark = a.ok === null ? unknown : a.ok ? paint('green', '✓') : paint('red', '✗')
    return [mark, a.name, fired, wanted]
  })
}

function books({ books: all }: RunResult): string[][] {
  return all.map((b) => [
    `it says ${b.reported} ${figure(b.says)}`,
    `measured ${b.metric} ${sayMeasured(b)}`,
  ])
}

/** Where one seed decides a threshold narrowly, more of them tell how often it holds. */
function knifeEdge(runs: readonly RunResult[], paint: Paint): string[] {
  const [edge, ...others] = judgeSeeds(runs).knifeEdge
  if (edge === undefined) return []
  const more = others.length === 0 ? '' : `, and ${others.length} more like it`
  return [
    paint(
      'yellow',
      `${edge.metric} ${edge.expr}: observed ${sayObserved(edge)} with seed ${edge.seed}, within its sampling error${more}; try --seeds 30`,
    ),
  ]
}
