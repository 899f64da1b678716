// Durations and rates as people write them: `1h30m`, `500ms`, `12/s`.

const MS_PER: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy
const HOW_DURATION = 'write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d'

/** What `readDuration` takes of either sign, and without a minus. */
export const DURATION_PATTERN = '^\\s*[+-]?(\\d+(\\.\\d+)?(ms|s|m|h|d))+\\s*$'
export const UNSIGNED_PATTERN = DURATION_PATTERN.replace('[+-]?', '\\+?')
export const RATE_PATTERN = '^\\s*\\d+(\\.\\d+)?\\s*/\\s*(ms|s|m|h|d)\\s*$'

/** More than a year is taken for a slip of the pen. */
export const LONGEST_MS = 366 * 86_400_000

export type Parsed = { readonly ok: number } | { readonly problem: string }

/** Milliseconds, or what is wrong with the text. A leading minus is read; callers decide whether it is allowed. */
export function readDuration(text: string): Parsed {
  const trimmed = text.trim()
  const sign = trimmed.startsWith('-') ? -1 : 1
  const body = trimmed.replace(/^[+-]/, '')
  let totalMs = 0
  let end = 0
  PART.lastIndex = 0
  for (let part = PART.exec(body); part !== null; part = PART.exec(body)) {
    totalMs += Number(part[1]) * (MS_PER[part[2] ?? ''] ?? Number.NaN)
    end = PART.lastIndex
  }
  if (end === 0 || end !== body.length) {
    const unit = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))*\d+(?:\.\d+)?\s*([^\d\s.]+)/.exec(body)?.[1]
    const isUnknown = unit !== undefined && !Object.hasOwn(MS_PER, unit)
    const what = isUnknown ? `has the unknown unit '${unit}'` : 'is not a duration'
    return { problem: `'${text}' ${what}; ${HOW_DURATION}` }
  }
  if (totalMs > LONGEST_MS) return { problem: `'${text}' is longer than a year; ${HOW_DURATION}` }
  return { ok: sign * totalMs }
}

/** Events per second, or what is wrong with the text. */
export function readRate(text: string): Parsed {
  const found = /^(\d+(?:\.\d+)?)\s*\/\s*(ms|s|m|h|d)$/.exec(text.trim())
  if (found === null) return { problem: `'${text}' is not a rate; write 12/s, 90/m or 500/h` }
  const perSecond = (Number(found[1]) * 1_000) / (MS_PER[found[2] ?? ''] ?? Number.NaN)
  if (!(perSecond > 0))
    return { problem: `'${text}' is not a positive rate; write 12/s, 90/m or 500/h` }
  if (perSecond > 1_000_000) return { problem: `'${text}' is more than a million a second` }
  return { ok: perSecond }
}

/** `3h52m`, `5m25s`, `1.5s`, `250ms`: at most two units, for people. */
export function formatDuration(ms: number): string {
  const sign = ms < 0 ? '-' : ''
  const size = Math.abs(ms)
  if (size === 0) return '0s'
  // Each unit is chosen after rounding: 59.99 s is 1m, not 60s.
  const millis = Number(size.toPrecision(3))
  if (millis < 1_000) return `${sign}${millis}ms`
  const seconds = Number((size / 1_000).toFixed(size < 10_000 ? 2 : 1))
  if (seconds < 60) return `${sign}${seconds}s`
  const [big, small, divisor, per] =
    Math.round(size / 1_000) < 3_600
      ? (['m', 's', 1_000, 60] as const)
      : Math.round(size / 60_000) < 1_440
        ? (['h', 'm', 60_000, 60] as const)
        : (['d', 'h', 3_600_000, 24] as const)
  const units = Math.round(size / divisor)
  const rest = units % per
  return `${sign}${Math.floor(units / per)}${big}${rest === 0 ? '' : `${rest}${small}`}`
}
