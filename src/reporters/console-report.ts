// The console report as text: per variant one line of verdict, then why.
import { formatDuration } from '../base/units.ts'
import type { RunResult, Summary } from '../run/result.ts'
import { detailsOf } from './details.ts'
import type { RenderOptions } from './reporter.ts'
import { columns, number, type Paint, painter, percent, quote } from './text.ts'

export function consoleReport(summary: Summary, options: RenderOptions): string {
  const paint = painter(options.color)
  const scenarios = groupBy(summary.runs, (run) => `${run.file} ${run.brief}`)
  return [
    ...scenarios.map((runs) => renderScenario(runs, options, paint)),
    closing(summary, paint),
  ].join('\n')
}

function renderScenario(runs: readonly RunResult[], options: RenderOptions, paint: Paint): string {
  const [first] = runs
  if (first === undefined) return ''
  const seeds = [...new Set(runs.map((r) => r.seed))]
  const over = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]}–${seeds.at(-1)}`
  const title =
    paint('bold', first.scenario) + (first.incident === undefined ? '' : `  ${first.incident}`)
  const where = `${first.file} · ${first.world} world${first.brief ? ', brief' : ''} · ${over}`
  const variants = groupBy(runs, (run) => run.variant)
  return [
    title,
    paint('dim', where),
    '',
    ...verdictLines(variants, paint).map((line) => `  ${line}`),
    ...conclusion(variants).map((line) => `  ${paint('cyan', line)}`),
    '',
    ...variants.flatMap((of) => detailsOf(of, options, paint)),
    paint(
      'dim',
      `reproduce: ${options.command} run ${quote(first.file)}${first.brief ? ' --brief' : ''} --seed ${seeds[0]}${seeds.length > 1 ? ` --seeds ${seeds.length}` : ''}`,
    ),
    '',
  ].join('\n')
}

function verdictLines(variants: readonly (readonly RunResult[])[], paint: Paint): string[] {
  const rows = variants.map((runs) => {
    const worst = worstOf(runs)
    const offered = sum(runs, (r) => r.items.offered)
    const lost = sum(runs, lostOf)
    const seconds = sum(runs, (r) => r.wallMs) / 1_000
    const simulated = sum(runs, (r) => r.simulatedMs)
    return [
      mark(worst, paint),
      paint('bold', worst.variant),
      saying(runs),
      number(offered),
      percent(offered === 0 ? 0 : sum(runs, (r) => r.items.succeeded) / offered),
      percent(offered === 0 ? 0 : lost / offered),
      `${formatDuration(simulated)} in ${seconds.toFixed(1)}s`,
    ]
  })
  const heading = ['', 'variant', 'verdict', 'offered', 'succeeded', 'lost', 'simulated'].map((h) =>
    paint('dim', h),
  )
  return columns([heading, ...rows], [3, 4, 5, 6])
}

/** What the verdict means, in words. */
function saying(runs: readonly RunResult[]): string {
  const worst = worstOf(runs)
  const failed = runs.filter((r) => r.verdict !== 'pass').length
  const share = runs.length === 1 ? '' : ` (${failed} of ${runs.length} seeds)`
  if (worst.verdict === 'fail') return `FAIL${share}: ${worst.reasons[0] ?? ''}`
  if (worst.verdict === 'inconclusive') return `inconclusive${share}: ${worst.reasons[0] ?? ''}`
  if (worst.expect.breach.length > 0)
    return `reproduced: breaches ${worst.expect.breach.join(', ')}`
  return worst.outcome === 'held' ? 'holds' : 'breached'
}

/** What failed, why, and which variants hold. */
function conclusion(variants: readonly (readonly RunResult[])[]): string[] {
  const broken = variants.flatMap((runs) => runs.slice(0, 1)).find((r) => r.outcome === 'breached')
  if (broken === undefined) return []
  const [top] = broken.failures
  const why =
    top === undefined
      ? ''
      : `${broken.variant}: ${percent(top.count / broken.items.offered)} of all items ${top.fate} at ${top.stage}, ${top.class}${top.code === undefined ? '' : ` ${top.code}`}${top.message === undefined ? '' : ` (${top.message})`}`
  const others = variants.filter((runs) => runs[0]?.variant !== broken.variant)
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

export function mark(run: RunResult, paint: Paint): string {
  if (run.verdict === 'pass') return paint('green', '✓')
  return run.verdict === 'fail' ? paint('red', '✗') : paint('yellow', '?')
}

const ORDER = ['fail', 'inconclusive', 'pass']
export function worstOf(runs: readonly RunResult[]): RunResult {
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
