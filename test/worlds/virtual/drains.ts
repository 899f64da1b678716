// Ways to let promise chains settle between two timers: the clock's own, and others to compare it with.
import { VirtualClock } from '../../../src/worlds/virtual/clock.ts'

/** What a check or a program needs of a clock. */
export interface Drained {
  readonly nowUs: number
  schedule<T>(atUs: number, fire: (arg: T) => void, arg: T): unknown
  sleep(us: number): Promise<void>
  run(): Promise<void>
}

export interface Drain {
  readonly name: string
  create(): Drained
}

interface Waiting {
  readonly atUs: number
  fire(): void
}

/** The plainest clock there is, a list searched for its earliest timer; `next` is its drain. */
class PlainClock implements Drained {
  nowUs = 0
  readonly #waiting: Waiting[] = []
  readonly #next: (step: () => void) => void

  constructor(next: (step: () => void) => void) {
    this.#next = next
  }

  schedule<T>(atUs: number, fire: (arg: T) => void, arg: T): void {
    this.#waiting.push({ atUs: Math.max(atUs, this.nowUs), fire: () => fire(arg) })
  }

  sleep(us: number): Promise<void> {
    return new Promise((resolve) => this.schedule(this.nowUs + us, () => resolve(), undefined))
  }

  run(): Promise<void> {
    return new Promise((resolve) => {
      const step = () => {
        const first = this.#takeFirst()
        if (first === undefined) {
          resolve()
          return
        }
        this.nowUs = first.atUs
        first.fire()
        this.#next(step)
      }
      setImmediate(step)
    })
  }

  #takeFirst(): Waiting | undefined {
    const waiting = this.#waiting
    if (waiting.length === 0) return undefined
    const least = Math.min(...waiting.map((timer) => timer.atUs))
    const [first] = waiting.splice(
      waiting.findIndex((timer) => timer.atUs === least),
      1,
    )
    return first
  }
}

export const theClock: Drain = { name: 'the clock', create: () => new VirtualClock() }

/** What the clock falls back to where it cannot drain in place. */
export const byImmediates: Drain = {
  name: 'the clock, by immediates',
  create() {
    const clock = new VirtualClock()
    const { run } = VirtualClock.prototype
    clock.run = () => run.call(clock, 'by immediates')
    return clock
  },
}

/** One turn of the event loop for each timer: known to be right, and slow. */
export const perEvent: Drain = {
  name: 'one setImmediate per timer',
  create: () => new PlainClock((step) => setImmediate(step)),
}

/** Known to be wrong: a chain of two awaits is still on its way when the next timer fires. */
export const singleAwait: Drain = {
  name: 'a single await between timers',
  create: () =>
    new PlainClock(async (step) => {
      await null
      step()
    }),
}
