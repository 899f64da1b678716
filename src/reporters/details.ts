// The details of a variant: fates by stage and cause, thresholds with margins, faults with evidence, the two sets of books.
import { formatDuration, readDuration } from '../base/units.ts'
import type { Judged, RunResult } from '../run/result.ts'
import type { FaultReport } from '../run/timeline.ts'
import type { RenderOptions } from './reporter.ts'
import { clip, columns, figure, number, type Paint, pad, percent } from './text.ts'

const LABEL = 12

/** Of several seeds the worst is shown, and says which it is. */
export function detailsOf(
  runs: readonly RunResult[],
  { width, command }: RenderOptions,
  paint: Paint,
): string[] {
  const run = runs.find((r) => r.verdict !== 'pass') ?? runs[0]
  if (run === undefined) return []
  const about = run.about === undefined ? '' : `  ${run.about}`
  const counterexample =
    runs.length > 1 && run.verdict !== 'pass'
      ? [
          `${paint('yellow', 'counterexample')}: ${command} run ${run.file} --variant ${run.variant} --seed ${run.seed}${run.brief ? ' --brief' : ''}`,
        ]
      : []
  const sections: [string, string[]][] = [
    [
      'why',
      run.reasons.map((reason) =>
        run.verdict === 'fail' ? paint('red', reason) : paint('yellow', reason),
      ),
    ],
    ['fates', [fates(run)]],
    ['lost', lost(run)],
    ['SLO', judged(run.thresholds, run, paint)],
    ['fingerprint', fingerprint(run, paint)],
    ['faults', run.faults.map((fault) => faultLine(fault))],
    ['alerts', alerts(run, paint)],
    ['books', books(run)],
    ['again', counterexample],
  ]
  const shown = sections.flatMap(([label, lines]) =>
    lines.map((line, i) => `    ${paint('dim', pad(i === 0 ? label : '', LABEL))}${line}`),
  )
  return [
    clip(`  ${run.variant}${runs.length > 1 ? ` (seed ${run.seed})` : ''}${about}`, width),
    ...shown,
    '',
  ]
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

function lost({ failures, items }: RunResult): string[] {
  const rows = failures.map((f) => [
    f.fate,
    `at ${f.stage}`,
    [f.class, f.code, f.message === undefined ? undefined : `"${f.message}"`]
      .filter((w) => w !== undefined)
      .join(' '),
    number(f.count),
    percent(f.count / items.offered),
  ])
  return columns(rows, [3, 4])
}

function judged(all: readonly Judged[], run: RunResult, paint: Paint): string[] {
  const rows = all.map((j) => {
    const expected = run.expect.breach.includes(j.metric)
    const mark =
      j.ok === null
        ? paint('yellow', '?')
        : j.ok
          ? paint('green', '✓')
          : paint(expected ? 'cyan' : 'red', '✗')
    return [
      mark,
      `${j.metric}: ${j.expr}`,
      observed(j),
      j.ok === false && expected ? 'breach expected' : margin(j),
    ]
  })
  return columns(rows)
}

/** Judged where a breach is expected; elsewhere one line of information. */
function fingerprint(run: RunResult, paint: Paint): string[] {
  if (run.expect.breach.length > 0 || run.expect.fingerprint === 'missed')
    return judged(run.fingerprint, run, paint)
  if (run.fingerprint.length === 0) return []
  const met = run.fingerprint.filter((f) => f.ok === true).length
  return [
    `${met} of ${run.fingerprint.length} met: no breach is expected here, so it is information only`,
  ]
}

function observed({ expr, observed: value, metric }: Judged): string {
  if (value === null) return 'nothing'
  if (expr.startsWith('rate') && value <= 1) return percent(value)
  return metric.includes('duration') && !expr.startsWith('count')
    ? formatDuration(value)
    : figure(value)
}

/** How far the observed value is from the limit, towards the good side when positive. */
function margin({ expr, observed: value }: Judged): string {
  const found = /^[a-z()\d.\s]+?(<=?|>=?)\s*(\S+)$/.exec(expr)
  if (found === null || value === null) return ''
  const [, operator = '', limitText = ''] = found
  const duration = readDuration(limitText)
  const limit = 'ok' in duration ? duration.ok : Number(limitText)
  if (Number.isNaN(limit)) return ''
  const room = operator.startsWith('<') ? limit - value : value - limit
  const text = expr.startsWith('rate')
    ? `${(room * 100).toFixed(2)} pt`
    : 'ok' in duration
      ? formatDuration(room)
      : figure(room)
  return `margin ${room > 0 ? '+' : ''}${text}`
}

function faultLine(fault: FaultReport): string {
  const evidence = Object.entries(fault.evidence).map(([name, value]) => `${name} ${figure(value)}`)
  const when = `at ${formatDuration(fault.atMs)}${fault.forMs === 0 ? '' : ` for ${formatDuration(fault.forMs)}`}${fault.times > 1 ? `, ${fault.times} times` : ''}`
  return `${fault.kind} ${when}: ${fault.describe}; touched ${[number(fault.touched), ...evidence].join(', ')}`
}

function alerts({ alerts: all, faults }: RunResult, paint: Paint): string[] {
  const firstMs = Math.min(...faults.map((f) => f.atMs))
  const rows = all.map((a) => {
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
  return columns(rows)
}

function books({ books: all }: RunResult): string[] {
  const rows = all.map((b) => [
    `it says ${b.reported} ${figure(b.says)}`,
    `measured ${b.metric} ${figure(b.measured)}`,
  ])
  return columns(rows)
}
