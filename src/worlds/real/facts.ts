// What was seen in either thread, on its way to the books: put in order of time before it is written down.
import { ruleOnKey, ruleOnLog, ruleOnObject } from '../../metrics/compiled-rules.ts'
import { about } from '../../metrics/history.ts'
import type { Ledger } from '../../metrics/ledger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import { EGRESS_UNMOCKED } from '../foreign.ts'
import { isOfRun } from './before-run.ts'
import { RefusedEgress } from './egress/refused.ts'
import type { CallFact, Fact, KeyFact, LogFact, ObjectFact, Tell } from './fact.ts'
import { Identified } from './identified.ts'
import { afterFailures } from './line-order.ts'
import type { Answered } from './own-latency.ts'
import { ShortLimits } from './short-limits.ts'
import type { RealTime } from './time.ts'
import { writePart } from './write-part.ts'

/** Of two things that a process does at once, the one that the wire shows may be this much later, in wall milliseconds. */
const SETTLING_MS = 20
/** So often the other thread is asked what it has seen, while facts wait: what comes meanwhile is written with them. */
const PUMP_MS = 20

/**
 * The books' side: keeps facts until none that is older can come any more, then writes them in order. That is not known
 * by waiting, for on a busy machine either thread may be late by any time: the other one is asked.
 */
export class Facts implements Disposable {
  /** Per host, where its clock was seen to be off. */
  readonly measuredSkewMs = new Map<string, number>()
  /** By route: calls that were answered, if only in part; how long they took, and what was their own, ms of the world. */
  readonly answered = new Map<string, Answered>()
  /** Per host, how many of its dates that were. */
  readonly wrongDates = new Map<string, number>()
  readonly egress = new RefusedEgress()
  readonly identified = new Identified()
  readonly shortLimits: ShortLimits
  readonly #ledger: Ledger
  readonly #recorder: Recorder
  readonly #time: RealTime
  /** The other thread tells all that it has seen by then, and answers with `hasTold`. */
  readonly #ask: (atMs: number) => void
  #timer: NodeJS.Timeout | undefined
  #waiting: Fact[] = []
  #sorted = true

  constructor(
    books: { readonly ledger: Ledger; readonly recorder: Recorder },
    time: RealTime,
    ask: (atMs: number) => void,
  ) {
    this.#ledger = books.ledger
    this.#recorder = books.recorder
    this.#time = time
    this.shortLimits = new ShortLimits(time.speed)
    this.#ask = ask
  }

  readonly tell: Tell = (fact) => {
    // Whoever heals a fault asks at once.
    if (fact.fact === 'skew')
      this.wrongDates.set(fact.host, (this.wrongDates.get(fact.host) ?? 0) + 1)
    const last = this.#waiting.at(-1)
    if (last !== undefined && fact.atUs < last.atUs) this.#sorted = false
    this.#waiting.push(fact)
    this.#pumpSoon()
  }

