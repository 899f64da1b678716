// The recorder: where everything measured in a run is written, by name.
import { must } from '../base/assert.ts'
import { Results, RouteStats } from './attempts.ts'
import { CounterStats, GaugeStats } from './gauge.ts'
import { Histogram } from './histogram.ts'
import { Series } from './series.ts'
import { type Trace, TraceEvent } from './trace.ts'
import { type IsUpstream, UpstreamCalls } from './upstream-calls.ts'
import type { WindowFilter, Windows } from './windows.ts'

/** A place where work waits or is done. */
export class PartStats {
  concurrency: number
  readonly busy: GaugeStats
  readonly waiting: GaugeStats
  readonly #windows: Windows
  readonly #waits: (Histogram | undefined)[] = []

  constructor(windows: Windows, concurrency: number, busy: GaugeStats, waiting: GaugeStats) {
    this.#windows = windows
    this.concurrency = concurrency
    this.busy = busy
    this.waiting = waiting
    this.busy.set(0, 0)
    this.waiting.set(0, 0)
  }

  changeBusy(nowUs: number, by: number): void {
    this.busy.set(nowUs, this.busy.value + by)
  }

  changeWaiting(nowUs: number, by: number): void {
    this.waiting.set(nowUs, this.waiting.value + by)
  }

  /** A wait of so long is over now. It belongs to the window in which it began. */
  waited(nowUs: number, ms: number): void {
    const kind = this.#windows.at(nowUs - Math.round(ms * 1_000))
    let waits = this.#waits[kind]
    if (waits === undefined) waits = this.#waits[kind] = new Histogram()
    waits.record(ms)
  }

  waits(filter: WindowFilter): Histogram {
    const all = new Histogram()
    for (const kind of this.#windows.matching(filter)) {
      const waits = this.#waits[kind]
      if (waits !== undefined) all.merge(waits)
    }
    return all
  }

  summary(filter: WindowFilter) {
    const busy = this.busy.summary(filter)
    const waiting = this.waiting.summary(filter)
    const waits = this.waits(filter)
    const { concurrency } = this
    return {
      ...(Number.isFinite(concurrency) ? { concurrency } : {}),
      // Of no slots, as a fault may leave it when a run is cut short, none can be busy.
      ...(Number.isFinite(concurrency) && concurrency > 0
        ? { utilisation: (busy?.avg ?? 0) / concurrency }
        : {}),
      busy: { avg: busy?.avg ?? 0, max: busy?.max ?? 0 },
      queue: { avg: waiting?.avg ?? 0, max: waiting?.max ?? 0 },
      waitMs:
        waits.count === 0
          ? null
          : { avg: waits.mean, max: waits.max, 'p(99)': waits.quantile(0.99) },
    }
  }
}

export class Recorder {
  readonly windows: Windows
  readonly trace: Trace
  readonly results = new Results()
  readonly routes: readonly RouteStats[]
  /** What it asks of hosts that are no part of the system. */
  readonly upstreams: UpstreamCalls
  readonly gauges = new Map<string, GaugeStats>()
  readonly counters = new Map<string, CounterStats>()
  readonly reported = new Map<string, GaugeStats>()
  readonly parts = new Map<string, PartStats>()
  readonly logs = new Map<string, CounterStats>()

  constructor(
    windows: Windows,
    trace: Trace,
    routes: readonly string[],
    isUpstream: IsUpstream = () => false,
  ) {
    this.windows = windows
    this.trace = trace
    this.upstreams = new UpstreamCalls(windows, routes.length, isUpstream)
    this.routes = routes.map((route, index) => new RouteStats(route, index, windows, this.results))
  }

  routeOf(route: string): RouteStats {
    return must(
      this.routes.find((stats) => stats.route === route),
      `route ${route} is among those of the run`,
    )
  }

  gauge(name: string): GaugeStats {
    return getOr(this.gauges, name, () => new GaugeStats(this.windows, new Series()))
  }

  reportedGauge(name: string): GaugeStats {
    return getOr(this.reported, name, () => new GaugeStats(this.windows, new Series()))
  }

  counter(name: string): CounterStats {
    return getOr(this.counters, name, () => new CounterStats(this.windows))
  }

  log(line: string): CounterStats {
    return getOr(this.logs, line, () => new CounterStats(this.windows))
  }

  part(name: string, concurrency = Number.POSITIVE_INFINITY, waitingGauge?: string): PartStats {
    const gauge = () => new GaugeStats(this.windows)
    const waiting = () => (waitingGauge === undefined ? gauge() : this.gauge(waitingGauge))
    return getOr(
      this.parts,
      name,
      () => new PartStats(this.windows, concurrency, gauge(), waiting()),
    )
  }

  call(route: RouteStats, item: number, startUs: number, endUs: number, resultId: number): void {
    this.trace.note(TraceEvent.call, endUs, item, route.index * 4096 + resultId, startUs | 0)
  }

  /** Brings every held value up to the end of the run. */
  close(nowUs: number): void {
    for (const gauge of [...this.gauges.values(), ...this.reported.values()]) gauge.settle(nowUs)
    for (const part of this.parts.values()) {
      part.busy.settle(nowUs)
      part.waiting.settle(nowUs)
    }
  }
}

function getOr<V>(map: Map<string, V>, name: string, make: () => V): V {
  let value = map.get(name)
  if (value === undefined) {
    value = make()
    map.set(name, value)
  }
  return value
}
