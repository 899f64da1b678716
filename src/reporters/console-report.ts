// The console report laid out: per variant one line of verdict, then why.

import stringWidth from 'string-width'
import { number, percent } from '../base/figures.ts'
import { formatDuration } from '../base/units.ts'
import type { RunResult, Summary, Verdict } from '../run/result.ts'
import { judgeSeeds } from '../run/seeds.ts'
import { candidatesOf, candidateTable, type Runs } from './candidates.ts'
import { detailsOf } from './details.ts'
import { fidelityLines } from './fidelity.ts'
import { regressionLines } from './regressions.ts'
import { type RenderOptions, rerunOf } from './reporter.ts'
import { columns, type Paint, painter, wrap } from './text.ts'
import { variantsTable } from './variants-table.ts'
import { conclusionOf, sayVerdict } from './verdicts.ts'

export function consoleReport(summary: Summary, options: RenderOptions): string {
  const paint = painter(options.color)
  const scenarios = groupBy(summary.runs, (run) => `${run.file} ${run.brief} ${run.world}`)
  return [
    ...scenarios.map((runs) => renderScenario(runs, options, paint)),
    ...fidelityLines(summary.fidelity ?? [], paint),
    ...regressionLines(summary.regressions ?? [], paint),
    ...missing(summary, paint),
    ...(scenarios.length > 1 ? overview(scenarios, summary, options, paint) : []),
    closing(summary, paint),
    ...(options.reports ?? []).map((file) => paint('dim', `report: ${file}`)),
    // To be copied from the end of any log: it stands last.
    paint('dim', `reproduce: ${rerunOf(summary, options)}`),
    '',
  ].join('\n')
}

const INDENT = '  '

