// The server's end of a call: it reaches a host that is up, waits for a slot, and is worked on.
import { AftershockError, UserCodeError } from '../../base/errors.ts'
import { type Answer, CallError, type Json } from '../world.ts'
import type { Exchange } from './exchange.ts'
import type { Life } from './process.ts'
import type { Wire } from './wire.ts'

/** A connection that a full backlog did not accept is tried again after 1, 2, 4 … s, as TCP does. */
const FIRST_SYN_RETRY_US = 1_000_000
/** Then TCP gives up (Linux: tcp_syn_retries). */
const SYN_RETRIES = 6

export class Serving {
  readonly #wire: Wire
  readonly arrive = (x: Exchange) => this.#arrive(x, 0)

  constructor(wire: Wire) {
    this.#wire = wire
  }

  #arrive(x: Exchange, tries: number): void {
    if (!x.over) this.#admit(x, tries)
  }

  #admit(x: Exchange, tries: number): void {
    const life = this.#wire.processes.get(x.to)?.life
    if (life === undefined || life.dead || (life.served.size === 0 && life.accept === undefined)) {
      this.#wire.fail(x, 'refused')
    } else if (life.paused) {
      // The kernel accepts the connection; nobody reads it until the process goes on, though its caller be gone.
      this.#wire.arm(x, 'read-timeout', x.timeouts.readMs)
      life.inbound.add(x)
      life.wake(() => this.#admit(x, tries))
    } else {
      const served = life.served.get(x.route)
      life.inbound.add(x)
      if (served === undefined) {
        this.#wire.answer(x, { status: 404, body: { error: `no route ${x.route}` } })
      } else if (served.station === undefined) {
        this.#wire.arm(x, 'read-timeout', x.timeouts.readMs)
        this.work(x, life)
      } else if (served.station.hasRoom()) {
        this.#wire.arm(x, 'read-timeout', x.timeouts.readMs)
        served.station.offer(x, this.#wire.clock.nowUs)
      } else {
        life.inbound.delete(x)
        if (tries === 0) this.#wire.arm(x, 'connect-timeout', x.timeouts.connectMs)
        if (tries < SYN_RETRIES) {
          const again = this.#wire.clock.nowUs + FIRST_SYN_RETRY_US * 2 ** tries
          this.#wire.clock.schedule(again, (e: Exchange) => this.#arrive(e, tries + 1), x)
        } else this.#wire.fail(x, 'connect-timeout')
      }
    }
  }

  /** Runs the handler; a caller that gave up meanwhile does not stop it. */
  work(x: Exchange, life: Life): void {
    const served = life.served.get(x.route)
    if (served === undefined) return
    const { station } = served
    // Given back when the caller gave up, where the server stops its work then.
    let released = false
    const done = (answer: Answer) => {
      if (life.dead) return
      life.inbound.delete(x)
      if (x.rare !== undefined) x.rare.onGiveUp = undefined
      if (station !== undefined && !released) station.release(this.#wire.clock.nowUs)
      this.#wire.answer(x, answer)
    }
    if (station?.capacity.cancels === true)
      x.unusual().onGiveUp = () => {
        released = true
        if (!life.dead) station.release(this.#wire.clock.nowUs)
      }
    const load = station === undefined ? 0 : station.working / Math.max(1, station.slots)
    try {
      const answer = served.handle({
        from: x.from,
        params: x.rare?.params ?? {},
        body: x.arg as Json,
        load,
      })
      if (answer instanceof Promise)
        answer.then(done, (error) => this.#handlerFailed(x, error, done))
      else done(answer)
    } catch (error) {
      this.#handlerFailed(x, error, done)
    }
  }

  /** A call that failed inside a handler is its caller's 500; anything else is a bug in the handler. */
  #handlerFailed(x: Exchange, error: unknown, done: (answer: Answer) => void): void {
    if (error instanceof CallError) done({ status: 500, body: { error: error.message } })
    else
      this.#wire.clock.fail(
        error instanceof AftershockError
          ? error
          : new UserCodeError(`${x.to}, route ${x.route},`, error),
      )
  }
}
