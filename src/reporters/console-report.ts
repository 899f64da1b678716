// The console report laid out: per variant one line of verdict, then why.
import stringWidth from 'string-width'
import { formatDuration } from '../base/units.ts'
import type { RunResult, Summary, Verdict } from '../run/result.ts'
import { judgeSeeds } from '../run/seeds.ts'
import { candidatesOf, candidateTable, isRefuted, type Runs, sayFacts } from './candidates.ts'
import { detailsOf } from './details.ts'
import { fidelityLines } from './fidelity.ts'
import type { RenderOptions } from './reporter.ts'
import { columns, number, type Paint, painter, percent, quote, wrap } from './text.ts'
import { variantsTable } from './variants-table.ts'

export function consoleReport(summary: Summary, options: RenderOptions): string {
  const paint = painter(options.color)
  const scenarios = groupBy(summary.runs, (run) => `${run.file} ${run.brief} ${run.world}`)
  return [
    ...scenarios.map((runs) => renderScenario(runs, options, paint)),
    ...fidelityLines(summary.fidelity ?? [], paint),
    closing(summary, paint),
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
    ...conclusion(variants).flatMap((line) => wrap(INDENT + paint('cyan', line), width, INDENT)),
    '',
    ...variants.flatMap((of) => detailsOf(of, options, paint)),
    ...variantsTable(variants, paint),
    ...(candidates.length === 0 ? [] : [...candidateTable(candidates, width, paint), '']),
    paint(
      'dim',
      `reproduce: ${options.command} run ${quote(first.file)}${first.brief ? ' --brief' : ''}${where(first)} --seed ${seeds[0]}${seeds.length > 1 ? ` --seeds ${seeds.length}` : ''}`,
    ),
    '',
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

function where({ world, environment }: RunResult): string {
  return world === 'virtual' ? '' : ` --world ${world} --speed ${environment?.speed ?? 1}`
}

/** A row for each variant; its verdict stands under it where the row would be too wide. */
function verdictLines(variants: readonly Runs[], width: number, paint: Paint): string[] {
  const candidates = candidatesOf(variants)
  const verdicts = variants.map((runs) => saying(runs, candidates.includes(runs)))
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

/** What the verdict means, in words. */
function saying(runs: Runs, isCandidate: boolean): string {
  const seeds = judgeSeeds(runs)
  const [first] = runs
  if (first === undefined) return ''
  const failed = runs.length - seeds.passed
  const share = runs.length === 1 ? '' : ` (${failed} of ${runs.length} seeds)`
  if (seeds.verdict === 'fail') return `FAIL${share}: ${seeds.reasons[0] ?? ''}`
  if (seeds.verdict === 'inconclusive') return `inconclusive${share}: ${seeds.reasons[0] ?? ''}`
  if (isCandidate) return sayFacts(runs)
  const enough = failed === 0 ? '' : ` in ${seeds.passed} of ${runs.length} seeds, enough`
  if (first.expect.breach.length > 0)
    return `reproduced${enough}: breaches ${first.expect.breach.join(', ')}`
  return `${first.outcome === 'held' || enough !== '' ? 'holds' : 'breached'}${enough}`
}

/** What failed, why, and which variants hold. */
function conclusion(variants: readonly Runs[]): string[] {
  const candidates = candidatesOf(variants)
  const broken = variants
    .flatMap((runs) => runs.slice(0, 1))
    .find((r) => r.outcome === 'breached' && !isRefuted(r))
  if (broken === undefined) return []
  const [top] = broken.failures
  const why =
    top === undefined
      ? ''
      : `${broken.variant}: ${percent(top.count / broken.items.offered)} of all items ${top.fate} at ${top.stage}, ${top.class}${top.code === undefined ? '' : ` ${top.code}`}${top.message === undefined ? '' : ` (${top.message})`}`
  const others = variants.filter((runs) => runs[0] !== broken && !candidates.includes(runs))
  const named = (outcome: string) =>
    others
      .filter((runs) => runs.every((r) => r.outcome === outcome && r.verdict === 'pass'))
      .flatMap((runs) => runs[0]?.variant ?? [])
  const [holding, breaking] = [named('held'), named('breached')]
  const held = holding.length === 0 ? '' : `holds: ${holding.join(', ')}`
  const broke = breaking.length === 0 ? '' : `does not hold: ${breaking.join(', ')}`
  return [why, [held, broke].filter((part) => part !== '').join('; ')].filter((line) => line !== '')
}

function closing(summary: Summary, paint: Paint): string {
  const count = (verdict: string) => summary.runs.filter((r) => r.verdict === verdict).length
  const words = {
    pass: paint('green', 'pass'),
    fail: paint('red', 'FAIL'),
    inconclusive: paint('yellow', 'inconclusive'),
  }
  return `${words[summary.verdict]}: ${count('pass')} of ${summary.runs.length} runs end as expected${count('fail') === 0 ? '' : `, ${count('fail')} fail`}${count('inconclusive') === 0 ? '' : `, ${count('inconclusive')} inconclusive`}\n`
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
