// A host's process: it runs, is paused, or is down; its lives follow each other and share nothing.
import type { Handle, Item } from '../world.ts'
import type { Exchange } from './exchange.ts'
import type { Station } from './station.ts'

export interface Served {
  readonly handle: Handle
  readonly station: Station | undefined
}

/** One run of a host's `main`. Whatever waits for it when it dies waits for ever, and is collected. */
export class Life {
  dead = false
  paused = false
  readonly served = new Map<string, Served>()
  readonly stations: Station[] = []
  /** Calls that reached this host and are not answered yet. */
  readonly inbound = new Set<Exchange>()
  accept: ((item: Item) => Promise<void> | void) | undefined
  #deferred: (() => void)[] = []

  /** Resumes a promise of this host's code: now, when the host is resumed, or never. */
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
}

/** A held fault that makes a host's work take longer, and what it has done so far. */
export interface Slowdown {
  readonly factor: number
  times: number
  addedMs: number
}

export class Process {
  readonly name: string
  readonly start: () => void
  life: Life | undefined
  /** Added to what its wall clock, or only its presigning, reads. */
  skewMs = 0
  presignSkewMs = 0
  wrongReads = 0
  /** Faults that hold it down, and that hold it still: it goes on when the last of them lets go. */
  downs = 0
  pauses = 0
  /** Each held capacity fault's factor. */
  capacityFactors: readonly { readonly factor: number }[] = []
  slowdowns: readonly Slowdown[] = []

  constructor(name: string, start: () => void) {
    this.name = name
    this.start = start
  }

  /** Multiplies the concurrency of what it serves. */
  get capacityFactor(): number {
    return this.capacityFactors.reduce((product, { factor }) => product * factor, 1)
  }

  slow(factor: number): Disposable & { slowed(): { times: number; addedMs: number } } {
    const own: Slowdown = { factor, times: 0, addedMs: 0 }
    this.slowdowns = [...this.slowdowns, own]
    return {
      slowed: () => own,
      [Symbol.dispose]: () => {
        this.slowdowns = this.slowdowns.filter((other) => other !== own)
      },
    }
  }

  /** How long work takes that is begun now. */
  workMs(costMs: number): number {
    let ms = costMs
    for (const slowdown of this.slowdowns) {
      const slowMs = ms * slowdown.factor
      slowdown.times++
      slowdown.addedMs += slowMs - ms
      ms = slowMs
    }
    return ms
  }
}
