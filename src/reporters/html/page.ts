// The page: verdict first, then the variants side by side, then each of them with its charts and tables.

import { createHash } from 'node:crypto'
import { number, percent } from '../../base/figures.ts'
import { formatDuration } from '../../base/units.ts'
import type { RunResult, Summary, Verdict } from '../../run/result.ts'
import { judgeSeeds } from '../../run/seeds.ts'
import { type RenderOptions, rerunOf, runCommand } from '../reporter.ts'
import { shownOf } from '../shown.ts'
import { conclusionOf, sayVerdict } from '../verdicts.ts'
import { chart, lanes } from './chart.ts'
import { client } from './client.ts'
import { candidates, compared, fidelity, regressions, seeds } from './comparisons.ts'
import { barsOf, figuresOf } from './figures.ts'
import { html, jsonInMarkup, Markup } from './markup.ts'
import { realWorld, traces } from './real-world.ts'
import * as section from './sections.ts'
import { STYLE } from './style.ts'
import { state, table } from './tables.ts'
import { recovery, upstreams, windows } from './upstreams.ts'

type Runs = readonly RunResult[]

const WORDS: Readonly<Record<Verdict, string>> = {
  pass: '✓ Pass',
  fail: '✗ Fail',
  inconclusive: '? Inconclusive',
}
const STATES = { pass: 'good', fail: 'bad', inconclusive: 'open' } as const

export async function page(summary: Summary, options: RenderOptions): Promise<string> {
  const scenarios = [
    ...Map.groupBy(summary.runs, (r) => JSON.stringify([r.file, r.brief, r.world])).values(),
  ]
  const hasCharts = summary.runs.some((r) => r.course !== undefined)
  const { script, style } = hasCharts ? await client() : { script: '', style: '' }
  const hash = createHash('sha256').update(script).digest('base64')
  const names = [...new Set(summary.runs.map((r) => r.scenario))].join(', ')
  const title = `${WORDS[summary.verdict]}${names === '' ? '' : ` · ${names}`} · Aftershock`
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(STYLE)}${new Markup(style)}</style>
</head>
<body>
<header class="${summary.verdict}">
<h1>${WORDS[summary.verdict]}${names !== '' && html`<span class="names"> ${names}</span>`}</h1>
<p>${counted(summary)}${options.startedAt !== undefined && html` · ${options.startedAt.slice(0, 19).replace('T', ' ')} UTC`} · Aftershock ${summary.version}</p>
<p>Run again: <code>${rerunOf(summary, options)}</code></p>
</header>
<main>
${missing(summary)}
${scenarios.map((runs, i) => scenario(runs, i, options))}
${regressions(summary)}
${fidelity(summary)}
</main>
${hasCharts && html`<script>${new Markup(script)}</script>`}
</body>
</html>
`
  return text
}

function counted({ runs }: Summary): string {
  const of = (verdict: Verdict) => runs.filter((r) => r.verdict === verdict).length
  const rest = [
    of('fail') === 0 ? '' : `, ${number(of('fail'))} fail`,
    of('inconclusive') === 0 ? '' : `, ${number(of('inconclusive'))} inconclusive`,
  ]
  return `${number(of('pass'))} of ${number(runs.length)} runs end as expected${rest.join('')}`
}

function missing({ unjudged = [] }: Summary): Markup {
  return table(
    'Asked for and not run to the end',
    [{ name: 'variant' }, { name: 'why' }],
    unjudged.map((u) => [`${u.scenario} · ${u.variant}`, u.why]),
  )
}

function scenario(runs: Runs, number_: number, options: RenderOptions): Markup {
  const [first] = runs
  if (first === undefined) return html``
  const variants = [...Map.groupBy(runs, (r) => r.variant).values()]
  const id = (i: number) => `s${number_}v${i}`
  return html`<section>