function renderScenario(runs: readonly RunResult[], options: RenderOptions, paint: Paint): string {
  const [first] = runs
  if (first === undefined) return ''
  const seeds = [...new Set(runs.map((r) => r.seed))]
  const over = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]}–${seeds.at(-1)}`
  const title =
    paint('bold', first.scenario) + (first.incident === undefined ? '' : `  ${first.incident}`)
  const place = `${first.file} · ${worldOf(first)}${first.brief ? ', brief' : ''} · ${over}`
  const variants = groupBy(runs, (run) => run.variant)
  const candidates = candidatesOf(variants)
  const { width } = options
  return [
    ...wrap(title, width, '  '),
    paint('dim', place),
    '',
    ...verdictLines(variants, width - INDENT.length, paint).map((line) => INDENT + line),
    ...conclusionOf(variants).flatMap((line) => wrap(INDENT + paint('cyan', line), width, INDENT)),
    '',
    ...variants.flatMap((of) => detailsOf(of, options, paint)),
    ...variantsTable(variants, paint),
    ...(candidates.length === 0 ? [] : [...candidateTable(candidates, width, paint), '']),
  ].join('\n')
}

/** `real world ×10 on MinIO …` */
function worldOf({ world, environment }: RunResult): string {
  if (environment === undefined) return `${world} world`
  const parts = Object.entries(environment.parts).map(([part, on]) => `${part}: ${brief(on)}`)
  return `${world} world ×${environment.speed}, ${parts.join(', ')}`
}

/** A digest by its beginning, as the tools of containers show it; the summary has all of it. */
function brief(text: string): string {
  return text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]+/, '$1')
}

/** A row for each variant; its verdict stands under it where the row would be too wide. */
function verdictLines(variants: readonly Runs[], width: number, paint: Paint): string[] {
  const verdicts = variants.map((runs) => sayVerdict(runs, variants))
  const rows = variants.map((runs) => {
    const worst = worstOf(runs)
    const offered = sum(runs, (r) => r.items.offered)
    const lost = sum(runs, lostOf)
    const seconds = sum(runs, (r) => r.wallMs) / 1_000
    const simulated = sum(runs, (r) => r.simulatedMs)
    return [
      mark(judgeSeeds(runs), paint),
      paint('bold', worst.variant),
      number(offered),
      percent(offered === 0 ? 0 : sum(runs, (r) => r.items.succeeded) / offered),
      percent(offered === 0 ? 0 : lost / offered),
      `${formatDuration(simulated)} in ${seconds.toFixed(1)}s`,
    ]
  })
  const heading = ['', 'variant', 'offered', 'succeeded', 'lost', 'simulated']
  const all = [heading.map((h) => paint('dim', h)), ...rows]
  const withVerdict = [paint('dim', 'verdict'), ...verdicts]
  const wide = columns(
    all.map((row, i) => row.toSpliced(2, 0, withVerdict[i] ?? '')),
    [3, 4, 5, 6],
  )
  if (wide.every((line) => stringWidth(line) <= width)) return wide
  const [first = '', ...lines] = columns(all, [2, 3, 4, 5])
  return [first, ...lines.flatMap((line, i) => [line, ...wrap(`   ${verdicts[i]}`, width, '   ')])]
}

function closing(summary: Summary, paint: Paint): string {
  const count = (verdict: string) => summary.runs.filter((r) => r.verdict === verdict).length
  const words = {
    pass: paint('green', 'pass'),
    fail: paint('red', 'FAIL'),
    inconclusive: paint('yellow', 'inconclusive'),
  }
  return `${words[summary.verdict]}: ${count('pass')} of ${summary.runs.length} runs end as expected${count('fail') === 0 ? '' : `, ${count('fail')} fail`}${count('inconclusive') === 0 ? '' : `, ${count('inconclusive')} inconclusive`}${worse(summary)}`
}

function worse({ regressions = [] }: Summary): string {
  const count = (verdict: Verdict) => {
    const n = regressions.filter((r) => r.verdict === verdict).length
    return n === 0 ? '' : `${n} variant${n === 1 ? '' : 's'}`
  }
  const [bad, open] = [count('fail'), count('inconclusive')]
  return [
    bad === '' ? '' : `; ${bad} worse than the baseline`,
    open === '' ? '' : `; whether ${open} got worse is open`,
  ].join('')
}

/** Of several scenarios, a line each, and what did not end as expected: all that may stand far above. */
function overview(
  scenarios: readonly Runs[],
  { variants }: Summary,
  { width }: RenderOptions,
  paint: Paint,
): string[] {
  const areBoth = new Set(variants.map((v) => v.world)).size > 1
  const rows = scenarios.flatMap((runs) => {
    const [first] = runs
    if (first === undefined) return []
    const { file, brief, world, scenario } = first
    const own = variants.filter((v) => v.file === file && v.brief === brief && v.world === world)
    const worst = own.find((v) => v.verdict === 'fail') ?? own.find((v) => v.verdict !== 'pass')
    const named = conclusionOf(groupBy(runs, (run) => run.variant)).at(-1) ?? ''
    const said = /^(holds|does not hold): /.test(named)
      ? named
      : `${own.filter((v) => v.verdict === 'pass').length} of ${own.length} variants end as expected`
    return [
      [
        mark(worst ?? { verdict: 'pass' }, paint),
        paint('bold', areBoth ? `${scenario} · ${world}` : scenario),
        said,
      ],
    ]
  })
  const unwell = variants
    .filter(({ verdict }) => verdict !== 'pass')
    .map((v) => `${mark(v, paint)}  ${v.scenario} · ${v.variant}: ${v.reasons[0] ?? ''}`)
  const lines = [...columns(rows), ...(unwell.length === 0 ? [] : ['', ...unwell])]
  return [...lines.flatMap((line) => wrap(line, width, '   ')), '']
}

/** What was asked for and did not come to its end. */
function missing({ runs, unjudged = [] }: Summary, paint: Paint): string[] {
  const lines = unjudged.map(({ scenario, file, variant, world, why }) => {
    const isBegun = runs.some((r) => r.file === file && r.variant === variant && r.world === world)
    return `${paint('yellow', isBegun ? 'cut short' : 'not run')}  ${scenario} · ${variant}: ${why}`
  })
  return lines.length === 0 ? [] : [...lines, '']
}

function mark({ verdict }: { readonly verdict: Verdict }, paint: Paint): string {
  if (verdict === 'pass') return paint('green', '✓')
  return verdict === 'fail' ? paint('red', '✗') : paint('yellow', '?')
}

const ORDER = ['fail', 'inconclusive', 'pass']
function worstOf(runs: readonly RunResult[]): RunResult {
  return [...runs].sort(
    (a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict),
  )[0] as RunResult
}

function lostOf({ items }: RunResult): number {
  return items.failed + items.skipped + items.rejected + items.discarded
}

function sum(runs: readonly RunResult[], of: (run: RunResult) => number): number {
  return runs.reduce((total, run) => total + of(run), 0)
}

function groupBy<T>(all: readonly T[], key: (one: T) => string): T[][] {
  return [...Map.groupBy(all, key).values()]
}
