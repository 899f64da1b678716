// A host's own server: routes by method and path, capacity, and callers that may have gone meanwhile.
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { AftershockError, UserCodeError } from '../../base/errors.ts'
import { type Answer, CallError, type Handle, type Json } from '../world.ts'
import { type InboundCall, overHttp } from './inbound-call.ts'
import type { Life } from './process.ts'
import type { PathMatch, Routes } from './routes.ts'
import type { Slots, Waiting } from './slots.ts'
import { CallStage, type CallStages } from './stages.ts'
import type { RealTime } from './time.ts'

/** How many bytes an answer stands for, where that is not its length: read by the interposer. */
export const SIZE_HEADER = 'x-aftershock-size'
/** Tells the interposer how long the host itself took, in ms of the world; taken off on the way. */
export const TOOK_HEADER = 'x-aftershock-took'
/** A connection that a full backlog did not accept is tried again after 1, 2, 4 … s, as TCP does, six times. */
const FIRST_SYN_RETRY_MS = 1_000
const SYN_RETRIES = 6

export interface ServerSetup {
  readonly host: string
  readonly life: Life
  readonly time: RealTime
  readonly stages: CallStages
  readonly routes: Routes
  /** An answer was written to a caller that had gone. */
  readonly onBrokenPipe: () => void
  /** A handler threw what is no `CallError`: the run ends. */
  readonly onTrouble: (error: unknown) => void
}

interface Served {
  readonly handle: Handle
  readonly slots: Slots | undefined
}

export class Server {
  readonly #setup: ServerSetup
  readonly #http: http.Server
  readonly #served = new Map<string, Served>()
  readonly #open = new Set<Socket>()
  /** Requests that are not answered yet. */
  readonly #inbound = new Set<InboundCall>()

  constructor(setup: ServerSetup) {
    this.#setup = setup
    this.#http = http.createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
      const call = await overHttp(request, response)
      if (call !== undefined) this.receive(call)
    })
    this.#http.on('connection', (socket) => {
      this.#open.add(socket)
      socket.on('close', () => this.#open.delete(socket))
    })
  }

  serve(route: string, handle: Handle, slots: Slots | undefined): void {
    this.#served.set(route, { handle, slots })
  }

  get slots(): readonly Slots[] {
    return [...this.#served.values()].flatMap(({ slots }) => slots ?? [])
  }

  /** On loopback; port 0 takes a free one. */
  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject)
      this.#http.listen(port, '127.0.0.1', resolve)
    })
    return (this.#http.address() as AddressInfo).port
  }

  /** Connections are cut, as when a process dies. How many requests that leaves unanswered. */
  kill(): number {
    const cut = [...this.#inbound]
    for (const { slots } of this.#served.values()) slots?.abandon()
    this.#http.close()
    for (const call of cut) call.reset()
    for (const socket of this.#open) socket.resetAndDestroy()
    return cut.length
  }

  receive(call: InboundCall): void {
    const { life, routes, stages, time } = this.#setup
    this.#inbound.add(call)
    const inbound: Inbound = { call, body: jsonIn(call.body), sinceMs: time.nowMs }
    call.onOver(() => this.#inbound.delete(call))
    const { pathname } = new URL(call.target, 'http://host')
    const match = routes.match(call.method, pathname)
    // The kernel accepts the connection; nobody reads it until the process goes on.
    life.wake(() => {
      const served = match === undefined ? undefined : this.#served.get(match.route)
      if (served === undefined || match === undefined) this.#write(inbound, noRoute(pathname))
      else {
        stages.connected(call.slot, time.nowMs)
        this.#admit(served, match, inbound, 0)
      }
    })
  }

  #admit(served: Served, match: PathMatch, inbound: Inbound, tries: number): void {
    const { slots } = served
    const { call } = inbound
    const { time, life, stages } = this.#setup
    if (slots === undefined) {
      this.#work(served, match, inbound, () => {})
      return
    }
    if (call.isOver && tries > 0) return
    if (slots.hasRoom()) {
      stages.connected(call.slot, time.nowMs)
      let released = false
      const release = () => {
        if (!released) slots.release()
        released = true
      }
      const waiting: Waiting = {
        isOver: () => call.isOver,
        work: () => {
          if (slots.capacity.cancels === true) call.onOver(release)
          this.#work(served, match, inbound, release)
        },
      }
      slots.offer(waiting)
      return
    }
    if (tries === 0) slots.turnAway()
    stages.set(call.slot, CallStage.connecting)
    if (tries >= SYN_RETRIES) {
      stages.set(call.slot, CallStage.refused)
      call.reset()
      return
    }
    const at = time.nowMs + FIRST_SYN_RETRY_MS * 2 ** tries
    const timer = time.schedule(at, () =>
      life.wake(() => this.#admit(served, match, inbound, tries + 1)),
    )
    life.onDeath.add(() => timer[Symbol.dispose]())
  }

  /** Runs the handler; a caller that gave up meanwhile does not stop it. */
  #work(served: Served, match: PathMatch, inbound: Inbound, release: () => void): void {
    const { life, host } = this.#setup
    const { slots } = served
    const done = (answer: Answer) => {
      if (life.dead) return
      release()
      this.#write(inbound, answer)
    }
    const failed = (error: unknown) => {
      if (error instanceof CallError) done({ status: 500, body: { error: error.message } })
      else
        this.#setup.onTrouble(
          error instanceof AftershockError
            ? error
            : new UserCodeError(`${host}, route ${match.route},`, error),
        )
    }
    const request = {
      from: inbound.call.from,
      params: match.params,
      body: inbound.body,
      load: slots === undefined ? 0 : slots.working / Math.max(1, slots.count),
    }
    try {
      const answer =
        slots === undefined
          ? served.handle(request)
          : life.inSlot.run(slots.arrears, () => served.handle(request))
      if (answer instanceof Promise) answer.then(done, failed)
      else done(answer)
    } catch (error) {
      failed(error)
    }
  }

  /** Head and body leave in one packet, unless the body is late. */
  #write({ call, sinceMs }: Inbound, answer: Answer): void {
    const { status, body, headers = {}, sizeBytes, bodyLateMs = 0, cut = false } = answer
    const { time, onBrokenPipe } = this.#setup
    if (call.isOver) {
      onBrokenPipe()
      return
    }
    if (cut) {
      call.reset()
      return
    }
    const text = body === undefined || body === null ? '' : JSON.stringify(body)
    call.head(status, {
      ...headers,
      ...(sizeBytes === undefined ? {} : { [SIZE_HEADER]: String(sizeBytes) }),
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
      [TOOK_HEADER]: String(time.nowMs - sinceMs + bodyLateMs),
    })
    if (bodyLateMs === 0) {
      call.end(text)
      return
    }
    call.flushHead()
    time.schedule(time.nowMs + bodyLateMs, () => {
      if (call.isOver) onBrokenPipe()
      else call.end(text)
    })
  }
}

interface Inbound {
  readonly call: InboundCall
  readonly body: Json
  /** When all of it had come, ms of the world. */
  readonly sinceMs: number
}

function noRoute(path: string): Answer {
  return { status: 404, body: { error: `no route ${path}` } }
}

function jsonIn(body: Buffer): Json {
  if (body.length === 0) return null
  const text = body.toString('utf8')
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
