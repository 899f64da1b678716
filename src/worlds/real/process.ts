// A host's process in the real world: it shares our own, so its death and its stillness are acted out.
import { AsyncLocalStorage } from 'node:async_hooks'
import { Slowdowns } from '../slowdowns.ts'
import type { HttpEntry, Item } from '../world.ts'
import type { Arrears } from './arrears.ts'
import type { Server } from './serving.ts'
import type { SlotUse } from './slot-use.ts'
import type { Slots } from './slots.ts'

/** One run of a host's `main`. Whatever waits for it when it dies waits for ever, and is collected. */
export class Life {
  dead = false
  paused = false
  server: Server | undefined
  /** Of queues, that it has in hand. */
  readonly jobs = new Set<object>()
  accept: ((item: Item) => Promise<void> | void) | undefined
  /** Of the slots in which the request is that its code is busy with. */
  readonly inSlot = new AsyncLocalStorage<Arrears>()
  /** Gives back its sockets and timers when it dies. */
  readonly onDeath = new Set<() => void>()
  #deferred: (() => void)[] = []

  /** Resumes this host's code: now, when the host is resumed, or never. */
  readonly wake = (resolve: () => void): void => {
    if (this.dead) return
    if (this.paused) this.#deferred.push(resolve)
    else resolve()
  }

  resume(): void {
    this.paused = false
    if (this.dead) return
    const deferred = this.#deferred
    this.#deferred = []
    for (const resolve of deferred) resolve()
  }

  die(): void {
    this.dead = true
    for (const end of this.onDeath) end()
    this.onDeath.clear()
    this.#deferred = []
  }
}

export class RealProcess {
  readonly name: string
  readonly start: () => void
  life: Life | undefined
  /** As its last life declared it. */
  entry: HttpEntry | undefined
  /** Added to what its wall clock, or only its presigning, reads, ms. */
  skewMs = 0
  presignSkewMs = 0
  wrongReads = 0
  /** Faults that hold it down, and that hold it still. */
  downs = 0
  pauses = 0
  readonly slowdowns = new Slowdowns()
  /** Of all its lives. */
  readonly slots: Slots[] = []
  /** What its work was to take, ms of the world. */
  askedMs = 0
  capacityFactors: readonly { readonly factor: number }[] = []

  constructor(name: string, start: () => void) {
    this.name = name
    this.start = start
  }

  slotUse(): SlotUse {
    const sum = (of: (slots: Slots) => number) =>
      this.slots.reduce((total, one) => total + of(one), 0)
    return {
      lostMs: sum((one) => one.lostMs),
      delayMs: sum((one) => one.lostMs / Math.max(1, one.count)),
      askedMs: this.askedMs,
      served: sum((one) => one.served),
      waited: sum((one) => one.waited),
    }
  }

  get capacityFactor(): number {
    return this.capacityFactors.reduce((product, { factor }) => product * factor, 1)
  }
}
