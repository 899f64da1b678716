// Lines about what a run asked of its upstreams, whether it came back after its faults, and who was not told.
import { figure, number, percent } from '../base/figures.ts'
import { formatDuration } from '../base/units.ts'
import type { Recovery } from '../metrics/recovery.ts'
import type { RunResult } from '../run/result.ts'
import type { Paint } from './text.ts'

/** Whether calls failed, so that the two denominators tell something apart. */
export function hasDenominators({ upstreams }: RunResult): boolean {
  return upstreams?.routes.some(({ failed }) => (failed ?? 0) > 0) === true
}

/** Both denominators, side by side: items offered, and calls made. */
export function denominators(run: RunResult): string[][] {
  if (!hasDenominators(run)) return []
  const { items, upstreams } = run
  const succeeded = percent(items.succeeded / Math.max(1, items.offered))
  return [
    ['per item', '', succeeded, `succeeded of ${number(items.offered)}`],
    ...(upstreams?.routes ?? []).map(({ route, calls, failed, amplification }) => [
      'per attempt',
      route,
      failed === null ? '?' : percent(1 - failed),
      `ok of ${number(calls)}`,
      amplification === null ? '' : `${figure(amplification)} calls an item`,
    ]),
  ]
}

/** Empty where nothing was called more often than it had to be. */
export function burdenFigures({ upstreams, items }: RunResult): string[] {
  if (upstreams === undefined) return []
  const { callsPerSuccess, amplification, usefulWork } = upstreams
  if (amplification === null || (amplification === 1 && items.succeeded === items.offered))
    return []
  return [
    ...(callsPerSuccess === null ? [] : [`${figure(callsPerSuccess)} upstream calls per success`]),
    `amplification ${figure(amplification)}`,
    ...(usefulWork === null ? [] : [`useful work ${percent(usefulWork)}`]),
  ]
}

export function burden(run: RunResult): string[][] {
  const figures = burdenFigures(run)
  if (figures.length === 0) return []
  const known = run.upstreams?.overTime.map((one) => one.amplification ?? 0) ?? []
  return [
    [figures.join(' · ')],
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
  return [
    [
      afterMs === 0
        ? 'at once, when the last fault ended'
        : `${formatDuration(afterMs)} after the last fault`,
    ],
  ]
}

function lasting({ afterMs, watchedMs }: Recovery): string {
  return afterMs === null
    ? `not recovered within ${formatDuration(watchedMs)} of the last fault`
    : `recovered only ${formatDuration(afterMs)} after the last fault`
}

export function untold({ untold: all = {} }: RunResult): string[][] {
  const some = Object.entries(all)
  return some.length === 0
    ? []
    : [[`nobody was told of ${some.map(([result, n]) => `${number(n)} ${result}`).join(', ')}`]]
}
