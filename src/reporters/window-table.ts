// The windows of a run as a table, and which part was full first.
import { figure, percent } from '../base/figures.ts'
import { formatDuration } from '../base/units.ts'
import type { RunResult } from '../run/result.ts'
import { firstFull } from '../run/window-table.ts'

/** Parts that were never this busy are left out, and of others all but so many. */
const WORTH_SHOWING = 0.25
const MOST_PARTS = 3

export function windowTable({ windows }: RunResult): string[][] {
  if (windows === undefined || windows.length < 2) return []
  const most = (part: string) => Math.max(...windows.map((w) => w.utilisation[part] ?? 0))
  const parts = Object.keys(windows[0]?.utilisation ?? {})
    .filter((part) => most(part) >= WORTH_SHOWING)
    .sort((a, b) => most(b) - most(a))
    .slice(0, MOST_PARTS)
  const cell = (value: number | null | undefined, as: (n: number) => string) =>
    value === null || value === undefined ? '–' : as(value)
  return [
    ['window', 'offered', 'lost', 'p95', 'calls', ...parts],
    ...windows.map((w) => [
      w.window,
      cell(w.rate, (rate) => `${figure(Number(rate.toPrecision(3)))}/s`),
      cell(w.lost, percent),
      cell(w.p95Ms, formatDuration),
      cell(w.callsPerSuccess, (calls) => calls.toFixed(2)),
      ...parts.map((part) => cell(w.utilisation[part], (share) => `${Math.round(100 * share)} %`)),
    ]),
  ]
}

/** What the table's columns are, and what was full first; undefined where nothing was. */
export function windowNote({ windows = [] }: RunResult): string | undefined {
  const full = windows.length < 2 ? undefined : firstFull(windows)
  return full === undefined
    ? undefined
    : `calls to upstreams per success; parts: busy ÷ full; full first: ${full.part}, in ${full.window}`
}
