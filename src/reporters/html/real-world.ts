// What the page says of a run in the real world: how well it kept time, clocks that were off, and calls' own time.
import { number, percent } from '../../base/figures.ts'
import type { RunResult } from '../../run/result.ts'
import { keptTime, measuredSkews, millis, ownLatencies, untrusting } from '../real-time.ts'
import { html, type Markup } from './markup.ts'
import { table } from './tables.ts'

export function realWorld({ environment }: RunResult): Markup {
  if (environment === undefined) return html``
  const lines = [
    ...measuredSkews(environment).map((line) => `Clock: ${line}`),
    ...untrusting(environment),
    ...keptTime(environment).map((line) => `Kept time: ${line}`),
  ]
  return html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>
${table(
  'Real calls’ own time, on the wall',
  [
    { name: 'route' },
    { name: 'calls', isFigure: true },
    { name: 'each', isFigure: true },
    { name: 'of the latency', isFigure: true },
    { name: 'the store’s', isFigure: true },
  ],
  ownLatencies(environment).map(([route, { calls, ownMs, share, storeMs }]) => [
    route,
    number(calls),
    millis(ownMs),
    percent(share),
    storeMs === undefined ? '' : millis(storeMs),
  ]),
)}`
}

/** One item of each cause, by the trace that the process' own logs know it by. */
export function traces({ failures }: RunResult): Markup {
  return table(
    'One item of each cause',
    [{ name: 'cause' }, { name: 'item' }, { name: 'traceparent' }],
    failures.flatMap(({ example, fate, stage, class: klass }) =>
      example === undefined
        ? []
        : [
            [
              `${fate} at ${stage}, ${klass}`,
              example.item,
              html`<code>${example.traceparent}</code>`,
            ],
          ],
    ),
  )
}
