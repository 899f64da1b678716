// A host's process: it runs, is paused, or is down; its lives follow each other and share nothing.

import { Slowdowns } from '../slowdowns.ts'
import type { Handle, HttpEntry, Item } from '../world.ts'
import type { Handed } from './broker-queue.ts'
import type { Exchange } from './exchange.ts'
import type { Station } from './station.ts'

export interface Served {
  readonly handle: Handle
  readonly station: Station | undefined
}

/** Calls that reached a host and are not answered yet. One that has left is kept no longer: there are many. */
export class Inbound {
  readonly #calls: Exchange[] = []
  #came = 0

  add(x: Exchange): void {
    if (x.isInbound) return
    x.inboundAt = this.#calls.length
    x.inboundNth = this.#came++
    this.#calls.push(x)
  }

  delete(x: Exchange): void {
    if (!x.isInbound) return
    const last = this.#calls.pop() as Exchange
    if (last !== x) {
      this.#calls[x.inboundAt] = last
      last.inboundAt = x.inboundAt
    }
    x.inboundAt = -1
  }

  /** In the order in which they came; none is left. */
  takeAll(): Exchange[] {
    const calls = this.#calls.splice(0).sort((a, b) => a.inboundNth - b.inboundNth)
    for (const x of calls) x.inboundAt = -1
    return calls
  }
}

/** One run of a host's `main`. Whatever waits for it when it dies waits for ever, and is collected. */
export class Life {
  /** Both begin as what they are not: what has never changed is built into compiled code, which its first change undoes. */
  dead = true
  paused = true
  /** By the route's index. */
  readonly served: (Served | undefined)[] = []
  readonly stations: Station[] = []
  readonly inbound = new Inbound()
  /** Jobs of queues that it was handed and has not ended. */
  readonly jobs = new Set<Handed>()
  readonly onDeath: (() => void)[] = []
  accept: ((item: Item) => Promise<void> | void) | undefined
  #deferred: (() => void)[] = []

  constructor() {
    this.dead = false
    this.paused = false
  }

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

export class Process {
  readonly name: string
  readonly start: () => void
  life: Life | undefined
  /** As its last life declared it. */
  entry: HttpEntry | undefined
  /** Added to what its wall clock, or only its presigning, reads. */
  skewMs = 0
  presignSkewMs = 0
  wrongReads = 0
  /** Faults that hold it down, and that hold it still: it goes on when the last of them lets go. */
  downs = 0
  pauses = 0
  /** Each held capacity fault's factor. */
  capacityFactors: readonly { readonly factor: number }[] = []
  readonly slowdowns = new Slowdowns()

  constructor(name: string, start: () => void) {
    this.name = name
    this.start = start
  }

  /** Multiplies the concurrency of what it serves. */
  get capacityFactor(): number {
    return this.capacityFactors.reduce((product, { factor }) => product * factor, 1)
  }
}
