// Markdown, for the summary of a CI step or a comment: the verdict first, then why.
import { number, percent } from '../base/figures.ts'
import { formatDuration } from '../base/units.ts'
import type { Judged, RunResult, Summary } from '../run/result.ts'
import { judgeSeeds } from '../run/seeds.ts'
import { sayMargin, sayObserved } from '../verdict/said.ts'
import { checksOf } from './checks.ts'
import { type RenderOptions, rerunOf } from './reporter.ts'
import { conclusionOf, sayVerdict } from './verdicts.ts'

const MARKS = { pass: '✅', fail: '❌', inconclusive: '⚠️' } as const
/** GitHub shows no more than a mebibyte of a step's summary; the reports have the rest. */
const MOST_ROWS = 200

export function markdownReport(summary: Summary, options: RenderOptions): string {
  const scenarios = Map.groupBy(summary.runs, (r) => JSON.stringify([r.file, r.brief, r.world]))
  const bad = checksOf(summary, options).filter((c) => c.outcome !== 'passed')
  const lines = [
    `## ${MARKS[summary.verdict]} Aftershock: ${summary.verdict}`,
    '',
    ...[...scenarios.values()].flatMap((runs) => scenario(runs)),
    ...(bad.length === 0
      ? []
      : table(
          ['', 'variant', 'check', 'why'],
          bad.map((c) => [
            c.outcome === 'failed' ? '❌' : '⚠️',
            `${text(c.scenario)} · ${text(c.variant)}`,
            code(c.name),
            text(c.message),
          ]),
        )),
    'Reproduce:',
    '',
    fenced(rerunOf(summary, options), 'sh'),
    '',
  ]
  return lines.join('\n')
}

function scenario(runs: readonly RunResult[]): string[] {
  const [first] = runs
  if (first === undefined) return []
  const variants = [...Map.groupBy(runs, (r) => r.variant).values()]
  const incident = first.incident === undefined ? '' : `: ${text(first.incident)}`
  return [
    `### ${text(first.scenario)}${incident}`,
    '',
    `${code(first.file)} · ${first.world} world${first.brief ? ', brief' : ''} · ${seedsOf(runs)}`,
    '',
    ...table(
      ['', 'variant', 'verdict', 'offered', 'succeeded', 'lost', 'simulated'],
      variants.map((of) => {
        const sum = (read: (run: RunResult) => number) =>
          of.reduce((total, run) => total + read(run), 0)
        const offered = sum((r) => r.items.offered)
        const share = (count: number) => percent(offered === 0 ? 0 : count / offered)
        return [
          MARKS[judgeSeeds(of).verdict],
          text(of[0]?.variant ?? ''),
          text(sayVerdict(of, variants)),
          number(offered),
          share(sum((r) => r.items.succeeded)),
          share(sum(({ items: i }) => i.failed + i.skipped + i.rejected + i.discarded)),
          formatDuration(sum((r) => r.simulatedMs)),
        ]
      }),
    ),
    ...conclusionOf(variants).flatMap((line) => [text(line), '']),
    '<details><summary>Thresholds</summary>',
    '',
    ...table(
      ['variant', 'seed', 'threshold', 'observed', 'margin'],
      runs.flatMap((r) => r.thresholds.map((t) => threshold(r, t))),
    ),
    '</details>',
    '',
  ]
}

function seedsOf(runs: readonly RunResult[]): string {
  const seeds = [...new Set(runs.map((r) => r.seed))]
  return seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds from ${seeds[0]}`
}

function threshold(run: RunResult, judged: Judged): string[] {
  const expected = judged.ok === false && run.expect.breach.includes(judged.metric)
  const mark = judged.ok === null ? '⚠️' : judged.ok ? '✅' : expected ? '🔁' : '❌'
  return [
    text(run.variant),
    String(run.seed),
    code(`${judged.metric} ${judged.expr}`),
    `${mark} ${sayObserved(judged)}`,
    expected ? 'breach expected' : sayMargin(judged),
  ]
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const more = rows.length - MOST_ROWS
  return [
    line(heading),
    line(heading.map(() => '---')),
    ...rows.slice(0, MOST_ROWS).map(line),
    ...(more > 0 ? ['', `… and ${number(more)} more`] : []),
    '',
  ]
}

/** What a report quotes may be anything: markup in it stays text, and a line stays a line. */
function text(words: string): string {
  return words
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(
      /[\\`*[\]|~#@]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,
      (character) => `&#${character.charCodeAt(0)};`,
    )
}

/** In `<code>`, for a pipe within backticks would end a cell. */
function code(words: string): string {
  return `<code>${text(words)}</code>`
}

function fenced(words: string, language: string): string {
  const longest = Math.max(2, ...(words.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${words}\n${fence}`
}
