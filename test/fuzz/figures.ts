// What the figures of one run must be among themselves, whatever its scenario.
import { catalogOf } from '../../src/metrics/catalog.ts'
import type { RunResult } from '../../src/run/result.ts'
import { loadOf, pipelineOf, type Resolved } from '../../src/scenario/schema.ts'
import { holds, readExpression, readMetric } from '../../src/verdict/expression.ts'

type Say = (is: boolean, what: string) => void

/** A clock may be behind; a stage may make work shorter. */
const MAY_BE_NEGATIVE = new Set(['clock.skew.skewMs', 'upstream.degrade.addedMs'])

/** What is wrong, in sentences; empty where nothing is. */
export function faultsOfFigures(result: RunResult, scenario: Resolved): string[] {
  const faults: string[] = []
  const say: Say = (is, what) => {
    if (!is) faults.push(what)
  }
  items(result, say)
  attempts(result, say)
  times(result, scenario, say)
  gauges(result, scenario, say)
  bounds(result, scenario, say)
  evidence(result, scenario, say)
  asserted(result, scenario, say)
  return [...faults, ...notNumbers(result)]
}

const equal = (say: Say, what: string, a: unknown, b: unknown) =>
  say(Object.is(a, b), `${what}: ${String(a)} and ${String(b)}`)

const sum = (all: readonly { readonly count: number }[]) =>
  all.reduce((total, { count }) => total + count, 0)

function items({ items: n, failures, metrics }: RunResult, say: Say): void {
  const lost = n.failed + n.skipped + n.rejected + n.discarded
  equal(say, 'offered and the sum of fates', n.offered, n.succeeded + lost + n.pending)
  equal(say, 'items lost and the causes of that', lost, sum(failures))
  equal(say, 'offered twice', metrics.items_offered?.count ?? 0, n.offered)
  equal(say, 'duplicates twice', metrics.item_duplicates?.count ?? n.duplicates, n.duplicates)
  // Of items that are all still open nothing is known yet.
  const known = n.pending === n.offered ? 0 : n.offered
  for (const fate of ['succeeded', 'failed', 'skipped', 'rejected', 'discarded'] as const) {
    rate(say, `item_${fate}`, metrics[`item_${fate}`], n[fate], known)
    if (fate !== 'succeeded')
      equal(say, `${fate}`, n[fate], sum(failures.filter((f) => f.fate === fate)))
  }
  rate(say, 'item_lost', metrics.item_lost, lost, known)
  rate(say, 'item_pending', metrics.item_pending, n.pending, n.offered)
  equal(say, 'successes and their durations', n.succeeded > 0, metrics.item_duration !== undefined)
  say(
    failures.every((f, i) => f.count > 0 && (failures[i - 1]?.count ?? f.count) >= f.count),
    'causes stand in order',
  )
}

type Figures = RunResult['metrics'][string]

function rate(say: Say, name: string, figures: Figures | undefined, part: number, of: number) {
  if (of === 0) equal(say, `${name} of nothing`, figures, undefined)
  else {
    equal(say, `${name} count`, figures?.count, part)
    equal(say, `${name} rate`, figures?.rate, part / of)
  }
}

function attempts({ attempts: all, metrics }: RunResult, say: Say): void {
  const failed = sum(all.filter((a) => a.class !== 'ok'))
  rate(say, 'attempts', metrics.attempts, sum(all), sum(all))
  rate(say, 'attempt_failed', metrics.attempt_failed, failed, sum(all))
  const names = all.map((a) => `${a.route} ${a.class} ${a.code} ${'message' in a ? a.message : ''}`)
  equal(say, 'routes and classes, each once', new Set(names).size, names.length)
  say(
    all.every((a) => a.count > 0),
    'an attempt count is above zero',
  )
}

/** Durations in order, and the run no longer than load and settling. */
function times({ metrics, simulatedMs, items: n }: RunResult, scenario: Resolved, say: Say): void {
  for (const [name, f] of Object.entries(metrics)) {
    if (!('p(95)' in f)) continue
    const order = ['min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'].map((key) => f[key] ?? 0)
    say(
      order.every((ms, i) => ms >= (order[i - 1] ?? 0)),
      `${name} is not in order: ${order.join(' ')}`,
    )
    const [low = 0, high = 0, avg = Number.NaN] = [order[0], order.at(-1), f.avg ?? undefined]
    say(
      avg >= low * (1 - 1e-9) && avg <= high * (1 + 1e-9),
      `the mean of ${name} lies outside: ${low} ${avg} ${high}`,
    )
  }
  const longest = loadOf(scenario).durationMs(scenario.load) + scenario.settle
  say(simulatedMs <= longest + 0.001, `it took ${simulatedMs} of at most ${longest} ms`)
  if (n.pending > 0)
    say(simulatedMs >= longest - 0.001, `items are pending, and it ended at ${simulatedMs} ms`)
}

