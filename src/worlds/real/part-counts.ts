// What befalls the commands to a part while faults have it in their grip: counted where they are made.

interface Held {
  times: number
}

/** What a fault that holds a part down, slow or full asks for in the end. */
export interface Counted extends Disposable {
  times(): number
}

export class PartCounts {
  #inFlight = 0
  #downs: readonly Held[] = []
  #slows: readonly Held[] = []
  #fulls: readonly Held[] = []

  began(): void {
    this.#inFlight++
    for (const down of this.#downs) down.times++
    this.slowed()
  }

  ended(): void {
    this.#inFlight--
  }

  /** A command went by that was not seen to begin. */
  slowed(): void {
    for (const slow of this.#slows) slow.times++
  }

  refusedForMemory(): void {
    for (const full of this.#fulls) full.times++
  }

  /** Those under way are cut, those that begin are refused. */
  down(): Counted {
    const own = { times: this.#inFlight }
    this.#downs = [...this.#downs, own]
    return counted(own, () => {
      this.#downs = this.#downs.filter((other) => other !== own)
    })
  }

  slow(): Counted {
    const own = { times: 0 }
    this.#slows = [...this.#slows, own]
    return counted(own, () => {
      this.#slows = this.#slows.filter((other) => other !== own)
    })
  }

  full(): Counted {
    const own = { times: 0 }
    this.#fulls = [...this.#fulls, own]
    return counted(own, () => {
      this.#fulls = this.#fulls.filter((other) => other !== own)
    })
  }
}

function counted(held: Held, letGo: () => void): Counted {
  return { times: () => held.times, [Symbol.dispose]: letGo }
}