  #pumpSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (this.#waiting.length === 0) return
      this.#ask(this.#time.nowMs)
      this.#pumpSoon()
    }, PUMP_MS)
  }

  /** All that the other thread had seen when it was asked, at `atMs`, has come; `seenMs`: when it heard the question. */
  hasTold(atMs: number, seenMs: number): void {
    const settlingMs = SETTLING_MS * this.#time.speed
    this.#write((atMs - settlingMs) * 1_000, (settlingMs + Math.max(0, seenMs - atMs)) * 1_000)
  }

  /** Writes all that is left, at the end. */
  flush(): void {
    this.#write(Number.POSITIVE_INFINITY, SETTLING_MS * this.#time.speed * 1_000)
  }

  #write(untilUs: number, laterUs: number): void {
    if (!this.#sorted) this.#waiting.sort((a, b) => a.atUs - b.atUs)
    this.#sorted = true
    const due = this.#waiting.findIndex((fact) => latestUs(fact) > untilUs)
    const ready = this.#waiting.splice(0, due < 0 ? this.#waiting.length : due)
    for (const fact of afterFailures(ready, this.#waiting, laterUs))
      if (isOfRun(fact)) this.#writeOne(fact.atUs < 0 ? { ...fact, atUs: 0 } : fact)
  }

  #writeOne(fact: Fact): void {
    const ledger = this.#ledger
    const recorder = this.#recorder
    const { atUs } = fact
    switch (fact.fact) {
      case 'refuse':
        ledger.refuse(fact.item, atUs)
        break
      case 'start': {
        const item = ledger.open(fact.item)
        const { index } = routeOf(recorder, fact.route)
        const nth = item === undefined ? 1 : ledger.callStarts(item, index)
        if (recorder.upstreams.isUpstream(fact.to, fact.route))
          recorder.upstreams.started(atUs, index, item, nth)
        break
      }
      case 'call':
        this.#call(fact)
        break
      case 'object':
        this.#object(fact)
        break
      case 'log':
        this.#log(fact)
        break
      case 'key':
        this.#key(fact)
        break
      case 'gauge':
        recorder.gauge(fact.name).set(atUs, fact.value)
        break
      case 'report':
        recorder.reportedGauge(fact.name).set(atUs, fact.value)
        break
      case 'counter':
        recorder.counter(fact.name).add(atUs, fact.by)
        break
      case 'skew':
        // The farthest: a skew that came and went was there.
        if (Math.abs(fact.ms) > Math.abs(this.measuredSkewMs.get(fact.host) ?? 0))
          this.measuredSkewMs.set(fact.host, fact.ms)
        break
      case 'egress':
        this.egress.add(fact)
        // In the warm-up, or while a process starts, it leaves as well.
        if (fact.why === 'undeclared')
          recorder.counter(EGRESS_UNMOCKED).add(Math.max(atUs, recorder.windows.warmupEndUs), 1)
        break
      case 'part':
        this.shortLimits.waited(fact)
        writePart(recorder.part(fact.name, fact.concurrency, fact.waitingGauge), fact)
        break
    }
  }

  #object({ item, state, atUs, by, key }: ObjectFact): void {
    if (item >= 0) {
      this.#ledger.objectIs(item, state)
      const rule = ruleOnObject(this.#ledger.rules, key ?? '', state)
      if (rule !== undefined) this.#ledger.logged(rule, item, atUs)
    }
    if (by === undefined || key === undefined) return
    const { observer } = this.#recorder.trace
    observer?.({ event: 'remove', atMs: atUs / 1_000, key, by, ...about(item) })
  }

  #log({ line, item, host, atUs }: LogFact): void {
    this.#recorder.log(line).add(atUs, 1)
    const rule = ruleOnLog(this.#ledger.rules, line)
    if (rule !== undefined && item >= 0) this.#ledger.logged(rule, item, atUs)
    const { observer } = this.#recorder.trace
    observer?.({ event: 'log', atMs: atUs / 1_000, host, line, ...about(item) })
  }

  #key({ key, item, atUs, body }: KeyFact): void {
    const rule = ruleOnKey(this.#ledger.rules, key, body)
    if (rule !== undefined && item >= 0) this.#ledger.logged(rule, item, atUs)
    const { observer } = this.#recorder.trace
    observer?.({ event: 'log', atMs: atUs / 1_000, host: 'redis', line: key, ...about(item) })
  }

  #call(fact: CallFact): void {
    const recorder = this.#recorder
    const stats = routeOf(recorder, fact.route)
    const result = recorder.results.of(fact.class, fact.code, fact.message)
    const { atUs, startUs, item } = fact
    stats.record(startUs, atUs, result)
    this.identified.see(fact)
    this.shortLimits.see(fact)
    if (!Number.isNaN(fact.ownMs)) this.#countAnswered(fact)
    recorder.call(stats, item, startUs, atUs, result.id)
    recorder.trace.observer?.({
      event: 'call',
      atMs: atUs / 1_000,
      startMs: startUs / 1_000,
      from: fact.from,
      to: fact.to,
      route: fact.route,
      nth: 0,
      ...about(item),
      ...(fact.key === '' ? {} : { key: fact.key }),
      class: fact.class,
      ...(fact.code === undefined ? {} : { code: fact.code }),
      ...(fact.message === undefined ? {} : { message: fact.message }),
    })
    if (item < 0) return
    const open = this.#ledger.open(item)
    this.#ledger.callEnds(open, item, stats.index, fact.stage, result, fact.body, startUs, atUs)
  }

  #countAnswered({ route, atUs, startUs, ownMs }: CallFact): void {
    const before = this.answered.get(route) ?? { calls: 0, totalMs: 0, ownMs: 0 }
    this.answered.set(route, {
      calls: before.calls + 1,
      totalMs: before.totalMs + (atUs - startUs) / 1_000,
      ownMs: before.ownMs + ownMs,
    })
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}

/** By when it was so: what is known to some time only could have been at any until then. */
function latestUs(fact: Fact): number {
  return ('byUs' in fact ? fact.byUs : undefined) ?? fact.atUs
}

function routeOf(recorder: Recorder, name: string) {
  const route = recorder.routes.find((r) => r.route === name)
  if (route === undefined) throw new Error(`route ${name} was declared when the run was planned`)
  return route
}
