// The ledger: every item offered ends in exactly one fate, with its stage and root cause as the wire shows it.
import { assert } from '../base/assert.ts'
import type { Json } from '../worlds/world.ts'
import type { Result } from './attempts.ts'
import { type Cause, Causes, seen } from './cause.ts'
import { CompiledRule, causeNamed, SUCCEEDED } from './compiled-rules.ts'
import { type EndedCause, EndedItems } from './ended-items.ts'
import { Histogram } from './histogram.ts'
import { LostItems } from './lost-items.ts'
import { type OpenItem, OpenItems } from './open-items.ts'
import { FATES, type Fate, LOST, type ObjectState, type OutcomeRule } from './outcomes.ts'
import { Series } from './series.ts'
import { Told } from './told.ts'
import { type Trace, TraceEvent } from './trace.ts'
import type { UpstreamCalls } from './upstream-calls.ts'
import { WhichLost } from './which-lost.ts'
import type { WindowFilter, Windows } from './windows.ts'

const FATE_ID = Object.fromEntries(FATES.map((fate, id) => [fate, id])) as Record<Fate, number>
const IS_LOST = FATES.map((fate) => LOST.includes(fate))
const OPEN = 255

export class Ledger {
  readonly succeededSeries = new Series()
  readonly lostSeries = new Series()
  duplicates = 0
  dropped = 0
  /** How many ends of items there were, the warm-up included; a success that comes late is one more. */
  ends = 0
  /** Called with an item's index whenever one ends. */
  onEnd: ((index: number) => void) | undefined
  /** Told of every item that ends. */
  upstreams: UpstreamCalls | undefined
  readonly rules: readonly CompiledRule[]
  /** Where the pipeline has a rule that tells. */
  readonly told: Told | undefined
  readonly #windows: Windows
  readonly #trace: Trace
  readonly #replyRules: readonly (readonly CompiledRule[])[]
  readonly #open: OpenItems
  readonly #lost = new LostItems()
  readonly #causes = new Causes()
  readonly #offered: number[]
  readonly #ended: EndedItems
  readonly #durations: (Histogram | undefined)[]
  /** It grows early: what has never changed is built into compiled code. */
  #fates = new Uint8Array(1 << 8)