interface Part {
  readonly concurrency?: number
  readonly utilisation?: number
  readonly busy: { readonly avg: number; readonly max: number }
  readonly queue: { readonly avg: number; readonly max: number }
}

function gauges({ metrics, reported, parts }: RunResult, scenario: Resolved, say: Say): void {
  const near = (low: number, high: number) => low <= high * (1 + 1e-9) + 1e-9
  for (const [name, f] of Object.entries(metrics)) {
    if ('value' in f && 'min' in f) {
      const { min = 0, max = 0, avg = 0, value = 0 } = f as Record<string, number>
      say(
        min >= 0 && near(min, avg) && near(avg, max),
        `${name} is out of order: ${min} ${avg} ${max}`,
      )
      say(value >= min && value <= max, `the last ${name} lies outside: ${min} ${value} ${max}`)
    }
    if ('count' in f) say((f.count ?? 0) >= 0 && (f.rate ?? 0) >= 0, `${name} is negative`)
  }
  for (const [name, value] of Object.entries(reported)) say(value >= 0, `${name} says ${value}`)
  // Upstreams of the other pipelines may have more in hand than they bear, and what workers have goes when they go.
  const isSteady =
    scenario.pipeline.kind === 'inference' &&
    !scenario.faults.some(({ kind }) => kind === 'capacity' || kind === 'upstream.degrade')
  for (const [name, part] of Object.entries(parts as Record<string, Part>)) {
    for (const { avg, max } of [part.busy, part.queue])
      say(avg >= 0 && near(avg, max), `${name} is out of order: ${avg} ${max}`)
    const { concurrency = Number.POSITIVE_INFINITY, utilisation = 0 } = part
    say(!isSteady || part.busy.max <= concurrency, `${name} has ${part.busy.max} of ${concurrency}`)
    say(utilisation >= 0 && (!isSteady || near(utilisation, 1)), `${name} is used ${utilisation}`)
  }
}

/** By kind of pipeline: what its options say can never be more. */
function bounds({ metrics, parts }: RunResult, { pipeline }: Resolved, say: Say): void {
  if (pipeline.kind !== 'inference') return
  const most = (name: string, limit: number) =>
    say((metrics[name]?.max ?? 0) <= limit, `${name} is ${metrics[name]?.max} of ${limit}`)
  most('services_registered', pipeline.services)
  most('queue_depth', pipeline.queue.max)
  const all = parts as Record<string, Part>
  say((all.queue?.queue.max ?? 0) <= pipeline.queue.max, 'the queue holds more than it can')
  for (const [name, { queue }] of Object.entries(all))
    if (name.startsWith('service-'))
      say(queue.max <= pipeline.service.backlog, `${name} has ${queue.max} waiting`)
}

function evidence({ faults, reasons }: RunResult, { faults: planned }: Resolved, say: Say): void {
  equal(say, 'faults planned and reported', planned.length, faults.length)
  for (const { kind, touched, times: n, atMs, forMs, describe, evidence: found } of faults) {
    say(touched >= 0 && Number.isInteger(touched), `${kind} touched ${touched}`)
    say(n >= 1 && atMs >= 0 && forMs >= 0, `${kind} came ${n} times, ${atMs} ${forMs}`)
    say(
      !/undefined|NaN|\[object|Infinity/.test(describe) && describe !== '',
      `${kind}: ${describe}`,
    )
    for (const [name, count] of Object.entries(found))
      say(count >= 0 || MAY_BE_NEGATIVE.has(`${kind}.${name}`), `${kind} has ${name} ${count}`)
  }
  for (const reason of reasons)
    say(!/undefined|NaN|\[object|Infinity/.test(reason), `a reason reads '${reason}'`)
}

/** Every expression, judged once more by what it says it observed. */
function asserted(result: RunResult, scenario: Resolved, say: Say): void {
  const catalog = catalogOf(pipelineOf(scenario))
  for (const { metric, expr, observed, ok } of [...result.thresholds, ...result.fingerprint]) {
    const read = readMetric(metric, catalog)
    const parsed = 'ok' in read ? readExpression(expr, read.ok.metric) : read
    if (!('ok' in parsed)) say(false, `${metric}: ${expr} was accepted: ${parsed.problem}`)
    else equal(say, `${metric}: ${expr}`, ok, observed === null ? null : holds(observed, parsed.ok))
  }
  const all = (section: 'thresholds' | 'fingerprint') => Object.values(scenario[section]).flat()
  equal(say, 'thresholds judged', result.thresholds.length, all('thresholds').length)
  equal(say, 'fingerprints judged', result.fingerprint.length, all('fingerprint').length)
  equal(say, 'alerts judged', result.alerts.length, scenario.alerts.length)
}

/** Where a figure is not one: it would be null in the summary and mean "nothing was measured". */
function notNumbers(value: unknown, at = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${at} is ${value}`]
  if (value === undefined) return [`${at} is undefined`]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => notNumbers(inner, `${at}.${key}`))
}
