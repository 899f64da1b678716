// Lines about what a run asked of its upstreams, whether it came back after its faults, and who was not told.
import { formatDuration } from '../base/units.ts'
import type { Recovery } from '../metrics/recovery.ts'
import type { RunResult } from '../run/result.ts'
import { figure, number, type Paint, percent } from './text.ts'

/** Both denominators, side by side: items offered, and calls made. */
export function denominators({ items, upstreams }: RunResult): string[][] {
  if (upstreams === undefined || upstreams.routes.every(({ failed }) => (failed ?? 0) === 0))
    return []
  const perItem = `per item ${percent(items.succeeded / Math.max(1, items.offered))} succeeded of ${number(items.offered)}`
  return [
    [perItem],
    ...upstreams.routes.map(({ route, calls, failed, amplification }) => [
      `per attempt ${failed === null ? '?' : percent(1 - failed)} ok of ${number(calls)} ${route}${amplification === null ? '' : `, each item's called ${figure(amplification)} times`}`,
    ]),
  ]
}

export function burden({ upstreams, items }: RunResult): string[][] {
  if (upstreams === undefined) return []
  const { callsPerSuccess, amplification, usefulWork, overTime } = upstreams
  if (amplification === null || (amplification === 1 && items.succeeded === items.offered))
    return []
  const known = overTime.map((one) => one.amplification ?? 0)
  return [
    [
      [
        ...(callsPerSuccess === null
          ? []
          : [`${figure(callsPerSuccess)} upstream calls per success`]),
        `amplification ${figure(amplification)}`,
        ...(usefulWork === null ? [] : [`useful work ${percent(usefulWork)}`]),
      ].join(' · '),
    ],
    ...(Math.max(...known) > LITTLE
      ? [[`amplification over time ${sparkline(known)} at most ${figure(Math.max(...known))}`]]
      : []),
  ]
}

/** Amplification that is not worth a picture. */
const LITTLE = 1.05
const BARS = '▁▂▃▄▅▆▇█'

/** From 1, or nothing at all, to the most. */
function sparkline(values: readonly number[]): string {
  const most = Math.max(...values)
  return values
    .map((value) => {
      if (value === 0) return ' '
      const share = most <= 1 ? 0 : (value - 1) / (most - 1)
      return BARS[Math.min(BARS.length - 1, Math.max(0, Math.floor(share * BARS.length)))]
    })
    .join('')
}

export function recoveryLines({ recovery }: RunResult, paint: Paint): string[][] {
  if (recovery === undefined) return []
  const { triggerMs, afterMs, because, metastable } = recovery
  const trigger = triggerMs === 0 ? 'an instant' : formatDuration(triggerMs)
  if (metastable === true && triggerMs > 0) {
    const finding = because === 'waiting' ? 'items still waited' : 'metastable'
    const text = `${finding}: ${lasting(recovery)}, though the trigger lasted ${trigger}`
    return [[because === 'waiting' ? text : paint('red', text)]]
  }
  if (afterMs === null) return [[`${lasting(recovery)}; the trigger lasted ${trigger}`]]
  return [[afterMs === 0 ? 'at once' : `${formatDuration(afterMs)} after the last fault`]]
}

function lasting({ afterMs, watchedMs }: Recovery): string {
  return afterMs === null
    ? `not recovered ${formatDuration(watchedMs)} after the last fault, when the load ended`
    : `recovered only ${formatDuration(afterMs)} after the last fault`
}

export function untold({ untold: all = {} }: RunResult): string[][] {
  const some = Object.entries(all)
  return some.length === 0
    ? []
    : [[some.map(([result, n]) => `${result} ${number(n)}`).join(' · ')]]
}
