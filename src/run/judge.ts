// The judge: what was measured against what the scenario asserts and expects. Never green for want of samples.
import { must } from '../base/assert.ts'
import { itemsWere, number } from '../base/figures.ts'
import type { Metric } from '../metrics/catalog.ts'
import { type Measured, select } from '../metrics/select.ts'
import type { Resolved } from '../scenario/schema.ts'
import {
  type Expression,
  holds,
  type MetricKey,
  readExpression,
  readMetric,
} from '../verdict/expression.ts'
import { isNarrow } from '../verdict/narrow.ts'
import { sayObserved } from '../verdict/said.ts'
import type { AlertOutcome, Items, Judged, Verdict } from './result.ts'
import type { FaultReport } from './timeline.ts'

export const INTERRUPTED = 'interrupted'
/** Above this share of items that were due but not offered, the load was not the one asked for. */
const MOST_DROPPED = 0.01

export interface Judgement {
  readonly verdict: Verdict
  readonly outcome: 'held' | 'breached'
  readonly reasons: readonly string[]
}

export interface Evidence {
  readonly scenario: Resolved
  readonly interrupted: boolean
  readonly items: Items
  readonly dropped: number
  /** Of the warm-up, which `items` leaves out. */
  readonly pendingInWarmup: number
  readonly thresholds: readonly Judged[]
  readonly fingerprint: readonly Judged[]
  readonly alerts: readonly AlertOutcome[]
  /** What makes the world's figures unfit for a verdict. */
  readonly unfit?: readonly string[]
  /** Why what holds proves nothing. */
  readonly unseen: readonly string[]
}

export function judgeAll(
  asserted: Readonly<Record<string, readonly string[]>>,
  measured: Measured,
  catalog: ReadonlyMap<string, Metric>,
): Judged[] {
  return Object.entries(asserted).flatMap(([key, expressions]) =>
    expressions.map((expr): Judged => {
      const { name, tags, expression } = readJudged({ metric: key, expr }, catalog)
      const observed = select(measured, name, tags, expression.aggregation)
      const ok = observed === null ? null : holds(observed, expression)
      const narrow = observed !== null && isNarrow(measured, name, tags, expression, observed)
      return { metric: key, expr, observed, ok, ...(narrow ? { narrow } : {}) }
    }),
  )
}

/** What an assertion asks for. Both halves were checked when the scenario was read. */
export function readJudged(
  { metric: key, expr }: Pick<Judged, 'metric' | 'expr'>,
  catalog: ReadonlyMap<string, Metric>,
): MetricKey & { readonly metric: Metric; readonly expression: Expression } {
  const found = readMetric(key, catalog)
  const known = must('ok' in found ? found.ok : undefined, `metric ${key} was checked`)
  const parsed = readExpression(expr, known.metric)
  const expression = must('ok' in parsed ? parsed.ok : undefined, `expression ${expr} was checked`)
  return { ...known, expression }
}

export function judge(e: Evidence): Judgement {
  const { expect } = e.scenario
  const breached = new Set(e.thresholds.filter((t) => t.ok === false).map((t) => t.metric))
  const wanted = new Set(expect.breach)
  const failed = [
    ...pendingReasons(e),
    ...unexpected(e, wanted),
    ...notReproduced(e, wanted, breached),
    ...e.alerts.filter((a) => a.ok === false).map(alertReason),
  ]
  const unclear = [
    ...(e.interrupted ? [INTERRUPTED] : []),
    ...(e.unfit ?? []),
    ...(e.items.offered === 0 ? ['no item was offered'] : []),
    ...droppedReasons(e),
    ...e.thresholds
      .filter((t) => t.ok === null)
      .map((t) => `${t.metric} ${t.expr}: nothing was measured`),
    ...(fingerprintCounts(e)
      ? e.fingerprint
          .filter((f) => f.ok === null)
          .map((f) => `fingerprint ${f.metric} ${f.expr}: nothing was measured`)
      : []),
    ...e.alerts
      .filter((a) => a.ok === null && a.expect !== null)
      .map((a) => `alert ${a.name}: ${a.unclear ?? 'nothing to judge it by'}`),
    ...(e.interrupted ? [] : e.unseen),
    ...(assertsNothing(e)
      ? ['nothing is asserted: give thresholds, alerts with `expect`, or a fingerprint']
      : []),
  ]
  // What an interrupted run has not reached yet says nothing about it, nor does a world that could not keep up.
  const tellsNothing = e.interrupted || (e.unfit ?? []).length > 0
  return {
    verdict:
      failed.length > 0 && !tellsNothing ? 'fail' : unclear.length > 0 ? 'inconclusive' : 'pass',
    outcome: breached.size > 0 ? 'breached' : 'held',
    reasons: tellsNothing ? unclear : [...failed, ...unclear],
  }
}

function pendingReasons({ scenario, items, pendingInWarmup, interrupted }: Evidence): string[] {
  const pending = items.pending + pendingInWarmup
  if (pending === 0 || scenario.pending === 'allowed' || interrupted) return []
  const early = pendingInWarmup === 0 ? '' : `, ${number(pendingInWarmup)} of them from the warm-up`
  return [`${itemsWere(pending)} still pending when the run had settled${early}`]
}

function unexpected(e: Evidence, wanted: ReadonlySet<string>): string[] {
  return e.thresholds
    .filter((t) => t.ok === false && !wanted.has(t.metric))
    .map((t) => `${t.metric} ${t.expr}: breached, observed ${sayObserved(t)}`)
}

function notReproduced(
  e: Evidence,
  wanted: ReadonlySet<string>,
  breached: ReadonlySet<string>,
): string[] {
  const held = [...wanted].filter(
    (metric) =>
      !breached.has(metric) && !e.thresholds.some((t) => t.metric === metric && t.ok === null),
  )
  const missed = e.fingerprint.filter((f) => f.ok === false)
  const print =
    !fingerprintCounts(e) || e.fingerprint.length === 0
      ? []
      : e.scenario.expect.fingerprint === 'met'
        ? missed.map((f) => `fingerprint missed: ${f.metric} ${f.expr}, observed ${sayObserved(f)}`)
        : // Of what was not measured nobody knows whether it was met.
          e.fingerprint.every((f) => f.ok === true)
          ? ['the fingerprint was expected to be missed and was met']
          : []
  return [...held.map((metric) => `incident did not reproduce: ${metric} held`), ...print]
}

/** Elsewhere than in a baseline the fingerprint is information. */
export function fingerprintCounts({ scenario: { expect } }: Pick<Evidence, 'scenario'>): boolean {
  return expect.breach.length > 0 || expect.fingerprint === 'missed'
}

export function missedFault(fault: FaultReport): string {
  return `fault ${fault.name ?? fault.kind} touched nothing`
}

function droppedReasons({ items, dropped }: Evidence): string[] {
  const share = dropped / Math.max(1, items.offered + dropped)
  return share > MOST_DROPPED ? [`${itemsWere(dropped)} due but could not be offered`] : []
}

function assertsNothing(e: Evidence): boolean {
  const alerts = e.alerts.some((a) => a.expect !== null)
  return e.thresholds.length === 0 && !alerts && !(fingerprintCounts(e) && e.fingerprint.length > 0)
}

function alertReason(alert: AlertOutcome): string {
  const fired =
    alert.firedAtMs === null
      ? 'it never fired'
      : `it fired at ${Math.round(alert.firedAtMs / 1_000)} s`
  return `alert ${alert.name}: expected ${alert.expect}, ${fired}`
}
