// The figures of each window that a scenario names, side by side: what a rate, or a phase of the day, does to a system.
import { type Measured, select } from '../metrics/select.ts'
import type { Resolved } from '../scenario/schema.ts'

export interface WindowFigures {
  readonly window: string
  readonly atMs: number
  /** Items offered, per second. */
  readonly rate: number | null
  readonly lost: number | null
  readonly p95Ms: number | null
  readonly callsPerSuccess: number | null
  /** Per part with slots: busy ÷ slots; above 1 where it has more in hand than it can do at full speed. */
  readonly utilisation: Readonly<Record<string, number>>
}

/** Above this a part is full. */
export const FULL = 0.95

/** In order of time. */
export function windowFigures(measured: Measured, { windows }: Resolved): WindowFigures[] {
  const parts = [...measured.recorder.parts.keys()]
  return Object.entries(windows)
    .sort(([, a], [, b]) => a.at - b.at)
    .map(([window, { at }]) => {
      const of = (name: string, aggregation: string) =>
        select(measured, name, { window }, aggregation)
      return {
        window,
        atMs: at,
        rate: of('items_offered', 'rate'),
        lost: of('item_lost', 'rate'),
        p95Ms: of('item_duration', 'p(95)'),
        callsPerSuccess: of('upstream_calls_per_success', 'value'),
        utilisation: Object.fromEntries(
          parts.flatMap((part) => {
            const share = select(measured, 'part_utilisation', { window, part }, 'avg')
            return share === null ? [] : [[part, share]]
          }),
        ),
      }
    })
}

/** The first part that was full in any window, in order of time; of several the fullest. */
export function firstFull(
  rows: readonly WindowFigures[],
): { readonly part: string; readonly window: string } | undefined {
  for (const { window, utilisation } of rows) {
    const [fullest] = Object.entries(utilisation).sort(([, a], [, b]) => b - a)
    if (fullest !== undefined && fullest[1] >= FULL) return { part: fullest[0], window }
  }
  return undefined
}
