// A host's process in the real world: it shares our own, so its death and its stillness are acted out.
import { Slowdowns } from '../slowdowns.ts'
import type { Item } from '../world.ts'
import type { Server } from './serving.ts'

/** One run of a host's `main`. Whatever waits for it when it dies waits for ever, and is collected. */
export class Life {
  dead = false
  paused = false
  server: Server | undefined
  /** Of queues, that it has in hand. */
  readonly jobs = new Set<object>()
  accept: ((item: Item) => Promise<void> | void) | undefined
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
  /** Added to what its wall clock, or only its presigning, reads, ms. */
  skewMs = 0
  presignSkewMs = 0
  wrongReads = 0
  /** Faults that hold it down, and that hold it still. */
  downs = 0
  pauses = 0
  readonly slowdowns = new Slowdowns()
  capacityFactors: readonly { readonly factor: number }[] = []

  constructor(name: string, start: () => void) {
    this.name = name
    this.start = start
  }

  get capacityFactor(): number {
    return this.capacityFactors.reduce((product, { factor }) => product * factor, 1)
  }
}
