// What the page says of one run: causes, assertions with their margins, faults with evidence, both sets of books.
import { figure, number, percent } from '../../base/figures.ts'
import { formatDuration } from '../../base/units.ts'
import type { Judged, RunResult } from '../../run/result.ts'
import { sayMargin, sayObserved, sayResult } from '../../verdict/said.ts'
import { sayMeasured } from '../books.ts'
import { sayEvidence, sayWhen } from '../evidence.ts'
import { html, type Markup } from './markup.ts'
import { type Column, type State, state, table } from './tables.ts'

const words = (name: string): Column => ({ name })
const figures = (name: string): Column => ({ name, isFigure: true })

export function fates({ items }: RunResult): Markup {
  const share = (count: number) => (items.offered === 0 ? '' : percent(count / items.offered))
  const names = ['succeeded', 'failed', 'skipped', 'rejected', 'discarded', 'pending'] as const
  return table(
    'Items by fate',
    [words('fate'), figures('items'), figures('of those offered')],
    [
      ['offered', number(items.offered), ''],
      ...names
        .filter((name) => items[name] > 0 || name === 'succeeded')
        .map((name) => [name, number(items[name]), share(items[name])]),
      ...(items.duplicates > 0 ? [['succeeded twice', number(items.duplicates), '']] : []),
    ],
  )
}

export function failures({ failures: all, items }: RunResult): Markup {
  const isSaid = all.some((f) => f.message !== undefined)
  return table(
    'Lost items by stage and cause',
    [
      words('cause'),
      words('stage'),
      words('fate'),
      ...(isSaid ? [words('the server’s words')] : []),
      figures('items'),
      figures('of those offered'),
    ],
    all.map((f) => [
      sayResult(f),
      f.stage,
      f.fate,
      ...(isSaid ? [f.message ?? ''] : []),
      number(f.count),
      percent(f.count / items.offered),
    ]),
  )
}

/** Accepted, and gone: no call of theirs has failed, so no log has them. */
export function discarded({ failures: all }: RunResult): Markup {
  return table(
    'Discarded items',
    [words('cause'), words('stage'), words('items')],
    all.flatMap(({ fate, stage, class: klass, which }) =>
      fate === 'discarded' && which !== undefined ? [[klass, stage, which]] : [],
    ),
  )
}

/** Quoted from the output of processes that are not ours. */
export function said({ said: all = [] }: RunResult): Markup {
  return table(
    'What processes wrote of items that were lost or unexplained, or before they ended',
    [words('process'), words('about'), words('lines')],
    all.map(({ host, item, lines }) => [
      host,
      item ?? 'its end',
      html`${lines.map((line) => html`<code>${line}</code><br>`)}`,
    ]),
  )
}

function stateOf({ ok }: Pick<Judged, 'ok'>, isExpected: boolean): State {
  if (ok === null) return 'open'
  return ok ? 'good' : isExpected ? 'expected' : 'bad'
}

const ASSERTED = [
  words('assertion'),
  words('state'),
  figures('observed'),
  figures('margin'),
] as const

export function thresholds({ thresholds: all, expect }: RunResult): Markup {
  return table(
    'Thresholds',
    ASSERTED,
    all.map((t) => [
      html`<code>${t.metric} ${t.expr}</code>`,
      state(stateOf(t, expect.breach.includes(t.metric))),
      sayObserved(t),
      t.narrow === true ? `${sayMargin(t)}, within the sampling error` : sayMargin(t),
    ]),
  )
}

export function fingerprint({ fingerprint: all, expect }: RunResult): Markup {
  const isJudged = expect.breach.length > 0 || expect.fingerprint === 'missed'
  const isRefuting = expect.fingerprint === 'missed'
  return table(
    isJudged ? 'Fingerprint: the facts of the report' : 'Fingerprint, for information only',
    ASSERTED,
    all.map((t) => [
      html`<code>${t.metric} ${t.expr}</code>`,
      t.ok === false && isRefuting ? state('expected', 'refutes it') : state(stateOf(t, false)),
      sayObserved(t),
      sayMargin(t),
    ]),
  )
}

export function alerts({ alerts: all, faults }: RunResult): Markup {
  const firstMs = Math.min(...faults.map((f) => f.atMs))
  return table(
    'Alerts',
    [words('alert'), words('state'), words('expected'), words('fired'), words('rule')],
    all.map((a) => [
      a.name,
      a.expect === null
        ? state('none', 'nothing is expected')
        : state(a.ok === null ? 'open' : a.ok ? 'good' : 'bad', a.unclear),
      a.expect ?? '',
      a.firedAtMs === null
        ? 'never'
        : `at ${formatDuration(a.firedAtMs)}${Number.isFinite(firstMs) ? `, ${formatDuration(a.firedAtMs - firstMs)} after the first fault` : ''}${a.resolvedAtMs === null ? '' : `, until ${formatDuration(a.resolvedAtMs)}`}`,
      html`<code>${a.expr}</code>`,
    ]),
  )
}

export function faults({ faults: all }: RunResult): Markup {
  return table(
    'Faults and their evidence',
    [words('fault'), words('what'), words('when'), figures('touched'), words('evidence')],
    all.map((f) => [
      f.name === undefined ? f.kind : `${f.name} (${f.kind})`,
      f.describe,
      sayWhen(f),
      number(f.touched),
      sayEvidence(f).join(', '),
    ]),
  )
}

export function books({ books: all }: RunResult): Markup {
  return table(
    'Two sets of books: where what the system says of itself is not what was measured',
    [words('it says'), figures('its figure'), words('measured'), figures('figure')],
    all.map((b) => [b.reported, figure(b.says), b.metric, sayMeasured(b)]),
  )
}

export function attempts({ attempts: all }: RunResult): Markup {
  const routes = Map.groupBy(all, (a) => a.route)
  return table(
    'Attempts: every call by route and answer',
    [words('route'), words('answer'), figures('calls'), figures('of the route')],
    [...routes].flatMap(([route, calls]) => {
      const total = calls.reduce((sum, { count }) => sum + count, 0)
      return calls.map(({ class: klass, code, count }) => [
        route,
        code === undefined ? klass : `${klass} ${code}`,
        number(count),
        percent(count / total),
      ])
    }),
  )
}

/** As the recorder sums a part up; of another shape, nothing is shown. */
interface Part {
  readonly concurrency?: number
  readonly utilisation?: number
  readonly queue?: { readonly avg: number; readonly max: number }
  readonly waitMs?: { readonly avg: number; readonly 'p(99)': number } | null
}

export function parts({ parts: all }: RunResult): Markup {
  return table(
    'Parts: where work waits or is done',
    [
      words('part'),
      figures('slots'),
      figures('in use'),
      figures('waiting, mean'),
      figures('waiting, most'),
      figures('wait, mean'),
      figures('wait, p99'),
    ],
    Object.entries(all as Readonly<Record<string, Part>>).map(([name, part]) => [
      name,
      part.concurrency === undefined ? '' : number(part.concurrency),
      part.utilisation === undefined ? '' : percent(part.utilisation),
      part.queue === undefined ? '' : figure(part.queue.avg),
      part.queue === undefined ? '' : figure(part.queue.max),
      part.waitMs ? formatDuration(part.waitMs.avg) : '',
      part.waitMs ? formatDuration(part.waitMs['p(99)']) : '',
    ]),
  )
}
