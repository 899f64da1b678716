// What Redis and the database have in common: connections that can be refused, cut or slowed, and memory that can be full.
import { type Gone, NOTHING_GONE, type PartGrip } from '../world.ts'
import type { Exchange } from './exchange.ts'
import { Inbound } from './process.ts'
import type { Wire } from './wire.ts'

/** A command that reached the part, and is served when it is its turn. */
export type Serve = (x: Exchange) => void

interface Held {
  readonly ms: number
  times: number
}

export abstract class Part {
  protected readonly wire: Wire
  #downs: readonly Held[] = []
  #slows: readonly Held[] = []
  #fills: readonly Held[] = []
  /** Commands that are not answered yet, in the order of their arrival. */
  readonly #inbound = new Inbound()

  constructor(wire: Wire) {
    this.wire = wire
  }

  /** Everything that a stop does not keep; how much it was. */
  protected abstract loseUnpersisted(): Gone
  /** Jobs that are in it, waiting or in hand. */
  protected abstract get jobs(): number
  /** Whoever is connected is no longer. */
  protected abstract disconnect(): void
  /** It merely waits for something to come. */
  protected abstract isIdle(x: Exchange): boolean
  abstract flush(): Gone

  protected arrive(x: Exchange, serve: Serve): void {
    if (this.#downs.length > 0) {
      if (!this.isIdle(x)) for (const down of this.#downs) down.times++
      this.wire.fail(x, 'refused')
      return
    }
    if (this.#slows.length === 0) serve(x)
    else this.#serveLate(x, serve)
  }

  /** It is not answered at once: its deadline runs, and a stop cuts it. */
  protected wait(x: Exchange): void {
    this.wire.arm(x, 'read-timeout', x.timeouts.readMs)
    this.#inbound.add(x)
  }

  #serveLate(x: Exchange, serve: Serve): void {
    let ms = 0
    for (const slow of this.#slows) {
      slow.times++
      ms += slow.ms
    }
    const { clock } = this.wire
    this.wait(x)
    clock.schedule(clock.nowUs + ms * 1_000, () => x.isInbound && serve(x), undefined)
  }

  /** True where the part is full, and says so. */
  protected refusesForMemory(x: Exchange): boolean {
    if (this.#fills.length === 0) return false
    for (const fill of this.#fills) fill.times++
    this.fail(x, 'OOM', "OOM command not allowed when used memory > 'maxmemory'.")
    return true
  }

  protected answer(x: Exchange, value: unknown): void {
    this.#inbound.delete(x)
    this.wire.deliver(x, this.wire.recorder.results.ok, 200, value, 0)
  }

  protected fail(x: Exchange, code: string, message: string): void {
    this.#inbound.delete(x)
    const result = this.wire.recorder.results.of('error', code, message)
    this.wire.deliver(x, result, 500, undefined, 0)
  }

  /** Nobody waits for it any more: its caller has died or given up. */
  protected forget(x: Exchange): void {
    this.#inbound.delete(x)
  }

  protected get isDown(): boolean {
    return this.#downs.length > 0
  }

  #stop(own: Held): Gone {
    this.#downs = [...this.#downs, own]
    if (this.#downs.length > 1) return NOTHING_GONE
    const cut = this.#inbound.takeAll().filter((x) => !x.over && !x.life.dead)
    this.disconnect()
    const gone = this.loseUnpersisted()
    for (const x of cut) {
      if (!this.isIdle(x)) own.times++
      this.wire.fail(x, 'reset')
    }
    return gone
  }

  readonly grip: PartGrip = {
    stop: () => {
      const own = { ms: 0, times: 0 }
      const gone = this.#stop(own)
      const kept = this.jobs
      return {
        gone: () => gone,
        kept: () => kept,
        refused: () => own.times,
        [Symbol.dispose]: () => {
          this.#downs = this.#downs.filter((other) => other !== own)
        },
      }
    },
    flush: (counted) => counted(this.isDown ? NOTHING_GONE : this.flush()),
    fill: () => {
      const own = { ms: 0, times: 0 }
      this.#fills = [...this.#fills, own]
      return {
        refused: () => own.times,
        [Symbol.dispose]: () => {
          this.#fills = this.#fills.filter((other) => other !== own)
        },
      }
    },
    slow: (ms) => {
      const own = { ms, times: 0 }
      this.#slows = [...this.#slows, own]
      return {
        slowed: () => own.times,
        [Symbol.dispose]: () => {
          this.#slows = this.#slows.filter((other) => other !== own)
        },
      }
    },
  }
}
