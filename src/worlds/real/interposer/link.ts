// A link: one caller's way to one part, as a reverse proxy on which the world's rules act.
import type http from 'node:http'
import { type Decision, type Rules, sumOf } from '../../rules.ts'
import { STORE_NAME } from '../../world.ts'
import type { Tell } from '../fact.ts'
import { bodyOf } from '../inbound-call.ts'
import type { Routes } from '../routes.ts'
import { ASKED_HEADER, CALL_HEADER, CallStage, type CallStages } from '../stages.ts'
import type { RealTime } from '../time.ts'
import type { Dates } from './dates.ts'
import { Entrance } from './entrance.ts'
import type { FarSide, Head } from './far-side.ts'
import { FOLDER_VANISHED, type GivenReply, textOf } from './given-reply.ts'
import { headerIn, sizeIn, withoutTook } from './message.ts'
import { outgoing, type Reachable, reach } from './reach.ts'
import { seenIn } from './seen.ts'
import type { StoreTimes } from './store-time.ts'
import type { VanishedFolders } from './vanished-folders.ts'
import { hold, WireCall, whenRemoved } from './wire-call.ts'
import { Witness } from './witness.ts'

/** What all links of a run share. */
export interface LinkSetup extends Reachable {
  readonly time: RealTime
  readonly rules: Rules<WireCall>
  readonly stages: CallStages
  readonly routes: Routes
  readonly tell: Tell
  /** Does what the other thread has ordered: before a call that it made afterwards. */
  readonly catchUp: () => void
  readonly storeTimes: StoreTimes
  readonly vanishedFolders: VanishedFolders
  readonly itemOf: (key: string) => number
  readonly dates: Dates
  /** The number of this call among its item's of the route, or among the link's, from 1. */
  readonly count: (from: string, to: string, route: string, item: number) => number
}

/** Longer answers are not copied. */
const SMALL_BYTES = 16_384

export class Link {
  readonly from: string
  readonly to: string
  readonly entrance: Entrance
  readonly #setup: LinkSetup

