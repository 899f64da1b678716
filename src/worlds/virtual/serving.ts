// The server's end of a call: it reaches a host that is up, waits for a slot, and is worked on.
import { AftershockError, UserCodeError } from '../../base/errors.ts'
import { type Answer, CallError, type Json } from '../world.ts'
import { type Exchange, NO_PARAMS } from './exchange.ts'
import type { Life } from './process.ts'
import type { Station } from './station.ts'
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
    const life = x.lane.target?.life
    if (
      life === undefined ||
      life.dead ||
      (life.served.length === 0 && life.accept === undefined)
    ) {
      this.#wire.fail(x, 'refused')
    } else if (life.paused) {
      // The kernel accepts the connection; nobody reads it until the process goes on, though its caller be gone.
      this.#wire.arm(x, 'read-timeout', x.timeouts.readMs)
      life.inbound.add(x)
      life.wake(() => this.#admit(x, tries))
    } else {
      const served = life.served[x.lane.stats.index]
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
        if (tries === 0) {
          served.station.turnAway()
          this.#wire.arm(x, 'connect-timeout', x.timeouts.connectMs)
        }
        if (tries < SYN_RETRIES) {
          const again = this.#wire.clock.nowUs + FIRST_SYN_RETRY_US * 2 ** tries
          this.#wire.clock.schedule(again, (e: Exchange) => this.#arrive(e, tries + 1), x)
        } else this.#wire.fail(x, 'connect-timeout')
      }
    }
  }

  /** Runs the handler; a caller that gave up meanwhile does not stop it. */
  work(x: Exchange, life: Life): void {
    const served = life.served[x.lane.stats.index]
    if (served === undefined) return
    const { station } = served
    if (station?.capacity.cancels === true) {
      const rare = x.unusual()
      rare.onLost = () => {
        rare.released = true
        if (!life.dead) station.release(this.#wire.clock.nowUs)
      }
    }
    const load = station === undefined ? 0 : station.working / Math.max(1, station.slots)
    const params = x.rare?.params ?? NO_PARAMS
    try {
      const answer = served.handle({ from: x.from, params, body: x.arg as Json, load })
      if (answer instanceof Promise)
        answer.then(
          (late) => this.#done(x, life, station, late),
          (error) => this.#handlerFailed(x, life, station, error),
        )
      else this.#done(x, life, station, answer)
    } catch (error) {
      this.#handlerFailed(x, life, station, error)
    }
  }

  #done(x: Exchange, life: Life, station: Station | undefined, answer: Answer): void {
    if (life.dead) return
    life.inbound.delete(x)
    if (x.rare !== undefined) x.rare.onLost = undefined
    if (station !== undefined && x.rare?.released !== true) station.release(this.#wire.clock.nowUs)
    this.#wire.answer(x, answer)
  }

  /** A call that failed inside a handler is its caller's 500; anything else is a bug in the handler. */
  #handlerFailed(x: Exchange, life: Life, station: Station | undefined, error: unknown): void {
    if (error instanceof CallError)
      this.#done(x, life, station, { status: 500, body: { error: error.message } })
    else
      this.#wire.clock.fail(
        error instanceof AftershockError
          ? error
          : new UserCodeError(`${x.to}, route ${x.route},`, error),
      )
  }
}
