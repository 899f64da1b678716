// The pools' place in the books: connections in use, and who waits for one.
import { DATABASE_NAME } from '../../world.ts'
import type { Calling } from '../calls.ts'
import type { Life } from '../process.ts'
import type { PartFact } from '../write-part.ts'

/** Of all pools together. */
export class PoolMeters {
  readonly #calling: Calling
  #connections = 0

  constructor(calling: Calling) {
    this.#calling = calling
    this.note('declare', 0)
  }

  get nowUs(): number {
    return this.#calling.time.nowUs
  }

  sinceMs(us: number): number {
    return (this.nowUs - us) / 1_000
  }

  size(by: number): void {
    this.#connections += by
    this.note('concurrency', 0)
  }

  note(what: PartFact['what'], by: number): void {
    const { tell, time } = this.#calling
    const concurrency = this.#connections
    tell({ fact: 'part', atUs: time.nowUs, name: DATABASE_NAME, concurrency, what, by })
  }
}

/** Of one pool. */
export class PoolMeter {
  readonly #all: PoolMeters
  #busy = 0
  #waiting = 0
  #isDead = false

  constructor(all: PoolMeters) {
    this.#all = all
  }

  open(size: number, life: Life): void {
    this.#all.size(size)
    life.onDeath.add(() => {
      this.#isDead = true
      this.#all.size(-size)
      this.#all.note('busy', -this.#busy)
      this.#all.note('waiting', -this.#waiting)
    })
  }

  waits(): { granted(): void; gaveUp(isForTime: boolean): void } {
    const sinceUs = this.#all.nowUs
    this.#wait(1)
    return {
      granted: () => {
        this.#wait(-1)
        if (this.#isDead) return
        this.#all.note('waited', this.#all.sinceMs(sinceUs))
        this.#busy++
        this.#all.note('busy', 1)
      },
      gaveUp: (isForTime) => {
        this.#wait(-1)
        if (isForTime && !this.#isDead) this.#all.note('gave up', this.#all.sinceMs(sinceUs))
      },
    }
  }

  released(): void {
    if (this.#isDead) return
    this.#busy--
    this.#all.note('busy', -1)
  }

  #wait(by: number): void {
    if (this.#isDead) return
    this.#waiting += by
    this.#all.note('waiting', by)
  }
}