  constructor(from: string, to: string, setup: LinkSetup) {
    this.from = from
    this.to = to
    this.#setup = setup
    this.entrance = new Entrance((request, response) => void this.#receive(request, response))
  }

  async #receive(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    if (body === undefined) return
    const { routes, stages, itemOf, count, time, catchUp } = this.#setup
    catchUp()
    const { method = 'GET', url = '/' } = request
    this.#setup.dates.header(this.from, request.headers.date)
    if (this.to === STORE_NAME) this.#setup.dates.signature(this.from, url)
    const slot = Number(request.headers[CALL_HEADER] ?? -1)
    const seen = seenIn(this.to, method, url, body, request.headers, routes)
    const exchange = { request, response, body }
    if (seen === undefined) {
      const other = { op: 'get', route: '', key: '' } as const
      stages.connected(slot, time.nowMs)
      this.#forward(new WireCall(this, other, { item: -1, nth: 1, slot }, exchange, time), false)
      return
    }
    const item = seen.key === '' || seen.route === 'list' ? -1 : itemOf(seen.key)
    const nth = count(this.from, this.to, seen.route, item)
    const call = new WireCall(this, seen, { item, nth, slot }, exchange, time)
    // Our own hosts tell of their calls themselves.
    if (slot < 0) call.witness = new Witness(call, this.#setup)
    stages.set(slot, CallStage.connecting)
    this.#stage(call, 'connect', () => {
      stages.connected(slot, time.nowMs)
      this.#stage(call, 'request', () => this.#passOn(call))
    })
  }

  /** Lets the rules act before the server is reached; then the call goes on, or not. */
  #stage(call: WireCall, at: 'connect' | 'request', go: () => void): void {
    const decision = this.#setup.rules.decide(call, at)
    void whenRemoved(call, () => {
      if (call.over) return
      if (decision === undefined) go()
      else this.#obey(call, decision, go, () => this.#stage(call, at, go))
    })
  }

  #passOn(call: WireCall): void {
    const isPut = this.to === STORE_NAME && call.route === 'put'
    if (isPut && this.#setup.vanishedFolders.refuses(call)) this.#reply(call, FOLDER_VANISHED)
    else this.#forward(call, true)
  }

  #obey(call: WireCall, d: Decision<WireCall>, go: () => void, again: () => void): void {
    const { time } = this.#setup
    this.#besides(call, d)
    if (d.hang !== undefined) hold(call, d.hang, () => this.#reset(call))
    else if (d.held !== undefined) hold(call, d.held, again)
    else {
      const { fail, reply } = d
      const next =
        fail !== undefined
          ? () => this.#fail(call, fail.class)
          : reply !== undefined
            ? () => this.#reply(call, reply)
            : go
      const delayMs = sumOf(d.delays)
      call.askedMs += delayMs
      if (delayMs === 0) next()
      else time.schedule(time.nowMs + delayMs, () => call.over || next())
    }
  }

  /** Beside the call's own way: it is sent once more, nobody reading the answer, or its caller hangs up. */
  #besides(call: WireCall, { repeats, aborts }: Decision<WireCall>): void {
    const { time, stages } = this.#setup
    const after = (ms: number, then: () => void) => void time.schedule(time.nowMs + ms, then)
    for (const { by, ms } of repeats)
      after(ms, () => {
        const skip = () => {}
        const unheard = reach(this, call, this.#setup, {
          onHead: (_head, body) => body.read(skip, skip),
          onLost: skip,
        })
        if (unheard === undefined) return
        by.touch('repeated', 1)
        unheard.send(outgoing(this, call))
      })
    for (const { by, ms } of aborts)
      after(ms, () => {
        if (call.over) return
        by.touch('aborted', 1)
        stages.set(call.slot, CallStage.aborted)
        this.#reset(call)
      })
  }

  #forward(call: WireCall, withRules: boolean): void {
    const upstream = reach(this, call, this.#setup, {
      onHead: ({ status, headers: all }, body) => {
        const [took, headers] = withoutTook(all)
        this.#setup.dates.header(this.to, headerIn(headers, 'date'))
        call.askedMs += took
        this.#setup.storeTimes.answered(call, performance.now() - sentMs)
        const head = { status, headers }
        if (withRules) this.#answered(call, head, body)
        else this.#deliver(call, head, body, 0)
      },
      onLost: (klass) => this.#fail(call, klass),
    })
    if (upstream === undefined) {
      this.#fail(call, 'refused')
      return
    }
    call.response.once('close', () => {
      if (!call.response.writableFinished) upstream.abandon()
    })
    const sentMs = performance.now()
    upstream.send(outgoing(this, call))
  }

  /** The part has answered: what it did is a fact now, whatever becomes of the answer. */
  #answered(call: WireCall, head: Head, upstream: FarSide): void {
    call.answerBytes = sizeIn(head)
    this.#tellObjects(call, head.status)
    this.#replyStage(call, head, upstream)
  }

  #replyStage(call: WireCall, head: Head, upstream: FarSide): void {
    const decision = this.#setup.rules.decide(call, 'reply')
    void whenRemoved(call, () => {
      if (call.over) return
      if (decision === undefined) this.#deliver(call, head, upstream, 0)
      else this.#obeyReply(call, decision, head, upstream)
    })
  }

  #tellObjects(call: WireCall, status: number): void {
    const { tell, time, itemOf, vanishedFolders } = this.#setup
    if (this.to !== STORE_NAME || status >= 400) return
    const atUs = time.nowUs
    if (call.route === 'put') vanishedFolders.stored(call.key)
    if (call.route === 'delete') vanishedFolders.removed(call.key)
    for (const key of call.keys) vanishedFolders.removed(key)
    const about = { fact: 'object', atUs, item: call.item, key: call.key } as const
    if (call.route === 'put') tell({ ...about, state: 'present' })
    if (call.route === 'delete') tell({ ...about, state: 'gone' })
    for (const key of call.keys)
      tell({ fact: 'object', atUs, item: itemOf(key), state: 'gone', by: this.from, key })
  }

  #obeyReply(call: WireCall, d: Decision<WireCall>, head: Head, upstream: FarSide): void {
    const { time } = this.#setup
    if (d.hang !== undefined) hold(call, d.hang, () => this.#reset(call))
    else if (d.held !== undefined) hold(call, d.held, () => this.#replyStage(call, head, upstream))
    else {
      const { fail, reply } = d
      const next = () => {
        if (call.over) this.#brokenPipe()
        else if (fail !== undefined) this.#fail(call, fail.class)
        else if (reply !== undefined) this.#reply(call, reply)
        else this.#deliver(call, head, upstream, this.to === STORE_NAME ? 0 : sumOf(d.splits))
      }
      const delayMs = sumOf(d.delays)
      call.askedMs += delayMs + (this.to === STORE_NAME ? 0 : sumOf(d.splits))
      if (delayMs === 0) next()
      else time.schedule(time.nowMs + delayMs, next)
    }
  }

  #deliver(call: WireCall, head: Head, upstream: FarSide, splitMs: number): void {
    const { response } = call
    if (call.over) return
    response.writeHead(head.status, [...head.headers, ASKED_HEADER, String(call.askedMs)])
    call.witness?.seesHead(head)
    const whole = upstream.whole()
    if (splitMs > 0) {
      response.flushHeaders()
      const { time } = this.#setup
      time.schedule(time.nowMs + splitMs, () =>
        call.over ? this.#brokenPipe() : this.#pour(call, upstream),
      )
    } else if (whole !== undefined) {
      call.witness?.hears(whole)
      // As text it leaves with its head in one write; as bytes it would take one for several pieces, at four times the cost.
      if (whole.length <= SMALL_BYTES) response.end(whole.toString('latin1'), 'latin1')
      else response.end(whole)
    } else {
      response.flushHeaders()
      this.#pour(call, upstream)
    }
  }

  #pour({ response, witness }: WireCall, upstream: FarSide): void {
    upstream.read(
      (chunk) => {
        witness?.hears(chunk)
        response.write(chunk)
      },
      (whole) => {
        if (whole) response.end()
        else response.socket?.resetAndDestroy()
      },
    )
  }

  #fail(call: WireCall, klass: 'refused' | 'reset'): void {
    call.witness?.failed(klass)
    if (klass === 'refused') this.#setup.stages.set(call.slot, CallStage.refused)
    this.#reset(call)
  }

  #reset({ response }: WireCall): void {
    response.socket?.resetAndDestroy()
  }

  #reply(call: WireCall, reply: GivenReply): void {
    const { status } = reply
    const isStore = this.to === STORE_NAME
    const text = textOf(reply, call, isStore)
    call.response.writeHead(status, {
      'content-type': isStore ? 'application/xml' : 'application/json',
      'content-length': Buffer.byteLength(text),
      [ASKED_HEADER]: String(call.askedMs),
    })
    call.witness?.hears(Buffer.from(text))
    call.response.end(text)
  }

  #brokenPipe(): void {
    const { tell, time } = this.#setup
    tell({ fact: 'counter', atUs: time.nowUs, name: 'broken_pipes', by: 1 })
  }
}
