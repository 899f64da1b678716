// What a run asked of its upstreams, in plain figures: per route, per success, and over time.
import { must } from '../base/assert.ts'
import type { Fate } from '../metrics/outcomes.ts'
import { type Measured, select } from '../metrics/select.ts'
import type { Point } from '../metrics/series.ts'

/** The load in figures of the upstreams, which are paid by the call. */
export interface Burden {
  readonly calls: number
  readonly callsPerSuccess: number | null
  readonly amplification: number | null
  readonly usefulWork: number | null
  readonly routes: readonly {
    readonly route: string
    readonly calls: number
    /** Share of the calls that have ended. */
    readonly failed: number | null
    readonly amplification: number | null
  }[]
  /** Amplification in each of at most this many stretches of the run; null where nothing was called. */
  readonly overTime: readonly { readonly atMs: number; readonly amplification: number | null }[]
}

const STRETCHES = 60

/** Undefined where no upstream was called. */
export function burdenOf(measured: Measured): Burden | undefined {
  const { recorder } = measured
  const calls = recorder.upstreams.count({})
  if (calls === 0) return undefined
  const value = (name: string) => select(measured, name, {}, 'value')
  return {
    calls,
    callsPerSuccess: value('upstream_calls_per_success'),
    amplification: value('amplification'),
    usefulWork: value('useful_work'),
    routes: recorder.routes.flatMap(({ route, index }) => {
      const count = recorder.upstreams.count({}, index)
      if (count === 0) return []
      return {
        route,
        calls: count,
        failed: select(measured, 'attempt_failed', { route }, 'rate'),
        amplification: recorder.upstreams.amplification({}, index),
      }
    }),
    overTime: overTime(measured),
  }
}

function overTime({ recorder: { upstreams }, endUs }: Measured): Burden['overTime'] {
  const widthMs = Math.max(1_000, endUs / 1_000 / STRETCHES)
  const [calls, firsts] = [upstreams.series, upstreams.firstsSeries].map((series) =>
    binned(series.points(), widthMs),
  )
  return must(calls, 'two series').map((count, i) => {
    const first = firsts?.[i] ?? 0
    return { atMs: i * widthMs, amplification: first === 0 ? null : count / first }
  })
}

function binned(points: readonly Point[], widthMs: number): number[] {
  const bins: number[] = []
  for (const { atMs, sum } of points) {
    const bin = Math.floor(atMs / widthMs)
    while (bins.length <= bin) bins.push(0)
    bins[bin] = (bins[bin] ?? 0) + sum
  }
  return bins
}

/** By result, how many ended and were told nobody of; undefined where it is not known who was told. */
export function untoldOf({ ledger }: Measured): Record<string, number> | undefined {
  if (ledger.told === undefined) return undefined
  const results: readonly Fate[] = ['succeeded', 'failed', 'skipped', 'rejected', 'discarded']
  return Object.fromEntries(
    results.flatMap((result) => {
      const count = ledger.untold({}, result) ?? 0
      return count === 0 ? [] : [[result, count]]
    }),
  )
}
