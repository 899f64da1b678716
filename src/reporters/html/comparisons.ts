// What stands beside each other on the page: variants, candidates, seeds, the two worlds, an earlier run.
import { number, percent } from '../../base/figures.ts'
import type { MetricDifference } from '../../run/differences.ts'
import { differencesOf, pairsOf } from '../../run/differences.ts'
import type { Fidelity } from '../../run/fidelity.ts'
import type { RunResult, Summary } from '../../run/result.ts'
import { sayObserved, showing } from '../../verdict/said.ts'
import { candidatesOf, factsOf, sayFact } from '../candidates.ts'
import { html, type Markup } from './markup.ts'
import { state, table } from './tables.ts'

type Runs = readonly RunResult[]

/** Figures by which variants are told apart, with an interval where several seeds give one. */
const TOLD = [
  'item_succeeded rate',
  'item_lost rate',
  'item_duration med',
  'item_duration p(95)',
  'attempt_failed rate',
] as const

export function compared(variants: readonly Runs[]): Markup {
  const [base, ...others] = variants
  if (base === undefined || others.length === 0) return html``
  const names = variants.map((runs) => ({ name: runs[0]?.variant ?? '', isFigure: true }))
  const differences = others.map((runs) => differencesOf(pairsOf(base, runs)))
  const rows = TOLD.flatMap((metric) => {
    const found = differences.map((all) => all.find((d) => d.metric === metric))
    const [first] = found.filter((d) => d !== undefined)
    if (first === undefined || found.every((d) => d === undefined || (d.a === 0 && d.b === 0)))
      return []
    const show = showing(metric)
    return [
      [
        metric,
        show.value(first.a),
        ...found.map((d) => (d === undefined ? '' : html`${show.value(d.b)}${said(d)}`)),
      ],
    ]
  })
  return table('Variants compared', [{ name: 'figure' }, ...names], rows)
}

/** The difference to the first, with half its interval. */
function said(d: MetricDifference): Markup | undefined {
  if (d.interval === null) return undefined
  const show = showing(d.metric)
  return html`<br>(${show.change(d.mean)} ± ${show.half((d.interval.high - d.interval.low) / 2)})`
}

export function candidates(variants: readonly Runs[]): Markup {
  const all = candidatesOf(variants)
  const facts = [
    ...new Set(all.flatMap((runs) => factsOf(runs).map((f) => `${f.metric} ${f.expr}`))),
  ]
  return table(
    'The candidates against the facts of the report',
    [{ name: 'fact' }, ...all.map((runs) => ({ name: runs[0]?.variant ?? '' }))],
    facts.map((fact) => [
      html`<code>${fact}</code>`,
      ...all.map((runs) => {
        const found = factsOf(runs).find((f) => `${f.metric} ${f.expr}` === fact)
        if (found === undefined) return ''
        return state(found.missed > 0 ? 'bad' : 'good', sayFact(found))
      }),
    ]),
  )
}

const MOST_SEEDS = 200

export function seeds(runs: Runs): Markup {
  if (runs.length < 2) return html``
  const [first] = runs
  const more = runs.length - MOST_SEEDS
  return html`${table(
    more > 0 ? `The first ${number(MOST_SEEDS)} of ${number(runs.length)} seeds` : 'Every seed',
    [
      { name: 'seed' },
      { name: 'ends as expected' },
      ...(first?.thresholds ?? []).map((t) => ({ name: `${t.metric} ${t.expr}`, isFigure: true })),
    ],
    runs
      .slice(0, MOST_SEEDS)
      .map((r) => [
        String(r.seed),
        state(
          r.verdict === 'pass' ? 'good' : r.verdict === 'fail' ? 'bad' : 'open',
          r.replacedBy === undefined
            ? r.verdict
            : `${r.verdict}, set aside for seed ${r.replacedBy}`,
        ),
        ...r.thresholds.map(sayObserved),
      ]),
  )}`
}

export function regressions({ regressions: all = [] }: Summary): Markup {
  return html`${all.map((one) =>
    table(
      `Against the baseline: ${one.scenario} · ${one.variant}`,
      [
        { name: 'figure' },
        { name: 'state' },
        { name: 'baseline', isFigure: true },
        { name: 'now', isFigure: true },
        { name: 'difference', isFigure: true },
        { name: 'margin', isFigure: true },
      ],
      one.figures.map((f) => {
        const show = showing(f.metric)
        return [
          f.metric,
          f.worse === null
            ? state('open', 'not decided')
            : f.worse
              ? state('bad', 'worse')
              : state('good', 'no worse'),
          show.value(f.a),
          show.value(f.b),
          show.change(f.mean),
          show.half(f.margin),
        ]
      }),
    ),
  )}`
}

export function fidelity({ fidelity: all = [] }: Summary): Markup {
  return html`${all.map((one) => {
    const agrees = one.agrees === null ? 'could not be compared' : one.agrees ? 'agree' : 'differ'
    return html`${table(
      `The two worlds ${agrees}: ${one.scenario} · ${one.variant}`,
      [
        { name: 'lost' },
        { name: 'state' },
        { name: 'virtual', isFigure: true },
        { name: 'real', isFigure: true },
      ],
      one.classes.map((c) => [
        c.cause,
        c.agrees === null
          ? state('none', 'too rare to compare')
          : state(c.agrees ? 'good' : 'bad', c.agrees ? 'agrees' : 'differs'),
        percent(c.virtual),
        percent(c.real),
      ]),
    )}${one.reasons.length > 0 && html`<ul>${one.reasons.map((r) => html`<li>${r}</li>`)}</ul>`}${worlds(one)}`
  })}`
}

/** Every figure in both worlds. */
function worlds({ differences, scenario, variant }: Fidelity): Markup {
  const told = differences.filter((d) => d.a !== 0 || d.b !== 0)
  return table(
    `Figures of the two worlds: ${scenario} · ${variant}`,
    [
      { name: 'figure' },
      { name: 'virtual', isFigure: true },
      { name: 'real', isFigure: true },
      { name: 'difference', isFigure: true },
    ],
    told.map((d) => {
      const show = showing(d.metric)
      return [d.metric, show.value(d.a), show.value(d.b), show.change(d.mean)]
    }),
  )
}
