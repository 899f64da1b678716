// How well the real world kept time: lateness of the harness, real calls' own share of each latency, clocks that were off.
import { number, percent } from '../base/figures.ts'
import { formatDuration } from '../base/units.ts'
import type { Environment } from '../run/result.ts'
import type { OwnLatency } from '../worlds/real/own-latency.ts'
import { columns } from './text.ts'

/** Empty for a run in virtual time. */
export function keptTime(environment: Environment | undefined): string[] {
  if (environment === undefined) return []
  const { lagP99Ms, sendLatenessP99Ms, speed } = environment
  const sent = sendLatenessP99Ms === null ? [] : [`sent ${millis(sendLatenessP99Ms / speed)} late`]
  const loops = Object.entries(lagP99Ms).map(([thread, lag]) => `${millis(lag)} in ${thread}`)
  return [`${[...sent, `event loops late by ${loops.join(', ')}`].join('; ')} (p99, on the wall)`]
}

/** The busiest route first. At the wall's own speed calls' own time matters only where the run could not keep up. */
export function ownLatencies({ speed, unfit, ownLatency }: Environment): [string, OwnLatency][] {
  if (speed === 1 && unfit.length === 0) return []
  return Object.entries(ownLatency)
    .filter(([, { calls }]) => calls > 0)
    .toSorted(([, a], [, b]) => b.calls - a.calls)
}

/** A row a route. */
export function ownTime(environment: Environment | undefined): string[] {
  if (environment === undefined) return []
  const rows = ownLatencies(environment).map(([route, { calls, ownMs, share, storeMs }]) => [
    route,
    `${number(calls)} calls`,
    `${millis(ownMs)} each`,
    percent(share),
    storeMs === undefined ? '' : `the store's ${millis(storeMs)}`,
  ])
  if (rows.length === 0) return []
  return [
    `real calls' own, on the wall, and its share of the latency:`,
    ...columns(rows, [1, 2, 3]),
  ]
}

/** Calls to names that are served, and broke off all the same. */
export function untrusting(environment: Environment | undefined): string[] {
  return (environment?.egress ?? [])
    .filter(({ why }) => why === 'untrusting')
    .map(
      ({ from, to, calls }) =>
        `${from} called ${to}, ${number(calls)} ×, and does not trust the run's authority: give it {ca.file}`,
    )
}

/** As dates showed that were sent. */
export function measuredSkews(environment: Environment | undefined): string[] {
  return Object.entries(environment?.measuredSkewMs ?? {}).map(
    ([host, skewMs]) =>
      `${host} ${skewMs < 0 ? '−' : '+'}${formatDuration(Math.abs(skewMs))} as its dates show`,
  )
}

/** `8.8 ms` */
export function millis(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`
}