  constructor(
    windows: Windows,
    trace: Trace,
    routes: readonly string[],
    rules: readonly OutcomeRule[],
  ) {
    this.#windows = windows
    this.#trace = trace
    this.rules = rules.map((rule) => new CompiledRule(rule, routes))
    this.#open = new OpenItems(routes.length)
    this.told = rules.some((rule) => rule.on === 'log' && rule.tells !== undefined)
      ? new Told(windows)
      : undefined
    this.#replyRules = routes.map((route) =>
      this.rules.filter(({ rule }) => rule.on === 'reply' && rule.route === route),
    )
    this.#offered = windows.kinds.map(() => 0)
    this.#ended = new EndedItems(windows, this.#causes)
    this.#durations = windows.kinds.map(() => undefined)
  }

  get openCount(): number {
    return this.#open.size
  }

  open(index: number): OpenItem | undefined {
    return this.#open.get(index)
  }

  /** How long ago the oldest item was due that has not ended; 0 where all have. */
  oldestMs(nowUs: number): number {
    const oldest = this.#open.oldest()
    return oldest === undefined ? 0 : (nowUs - oldest.intendedUs) / 1_000
  }

  offer(index: number, intendedUs: number, nowUs: number): void {
    const window = this.#windows.at(intendedUs)
    this.#open.add(index, intendedUs, window)
    this.#offered[window] = (this.#offered[window] as number) + 1
    while (index >= this.#fates.length) {
      const more = new Uint8Array(this.#fates.length * 2)
      more.set(this.#fates)
      this.#fates = more
    }
    this.#fates[index] = OPEN
    this.told?.offer(index, window)
    this.#trace.note(TraceEvent.offer, nowUs, index, intendedUs | 0, window)
    this.#trace.observer?.({
      event: 'offer',
      atMs: nowUs / 1_000,
      item: index,
      dueMs: intendedUs / 1_000,
    })
  }

  /** The entry host was down. */
  refuse(index: number, nowUs: number): void {
    const rule = this.rules.find((r) => r.rule.on === 'offer')?.rule
    const cause = this.#causes.of(rule?.stage ?? 'offer', rule?.class ?? 'refused')
    this.#end(index, this.#open.get(index), FATE_ID[rule?.fate ?? 'rejected'], cause, nowUs)
  }

  /** Counts a call about the item; its number among the item's calls of this route, from 1. */
  callStarts(item: OpenItem, route: number): number {
    const calls = ((item.calls[route] as number) >> 2) + 1
    item.calls[route] = calls << 2
    return calls
  }

  /** `known` is the item's record when the call began; records are used again, so its index may have changed. */
  callEnds(
    known: OpenItem | undefined,
    index: number,
    route: number,
    stage: string,
    result: Result,
    body: Json,
    startUs: number,
    nowUs: number,
  ): void {
    const ok = result.class === 'ok'
    const item = known?.index === index ? known : undefined
    if (item !== undefined) {
      item.calls[route] = ((item.calls[route] as number) & ~3) | (ok ? 1 : 2)
      // The deepest failure is the root cause: one noted while this call was under way came from inside it.
      if (!ok && item.causeUs < startUs)
        this.#blame(item, this.#causes.ofResult(stage, result), nowUs)
    }
    const rules = this.#replyRules[route] as readonly CompiledRule[]
    for (let i = 0; i < rules.length; i++) {
      const compiled = rules[i] as CompiledRule
      if (!compiled.matches(item, ok, body)) continue
      this.#apply(compiled, index, item, nowUs)
      return
    }
  }

  objectIs(index: number, state: ObjectState): void {
    const item = this.#open.get(index)
    if (item !== undefined) item.object = state
  }

  /** A rule that waits for something other than a call has found it. */
  logged(compiled: CompiledRule, index: number, nowUs: number): void {
    const item = this.#open.get(index)
    const { rule } = compiled
    if (rule.on === 'log' && rule.tells !== undefined) this.told?.tell(index, rule.tells, nowUs)
    const isMeant = rule.on !== 'log' || rule.object === undefined || rule.object === item?.object
    if (isMeant) this.#apply(compiled, index, item, nowUs)
  }

  /** Applies the `end` rules. */
  settle(nowUs: number): void {
    for (const item of [...this.#open]) {
      const rule = this.rules.find(
        ({ rule: r }) =>
          r.on === 'end' &&
          (r.object === undefined || r.object === item.object) &&
          (r.told === undefined || this.told?.was(item.index, r.told) === true),
      )
      if (rule === undefined) continue
      // Who was told was told then, not now.
      const isTold = rule.rule.on === 'end' && rule.rule.told !== undefined
      this.#apply(rule, item.index, item, isTold ? (this.told?.atUs(item.index) ?? nowUs) : nowUs)
    }
  }

  #apply(rule: CompiledRule, index: number, item: OpenItem | undefined, nowUs: number): void {
    if (item !== undefined && rule.blames) this.#blame(item, this.#causeOf(rule), nowUs)
    if (rule.fate < 0) return
    this.#end(index, item, rule.fate, item?.cause ?? this.#causeOf(rule), nowUs)
  }

  #blame(item: OpenItem, cause: Cause, nowUs: number): void {
    item.cause = cause
    item.causeUs = nowUs
  }

  #end(index: number, item: OpenItem | undefined, fate: number, cause: Cause, nowUs: number): void {
    const before = this.#fates[index]
    if (item === undefined) {
      if (fate !== SUCCEEDED) return
      if (before === SUCCEEDED) this.duplicates++
      else this.#winAfterAll(index, nowUs)
      return
    }
    assert(before === OPEN, `item ${index} ended twice`)
    const { window, intendedUs } = item
    this.upstreams?.itemEnded(item, fate === SUCCEEDED)
    this.#open.remove(item)
    this.#ended.add(window, fate, cause, 1)
    if (fate === SUCCEEDED) this.#succeed(window, intendedUs, nowUs)
    else {
      this.#lost.add(index, window, cause.id, intendedUs)
      this.lostSeries.record(nowUs, 1)
    }
    this.#close(index, fate, cause, nowUs)
  }

  #winAfterAll(index: number, nowUs: number): void {
    const [window, intendedUs] = [this.#lost.windowOf(index), this.#lost.intendedUsOf(index)]
    const cause = this.#causes.byId(this.#lost.causeOf(index))
    this.#ended.add(window, this.#fates[index] as number, cause, -1)
    this.#ended.add(window, SUCCEEDED, cause, 1)
    this.#succeed(window, intendedUs, nowUs)
    this.#close(index, SUCCEEDED, cause, nowUs)
  }

  #close(index: number, fate: number, cause: Cause, nowUs: number): void {
    this.#fates[index] = fate
    this.ends++
    this.#trace.note(TraceEvent.fate, nowUs, index, fate, cause.id)
    this.#trace.observer?.({
      event: 'fate',
      atMs: nowUs / 1_000,
      item: index,
      fate: FATES[fate] as Fate,
      ...(fate === SUCCEEDED ? {} : seen(cause)),
    })
    this.onEnd?.(index)
  }

  #succeed(window: number, intendedUs: number, nowUs: number): void {
    let durations = this.#durations[window]
    if (durations === undefined) durations = this.#durations[window] = new Histogram()
    const ms = (nowUs - intendedUs) / 1_000
    durations.record(ms)
    this.succeededSeries.record(nowUs, 1)
  }

  /** What a rule calls the cause, where the wire has shown none. */
  #causeOf(compiled: CompiledRule): Cause {
    compiled.cause ??= this.#causes.of(...causeNamed(compiled.rule))
    return compiled.cause
  }

  offered(filter: WindowFilter): number {
    return this.#windows.matching(filter).reduce((sum, w) => sum + (this.#offered[w] ?? 0), 0)
  }

  /** Items still open, by the window of their intended start. */
  pending(filter: WindowFilter): number {
    const wanted = new Set(this.#windows.matching(filter))
    let count = 0
    for (const item of this.#open) if (wanted.has(item.window)) count++
    return count
  }

  ended(filter: WindowFilter, fates: readonly Fate[], which?: (cause: Cause) => boolean): number {
    return this.#ended.count(filter, fates, which)
  }

  whichLost(filter: WindowFilter): WhichLost {
    const wanted = this.#windows.kinds.map(() => false)
    for (const window of this.#windows.matching(filter)) wanted[window] = true
    const which = new WhichLost()
    for (let index = 0; index < this.#fates.length; index++) {
      const fate = this.#fates[index] as number
      if (IS_LOST[fate] === true && wanted[this.#lost.windowOf(index)] === true)
        which.add(index, FATES[fate] as Fate, this.#lost.causeOf(index))
    }
    return which
  }

  causes(filter: WindowFilter, fates?: readonly Fate[]): EndedCause[] {
    return this.#ended.causes(filter, fates)
  }

  /** Items that ended like this, and that nobody was told of; undefined where it is not known who was told. */
  untold(filter: WindowFilter, fate: Fate | undefined): number | undefined {
    const wanted = fate === undefined ? undefined : FATE_ID[fate]
    return this.told?.count(filter, (index) => {
      const is = this.#fates[index]
      return is !== OPEN && (wanted === undefined || is === wanted)
    })
  }

  durations(filter: WindowFilter): Histogram {
    const all = new Histogram()
    for (const window of this.#windows.matching(filter)) {
      const durations = this.#durations[window]
      if (durations !== undefined) all.merge(durations)
    }
    return all
  }

  /** Offered = Σ fates, the warm-up included; otherwise the difference, which is our own bug. */
  imbalance(): number {
    const rest = (f: WindowFilter) => this.offered(f) - this.ended(f, FATES) - this.pending(f)
    return rest({}) + rest({ phase: 'warmup' })
  }
}
