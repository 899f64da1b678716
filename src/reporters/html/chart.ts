// Charts as SVG that needs neither styles nor scripts: every colour and place is an attribute.
import { formatDuration } from '../../base/units.ts'
import type { Bar, Figure } from './figures.ts'
import { html, type Markup } from './markup.ts'
import { sayTick, timeTicks, valueTicks } from './scale.ts'

const WIDTH = 760
const LEFT = 58
const RIGHT = 14
const BOTTOM = 22
const PLOT_HEIGHT = 140
const LEGEND_LINE = 18
/** Of a character at this size, on average. */
const FONT = 12
const CHARACTER = 6.8
const FAULT = '#f0a202'
const ALERT = '#d73027'
const TICKS = 8

/** Where a time stands; the same in all charts of a run, so that they can be read downwards. */
const xOf = (atMs: number, endMs: number) =>
  LEFT + ((WIDTH - LEFT - RIGHT) * Math.min(Math.max(atMs, 0), endMs)) / Math.max(1, endMs)

const at = (n: number) => String(Math.round(n * 10) / 10)

export function chart(figure: Figure, bars: readonly Bar[], endMs: number, id: string): Markup {
  const { lines, rows } = legendOf(figure)
  const top = 6 + rows * LEGEND_LINE
  const bottom = top + PLOT_HEIGHT
  const all = [...figure.lines.flatMap((l) => l.values), ...(figure.band?.high ?? [])]
  const most = all.reduce<number>((max, v) => (v !== null && v > max ? v : max), 0)
  const ticks = valueTicks(most, figure.unit)
  const ceiling = ticks.at(-1) ?? 1
  const y = (value: number) => bottom - (PLOT_HEIGHT * value) / ceiling
  const place = { endMs, y }
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom + BOTTOM}" viewBox="0 0 ${WIDTH} ${bottom + BOTTOM}" role="img" aria-labelledby="${id}" font-family="system-ui, sans-serif" font-size="${FONT}" fill="currentColor">
${bars.flatMap((bar) => shade(bar, top, bottom, endMs))}
${ticks.map((value) => html`<line x1="${LEFT}" y1="${at(y(value))}" x2="${WIDTH - RIGHT}" y2="${at(y(value))}" stroke="currentColor" stroke-opacity="${value === 0 ? 0.6 : 0.15}"/><text x="${LEFT - 6}" y="${at(y(value) + 4)}" text-anchor="end">${sayTick(value, figure.unit)}</text>`)}
${axis(bottom, endMs)}
${figure.band !== undefined && html`<path d="${bandPath(figure, place)}" fill="${figure.lines[0]?.colour}" fill-opacity="0.22" stroke="none"/>`}
${figure.lines.map((line) => html`<path d="${linePath(figure, line.values, place)}" fill="none" stroke="${line.colour}" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round"${line.dash !== '' && html` stroke-dasharray="${line.dash}"`}/>`)}
${lines}
</svg>`
}

/** The faults and alerts of a run, a row each. */
export function lanes(bars: readonly Bar[], endMs: number, id: string): Markup {
  const rowHeight = 34
  const bottom = 4 + bars.length * rowHeight
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom + BOTTOM}" viewBox="0 0 ${WIDTH} ${bottom + BOTTOM}" role="img" aria-labelledby="${id}" font-family="system-ui, sans-serif" font-size="${FONT}" fill="currentColor">
${bars.map((bar, i) => {
  const y = 4 + i * rowHeight
  const colour = bar.kind === 'fault' ? FAULT : ALERT
  const what = bar.spans.length === 0 ? (bar.kind === 'alert' ? ': silent' : ': never') : ''
  return html`<text x="${LEFT}" y="${y + 12}">${bar.kind} ${bar.name}${what}</text><line x1="${LEFT}" y1="${y + 22}" x2="${WIDTH - RIGHT}" y2="${y + 22}" stroke="currentColor" stroke-opacity="0.2"/>${bar.spans.map(([fromMs, toMs]) => html`<rect x="${at(xOf(fromMs, endMs))}" y="${y + 17}" width="${at(Math.max(2, xOf(toMs, endMs) - xOf(fromMs, endMs)))}" height="10" rx="2" fill="${colour}"><title>${formatDuration(fromMs)} to ${formatDuration(toMs)}</title></rect>`)}`
})}
${axis(bottom, endMs)}
</svg>`
}