<h2>${first.scenario}</h2>
${first.incident !== undefined && html`<p>${first.incident}</p>`}
<p><code>${first.file}</code> · ${place(first)}</p>
${table(
  'Verdicts',
  [
    { name: 'variant' },
    { name: 'verdict' },
    { name: 'offered', isFigure: true },
    { name: 'succeeded', isFigure: true },
    { name: 'lost', isFigure: true },
    { name: 'simulated', isFigure: true },
  ],
  variants.map((of, i) => row(of, variants, id(i))),
)}
${conclusionOf(variants).map((line) => html`<p>${line}</p>`)}
${compared(variants)}
${candidates(variants)}
${variants.map((of, i) => variant(of, variants, id(i), options))}
</section>`
}

/** `real world ×10, objects: MinIO …` */
function place({ world, brief, environment }: RunResult): string {
  const parts = Object.entries(environment?.parts ?? {}).map(([part, on]) => `${part}: ${on}`)
  const where =
    environment === undefined ? `${world} world` : `${world} world ×${environment.speed}`
  return [where, ...(brief ? ['brief'] : []), ...parts].join(', ')
}

function row(runs: Runs, variants: readonly Runs[], id: string) {
  const sum = (read: (run: RunResult) => number) => runs.reduce((all, run) => all + read(run), 0)
  const offered = sum((r) => r.items.offered)
  const share = (count: number) => percent(offered === 0 ? 0 : count / offered)
  return [
    html`<a href="#${id}">${runs[0]?.variant}</a>`,
    state(STATES[judgeSeeds(runs).verdict], sayVerdict(runs, variants)),
    number(offered),
    share(sum((r) => r.items.succeeded)),
    share(sum(({ items: i }) => i.failed + i.skipped + i.rejected + i.discarded)),
    formatDuration(sum((r) => r.simulatedMs)),
  ]
}

/** Of several seeds one is shown, and says which it is. */
function variant(runs: Runs, variants: readonly Runs[], id: string, { command }: RenderOptions) {
  const run = shownOf(runs)
  if (run === undefined) return html``
  const verdict = judgeSeeds(runs).verdict
  return html`<article id="${id}">
<h3>${run.variant}</h3>
<p>${state(STATES[verdict], sayVerdict(runs, variants))}</p>
${run.about !== undefined && html`<p>${run.about}</p>`}
${run.reasons.length > 0 && html`<ul>${run.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}
${runs.length > 1 && html`<p>Below: seed ${run.seed} of ${number(runs.length)}${run.verdict === 'pass' ? '' : ', the first that does not end as expected'}.</p>`}
${charts(run, id)}
${section.fates(run)}
${section.failures(run)}
${section.discarded(run)}
${traces(run)}
${section.said(run)}
${section.thresholds(run)}
${section.fingerprint(run)}
${section.alerts(run)}
${section.faults(run)}
${recovery(run)}
${upstreams(run)}
${windows(run)}
${section.books(run)}
${realWorld(run)}
${seeds(runs)}
<details><summary>Calls and parts of ${run.variant}</summary>
${section.attempts(run)}
${section.parts(run)}
</details>
<p>This variant again: <code>${runCommand(command, run, { variant: run.variant })}</code></p>
</article>`
}

function charts(run: RunResult, id: string): Markup {
  const endMs = run.simulatedMs
  const bars = barsOf(run)
  const figures = figuresOf(run)
  if (run.course === undefined) return html``
  return html`${
    bars.length > 0 &&
    html`<figure tabindex="0" aria-labelledby="${id}lanes"><figcaption id="${id}lanes">Faults and alerts</figcaption>
${lanes(bars, endMs, `${id}lanes`)}
</figure>`
  }
${figures.map((figure, i) => {
  const { title, atMs, ...drawn } = figure
  // What all of a run's charts share stands in the first.
  const own = atMs === figures[0]?.atMs ? {} : { atMs }
  const shared = i === 0 ? { atMs, bars } : own
  return html`<figure class="chart" tabindex="0" aria-labelledby="${id}c${i}"><figcaption id="${id}c${i}">${title}${figure.unit === 'per second' ? ', per second' : ''}${figure.band !== undefined ? '; shaded: least and most' : ''}</figcaption>
${chart(figure, bars, endMs, `${id}c${i}`)}
<script type="application/json">${jsonInMarkup({ of: id, ...shared, ...drawn, endMs })}</script>
</figure>
`
})}`
}
