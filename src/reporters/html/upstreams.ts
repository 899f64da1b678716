// What the page says of calls to upstreams and of coming back: what retries cost, the windows, and who was not told.
import { figure, number, percent } from '../../base/figures.ts'
import type { RunResult } from '../../run/result.ts'
import { burdenFigures, hasDenominators, recoveryLines, untold as untoldLines } from '../burden.ts'
import { painter } from '../text.ts'
import { windowNote, windowTable } from '../window-table.ts'
import { html, type Markup } from './markup.ts'
import { table } from './tables.ts'

/** Both denominators in one table, where calls failed; the same calls per success, per first call, and of use. */
export function upstreams(run: RunResult): Markup {
  const { items, upstreams: asked } = run
  const cost = burdenFigures(run)
  const sides = hasDenominators(run) ? (asked?.routes ?? []) : []
  return html`${
    sides.length > 0 &&
    table(
      'Both denominators: per item, and per attempt',
      [
        { name: 'of' },
        { name: 'how many', isFigure: true },
        { name: 'succeeded', isFigure: true },
        { name: 'calls an item', isFigure: true },
      ],
      [
        ['items', number(items.offered), percent(items.succeeded / Math.max(1, items.offered)), ''],
        ...sides.map(({ route, calls, failed, amplification }) => [
          `attempts: ${route}`,
          number(calls),
          failed === null ? '' : percent(1 - failed),
          amplification === null ? '' : figure(amplification),
        ]),
      ],
    )
  }${cost.length > 0 && html`<p><b>What retries cost</b>: ${cost.join(' · ')}</p>`}`
}

export function recovery(run: RunResult): Markup {
  const [said] = recoveryLines(run, painter(false)).flat()
  const [untold] = untoldLines(run).flat()
  return html`${said !== undefined && html`<p><b>Recovery</b>: ${said}</p>`}${
    untold !== undefined && html`<p><b>Untold</b>: ${untold}</p>`
  }`
}

export function windows(run: RunResult): Markup {
  const [heading = [], ...rows] = windowTable(run)
  const note = windowNote(run)
  return html`${table(
    'Windows',
    heading.map((name, i) => ({ name, isFigure: i > 0 })),
    rows,
  )}${note !== undefined && html`<p>${note}</p>`}`
}
