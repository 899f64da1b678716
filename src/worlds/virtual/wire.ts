// The virtual network: carries a call through its stages, lets the rules act on it, and keeps its deadlines.
import type { Random } from '../../base/random.ts'
import type { Result } from '../../metrics/attempts.ts'
import type { Ledger } from '../../metrics/ledger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import { codeIn } from '../error-code.ts'
import { type ActiveRule, type Decision, type Remove, Rules, sumOf } from '../rules.ts'
import { SplitReply } from '../split-reply.ts'
import { TableListing } from '../store/objects.ts'
import { type Answer, CallError, type Json, NO_HEADERS, type Stage } from '../world.ts'
import { besides, isHeldUp } from './besides.ts'
import type { VirtualClock } from './clock.ts'
import { type Exchange, historyOf, WholeReply } from './exchange.ts'
import type { Lane } from './lane.ts'

export class Wire {
  readonly clock: VirtualClock
  readonly recorder: Recorder
  readonly ledger: Ledger
  readonly random: Random
  readonly rules: Rules<Exchange>
  readonly #arriveNow = (x: Exchange) => {
    // A caller that gave up has closed its connection: what was still on its way is not served.
    if (!x.over) x.lane.arrive(x)
  }

  constructor(
    clock: VirtualClock,
    recorder: Recorder,
    ledger: Ledger,
    random: Random,
    remove: Remove<Exchange>,
  ) {
    this.clock = clock
    this.recorder = recorder
    this.ledger = ledger
    this.random = random
    this.rules = new Rules(remove)
  }

  /** Sends a call. What its caller waits for. */
  send<T>(x: Exchange): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      x.resolve = resolve
      x.reject = reject
    })
    this.#leave(x)
    return answer
  }

  #leave(x: Exchange): void {
    const item = x.item < 0 ? undefined : this.ledger.open(x.item)
    const { lane } = x
    x.open = item
    x.nth = item === undefined ? ++lane.calls : this.ledger.callStarts(item, lane.stats.index)
    if (lane.isUpstream)
      this.recorder.upstreams.started(this.clock.nowUs, lane.stats.index, item, x.nth)
    const draw = this.random.at(lane.stats.index, x.item < 0 ? lane.hash : x.item, x.nth)
    const us = lane.latencyUs(draw)
    const { totalMs } = x.timeouts
    if (totalMs !== undefined && us > totalMs * 1_000) this.arm(x, 'read-timeout', undefined)
    this.rules.choose(lane.rules, lane)
    if (lane.rules.connect.length > 0) this.#connect(x, us)
    else if (lane.rules.request.length > 0) this.#request(x, us)
    else this.clock.schedule(this.clock.nowUs + us, this.#arriveNow, x)
  }

  /** Whether any rule in force has to do with the calls of a lane. */
  isRuled(lane: Lane, at: Stage): boolean {
    this.rules.choose(lane.rules, lane)
    return lane.rules[at].length > 0
  }

  #decide(x: Exchange, at: Stage, answer?: unknown): Decision<Exchange> | undefined {
    if (!this.isRuled(x.lane, at)) return undefined
    const among = x.lane.rules[at]
    if (answer !== undefined) x.unusual().answer = answer
    return this.rules.decide(x, at, among)
  }

  #connect(x: Exchange, us: number): void {
    const decision = this.#decide(x, 'connect')
    if (decision === undefined) this.#request(x, us)
    else {
      this.arm(x, 'connect-timeout', x.timeouts.connectMs)
      this.#obey(
        x,
        decision,
        us,
        () => this.#request(x, us),
        () => this.#connect(x, us),
      )
    }
  }

  #request(x: Exchange, us: number): void {
    const decision = this.#decide(x, 'request')
    if (decision === undefined) this.clock.schedule(this.clock.nowUs + us, this.#arriveNow, x)
    else {
      if (isHeldUp(decision)) this.arm(x, 'read-timeout', x.timeouts.readMs)
      besides(this, x, decision, us)
      const go = () => this.clock.schedule(this.clock.nowUs + us, this.#arriveNow, x)
      this.#obey(x, decision, us, go, () => this.#request(x, us))
    }
  }

  /** Does what the rules decided before the server was reached. */
  #obey(x: Exchange, d: Decision<Exchange>, us: number, go: () => void, again: () => void): void {
    if (d.hang !== undefined) this.#hold(x, d.hang, () => this.fail(x, 'reset'))
    else if (d.held !== undefined) this.#hold(x, d.held, again)
    else {
      const { fail, reply } = d
      const next =
        fail !== undefined
          ? () => this.fail(x, fail.class)
          : reply !== undefined
            ? () =>
                this.deliver(
                  x,
                  this.#resultOf(reply.status, reply.body ?? null, reply.code),
                  reply.status,
                  reply.body ?? null,
                  0,
                )
            : go
      // A refusal or an answer takes as long to come back as the way there.
      const afterUs = sumOf(d.delays) * 1_000 + (next === go ? 0 : us)
      this.clock.schedule(this.clock.nowUs + afterUs, (e: Exchange) => e.over || next(), x)
    }
  }

  #hold(x: Exchange, by: ActiveRule<Exchange>, onward: () => void): void {
    x.unusual().onward = onward
    by.holding.add(x)
  }

  /** The fault is healed: what it held goes on, or is cut. */
  release(rule: ActiveRule<Exchange>): void {
    this.rules.active = this.rules.active.filter((other) => other !== rule)
    for (const x of rule.holding) {
      if (!x.over) x.rare?.onward?.()
    }
    rule.holding.clear()
  }

  answer(x: Exchange, answer: Answer): void {
    const body = answer.body ?? null
    if (answer.cut === true) {
      this.fail(x, 'reset')
      return
    }
    if (answer.headers !== undefined) x.unusual().headers = answer.headers
    if (answer.sizeBytes !== undefined) x.unusual().answerBytes = answer.sizeBytes
    this.deliver(
      x,
      this.#resultOf(answer.status, body),
      answer.status,
      body,
      answer.bodyLateMs ?? 0,
    )
  }

  #resultOf(status: number, body: Json, code?: string): Result {
    const { results } = this.recorder
    return status < 400 ? results.ok : results.of(`http-${status}`, code ?? codeIn(body))
  }

  /** The answer leaves the server; `value` is what its caller gets: a body, or what the store found. */
  deliver(x: Exchange, result: Result, status: number, value: unknown, bodyLateMs: number): void {
    if (x.over || x.life.dead) {
      if (x.rare?.unheard !== true) this.#brokenPipe()
      return
    }
    const d = this.#decide(x, 'reply', value)
    if (d === undefined && bodyLateMs === 0) this.#finish(x, result, status, value)
    else if (d === undefined) this.#split(x, result, status, value, bodyLateMs)
    else this.#obeyReply(x, d, result, status, value, bodyLateMs)
  }

  #brokenPipe(): void {
    this.recorder.counter('broken_pipes').add(this.clock.nowUs, 1)
  }

  #obeyReply(
    x: Exchange,
    d: Decision<Exchange>,
    result: Result,
    status: number,
    value: unknown,
    bodyLateMs: number,
  ): void {
    if (value instanceof TableListing) value.freeze()
    if (x.deadline === undefined) this.arm(x, 'read-timeout', x.timeouts.readMs)
    if (d.hang !== undefined) this.#hold(x, d.hang, () => this.fail(x, 'reset'))
    else if (d.held !== undefined)
      this.#hold(x, d.held, () => this.deliver(x, result, status, value, bodyLateMs))
    else {
      const late = bodyLateMs + (x.lane.wantsReply ? sumOf(d.splits) : 0)
      const { fail, reply } = d
      const sent =
        reply === undefined ? result : this.#resultOf(reply.status, reply.body ?? null, reply.code)
      if (reply !== undefined) x.loseAnswer()
      const sentStatus = reply?.status ?? status
      const sentValue = reply === undefined ? value : (reply.body ?? null)
      this.clock.schedule(
        this.clock.nowUs + sumOf(d.delays) * 1_000,
        (e: Exchange) => {
          if (e.over) this.#brokenPipe()
          else if (fail !== undefined) this.fail(e, fail.class)
          else if (late > 0) this.#split(e, sent, sentStatus, sentValue, late)
          else this.#finish(e, sent, sentStatus, sentValue)
        },
        x,
      )
    }
  }

  /** Head now, body later: the attempt ends when the body has come, or the caller hung up on it. */
  #split(x: Exchange, result: Result, status: number, value: unknown, lateMs: number): void {
    const reply = new SplitReply(status, x.rare?.headers ?? NO_HEADERS, () =>
      this.#giveUp(x, 'aborted'),
    )
    x.unusual().split = reply
    this.#resume(x, () => x.resolve(reply as never))
    this.clock.schedule(
      this.clock.nowUs + lateMs * 1_000,
      (e: Exchange) => {
        if (e.over) this.#brokenPipe()
        else if (this.#conclude(e, result, e.route, value as Json))
          this.#resume(e, () => reply.complete(value as Json))
      },
      x,
    )
  }

  /** Starts the clock on a stage of the call. */
  arm(x: Exchange, klass: string, stageMs: number | undefined): void {
    const { totalMs } = x.timeouts
    if (x.over) return
    if (x.deadline !== undefined) this.clock.cancel(x.deadline)
    if (stageMs === undefined && totalMs === undefined) return
    const stageUs =
      stageMs === undefined ? Number.POSITIVE_INFINITY : this.clock.nowUs + stageMs * 1_000
    const totalUs = totalMs === undefined ? Number.POSITIVE_INFINITY : x.startUs + totalMs * 1_000
    if (klass !== 'read-timeout' || x.rare !== undefined) x.unusual().timeoutClass = klass
    x.deadline = this.clock.scheduleTimer(Math.min(stageUs, totalUs), this.#timedOut, x)
  }

  readonly #timedOut = (x: Exchange) => this.fail(x, x.rare?.timeoutClass ?? 'read-timeout')

  fail(x: Exchange, klass: string): void {
    if (!x.over) this.#giveUp(x, klass)
  }

  /** The caller's side ends without a whole answer. */
  #giveUp(x: Exchange, klass: string): void {
    const split = x.rare?.split
    const result = this.recorder.results.of(klass)
    x.loseAnswer()
    if (!this.#conclude(x, result, split === undefined ? x.route : 'reply', null)) return
    const error = new CallError(result)
    this.#resume(x, () => (split === undefined ? x.reject(error) : split.lose(error)))
  }

  #finish(x: Exchange, result: Result, status: number, value: unknown): void {
    if (!this.#conclude(x, result, x.route, x.lane.showsBody ? (value as Json) : null)) return
    if (x.lane.wantsReply) {
      const reply = new WholeReply(status, x.rare?.headers ?? NO_HEADERS, value as Json)
      if (x.life.paused) this.#resume(x, () => x.resolve(reply as never))
      else x.resolve(reply as never)
    } else if (result.class === 'ok') {
      if (x.life.paused) this.#resume(x, () => x.resolve(value as never))
      else x.resolve(value as never)
    } else {
      const error = new CallError(result, result.message)
      this.#resume(x, () => x.reject(error))
    }
  }

  #resume(x: Exchange, resolve: () => void): void {
    x.life.wake(resolve)
  }

  /** Writes the attempt into the books; false when the caller has died and nobody is left to learn of it. */
  #conclude(x: Exchange, result: Result, stage: string, body: Json): boolean {
    x.over = true
    if (x.deadline !== undefined) this.clock.cancel(x.deadline)
    if (x.life.dead) return false
    const { nowUs } = this.clock
    const { stats } = x.lane
    stats.record(x.startUs, nowUs, result)
    this.recorder.call(stats, x.item, x.startUs, nowUs, result.id)
    if (this.recorder.trace.observer !== undefined)
      this.recorder.trace.observer(historyOf(x, result))
    if (x.item >= 0)
      this.ledger.callEnds(x.open, x.item, stats.index, stage, result, body, x.startUs, nowUs)
    return true
  }
}
