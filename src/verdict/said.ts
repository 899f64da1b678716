// Assertions in words: what was observed, and how far that is from the limit.
import { figure, percent } from '../base/figures.ts'
import { formatDuration, LONGEST_MS, readDuration } from '../base/units.ts'

/** An assertion, and what it was judged by. */
interface Said {
  readonly metric: string
  readonly expr: string
  /** Null: nothing was measured. */
  readonly observed: number | null
  readonly either?: readonly (number | null)[]
}

/** `2.40 %`, `18.2s`, `1,234`; `nothing` where nothing was measured; `0 % or 15.00 %` where it may be either. */
export function sayObserved({ either, ...said }: Said): string {
  return (either ?? [said.observed]).map((observed) => sayValue({ ...said, observed })).join(' or ')
}

function sayValue({ expr, observed: value, metric }: Said): string {
  if (value === null) return 'nothing'
  if (expr.startsWith('rate') && value <= 1) return percent(value)
  if (metric === 'recovery_time') return value >= LONGEST_MS ? 'never' : formatDuration(value)
  return metric.includes('duration') && !expr.startsWith('count')
    ? formatDuration(value)
    : figure(value)
}

/** How far the observed value is from the limit, towards the good side when positive: `+0.93 pt`. */
export function sayMargin({ expr, observed: value, either }: Said): string {
  if (either !== undefined) return ''
  const found = /^[a-z()\d.\s]+?(<=?|>=?)\s*(\S+)$/.exec(expr)
  if (found === null || value === null) return ''
  const [, operator = '', limitText = ''] = found
  const duration = readDuration(limitText)
  const limit = 'ok' in duration ? duration.ok : Number(limitText)
  // What never came is that far from no limit.
  if (Number.isNaN(limit) || ('ok' in duration && value >= LONGEST_MS)) return ''
  const room = operator.startsWith('<') ? limit - value : value - limit
  const text = expr.startsWith('rate')
    ? `${(room * 100).toFixed(2)} pt`
    : 'ok' in duration
      ? formatDuration(room)
      : figure(room)
  return `${room > 0 ? '+' : ''}${text}`
}

/** How a call ended, or why an item was lost: `http-404 NoSuchKey`. */
export function sayResult(result: {
  readonly class?: string | undefined
  readonly code?: string | undefined
}): string {
  return [result.class, result.code].filter((part) => part !== undefined).join(' ')
}

/** The part of the run that a metric looks at: `phase:fault`, or all of it. */
export function sayWindow(metric: string): string {
  return /\{(.*)\}/.exec(metric)?.[1] ?? 'the whole run, the warm-up left out'
}

/** Shares in percent and their differences in points, times as durations. */
export function showing(metric: string) {
  const sign = (value: number) => (value > 0 ? '+' : '')
  if (/^(item_(?!dup)|attempt_failed).* rate$/.test(metric))
    return {
      value: percent,
      change: (d: number) => `${sign(d)}${(100 * d).toFixed(2)} pt`,
      half: (d: number) => `${(100 * d).toFixed(2)} pt`,
    }
  const show = /_duration|wait/.test(metric) ? formatDuration : figure
  return { value: show, change: (d: number) => `${sign(d)}${show(d)}`, half: show }
}
