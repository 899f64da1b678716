// Drives a load model: gives its items their numbers, hands them to the world, and counts what could not be offered.
import type { Random } from '../base/random.ts'
import type { Driver } from '../load/load.ts'
import type { Saturation } from '../worlds/saturation.ts'
import type { Hands, Item } from '../worlds/world.ts'
import { ID_WIDTH } from './item-id.ts'

export interface OfferTo {
  readonly nowMs: number
  schedule(atMs: number, fire: () => void): void
  offer(item: Item): void
  /** Asks for items by itself, from now on. */
  saturate(load: Saturation): void
}

export const MOST_ITEMS = 10 ** ID_WIDTH
/** As many ids share all digits but the last. */
const BLOCK = 1_000
const ENDS = Array.from({ length: BLOCK }, (_, end) => String(end).padStart(3, '0'))

export class LoadDriver implements Driver {
  readonly random: Random
  readonly #world: OfferTo
  readonly #waiting = new Map<number, () => void>()
  /** Connections that wait for the load to go on. */
  #stopped: (() => void)[] = []
  #next = 0
  #block = ''
  #stops = 0
  #lastEnded = -1
  #withheld = 0

  constructor(world: OfferTo, random: Random) {
    this.#world = world
    this.random = random
  }

  nowMs(): number {
    return this.#world.nowMs
  }

  at(atMs: number, fire: () => void): void {
    this.#world.schedule(atMs, fire)
  }

  offer(intendedMs: number, batch?: number): number {
    if (this.#stops > 0) {
      this.#withheld++
      return -1
    }
    const index = this.#next++
    this.#world.offer({ index, id: this.#idOf(index), batch, intendedMs })
    return index
  }

  /** Padding a number is what an offer costs most. */
  #idOf(index: number): string {
    if (index % BLOCK === 0) this.#block = String(index / BLOCK).padStart(ID_WIDTH - 3, '0')
    return this.#block + ENDS[index % BLOCK]
  }

  whenEnded(index: number, then: () => void): void {
    // Where the entry host is down an item ends while it is being offered.
    if (index === this.#lastEnded) then()
    else this.#waiting.set(index, then)
  }

  ended(index: number): void {
    this.#lastEnded = index
    if (this.#waiting.size === 0) return
    const then = this.#waiting.get(index)
    if (then === undefined) return
    this.#waiting.delete(index)
    then()
  }

  saturate(connections: number, untilMs: number): void {
    const next = (again: () => void): Item | undefined => {
      const { nowMs } = this.#world
      if (nowMs >= untilMs) return undefined
      if (this.#stops > 0) {
        this.#withheld++
        this.#stopped.push(again)
        return undefined
      }
      const index = this.#next++
      return { index, id: this.#idOf(index), batch: undefined, intendedMs: nowMs }
    }
    this.#world.saturate({ connections, next })
  }

  /** For the fault that stops the load. */
  stop(): ReturnType<Hands['stopLoad']> {
    const before = this.#withheld
    this.#stops++
    return {
      withheld: () => this.#withheld - before,
      [Symbol.dispose]: () => {
        if (--this.#stops > 0) return
        const stopped = this.#stopped
        this.#stopped = []
        for (const again of stopped) again()
      },
    }
  }
}