function axis(bottom: number, endMs: number): Markup[] {
  return timeTicks(endMs, TICKS).map((ms) => {
    const x = at(xOf(ms, endMs))
    return html`<line x1="${x}" y1="${bottom}" x2="${x}" y2="${bottom + 4}" stroke="currentColor" stroke-opacity="0.6"/><text x="${x}" y="${bottom + 17}" text-anchor="middle">${formatDuration(ms)}</text>`
  })
}

/** A fault as a shade behind the lines, an alert as a line where it fired and a strip while it did. */
function shade({ kind, spans }: Bar, top: number, bottom: number, endMs: number): Markup[] {
  return spans.map(([fromMs, toMs]) => {
    const [from, to] = [xOf(fromMs, endMs), xOf(toMs, endMs)]
    if (kind === 'fault')
      return html`<rect x="${at(from)}" y="${at(top)}" width="${at(Math.max(1, to - from))}" height="${PLOT_HEIGHT}" fill="${FAULT}" fill-opacity="0.16"/>`
    return html`<line x1="${at(from)}" y1="${at(top)}" x2="${at(from)}" y2="${at(bottom)}" stroke="${ALERT}" stroke-dasharray="3 3"/><rect x="${at(from)}" y="${at(top)}" width="${at(Math.max(2, to - from))}" height="4" fill="${ALERT}"/>`
  })
}

function legendOf({ lines }: Figure): { readonly lines: Markup; readonly rows: number } {
  let [x, row] = [LEFT, 0]
  const entries = lines.map(({ name, colour, dash }) => {
    const width = 34 + name.length * CHARACTER
    if (x + width > WIDTH - RIGHT && x > LEFT) [x, row] = [LEFT, row + 1]
    const y = 12 + row * LEGEND_LINE
    const entry = html`<line x1="${at(x)}" y1="${y - 4}" x2="${at(x + 20)}" y2="${y - 4}" stroke="${colour}" stroke-width="2"${dash !== '' && html` stroke-dasharray="${dash}"`}/><text x="${at(x + 25)}" y="${y}">${name}</text>`
    x += width + 8
    return entry
  })
  return { lines: html`${entries}`, rows: row + 1 }
}

interface Scale {
  readonly endMs: number
  readonly y: (value: number) => number
}

/** Points on a straight way between their neighbours are left out. */
function linePath(
  { atMs, isStepped }: Figure,
  values: readonly (number | null)[],
  { endMs, y }: Scale,
): string {
  let [path, pen, skipped]: [string, number | null, number | undefined] = ['', null, undefined]
  atMs.forEach((ms, i) => {
    const value = values[i] ?? null
    if (value === null) {
      if (pen !== null && skipped !== undefined) path += `H${at(xOf(skipped, endMs))}`
      ;[pen, skipped] = [null, undefined]
      return
    }
    const x = at(xOf(ms, endMs))
    // A point alone is a dot: its line ends where it begins, and is round there.
    if (pen === null) path += `M${x} ${at(y(value))}h0`
    else if (value === pen) {
      skipped = ms
      return
    } else {
      if (isStepped) path += `H${x}V${at(y(value))}`
      else {
        if (skipped !== undefined) path += `H${at(xOf(skipped, endMs))}`
        path += `L${x} ${at(y(value))}`
      }
    }
    ;[pen, skipped] = [value, undefined]
  })
  return skipped === undefined ? path : `${path}H${at(xOf(skipped, endMs))}`
}

function bandPath({ atMs, band }: Figure, { endMs, y }: Scale): string {
  if (band === undefined) return ''
  return atMs
    .flatMap((ms, i) => {
      const [low, high] = [band.low[i] ?? null, band.high[i] ?? null]
      if (low === null || high === null || low === high) return []
      const [from, to] = [xOf(atMs[i - 1] ?? 0, endMs), xOf(ms, endMs)]
      return [`M${at(from)} ${at(y(high))}H${at(to)}V${at(y(low))}H${at(from)}Z`]
    })
    .join('')
}
