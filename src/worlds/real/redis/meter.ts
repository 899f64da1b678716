// A queue's place in the books: what waits in it, what its consumers have in hand, and what has been lost.
import { REDIS_NAME } from '../../world.ts'
import type { Calling } from '../calls.ts'
import type { PartFact } from '../facts.ts'

/** Of one queue, whoever adds to it or takes from it. */
export class QueueMeter {
  readonly #calling: Calling
  readonly #name: string
  readonly #itemOf: (key: string) => number
  /** When what waits began to. */
  readonly #since = new Map<string, number>()
  #slots = 0

  constructor(calling: Calling, name: string, itemOf: (key: string) => number) {
    this.#calling = calling
    this.#name = name
    this.#itemOf = itemOf
    this.#note('declare', 0)
  }

  /** A consumer comes or, with fewer, goes. */
  slots(by: number): void {
    this.#slots += by
    this.#note('concurrency', 0)
  }

  added(key: string, delayMs: number): void {
    this.#object(key, 'present')
    this.waits(key, delayMs)
  }

  /** One whose worker stalled waits again. */
  stalled(): void {
    this.#note('waiting', 1)
  }

  /** It waits, or will after so long. */
  waits(key: string, afterMs: number): void {
    const { time } = this.#calling
    const wait = () => {
      this.#since.set(key, time.nowUs)
      this.#note('waiting', 1)
    }
    if (afterMs === 0) wait()
    else time.schedule(time.nowMs + afterMs, wait)
  }

  taken(key: string): void {
    const { nowUs } = this.#calling.time
    this.#note('waiting', -1)
    this.#note('waited', (nowUs - (this.#since.get(key) ?? nowUs)) / 1_000)
    this.#since.delete(key)
    this.#note('busy', 1)
  }

  given(by = 1): void {
    this.#note('busy', -by)
  }

  /** The job is nowhere any more: neither in Redis nor in the hands of a worker that lives. */
  lost(key: string): void {
    this.#object(key, 'gone')
  }

  swept(jobs: number): void {
    this.#note('waiting', -jobs)
  }

  #object(key: string, state: 'present' | 'gone'): void {
    const { tell, time } = this.#calling
    const gone = state === 'gone' ? { by: REDIS_NAME, key } : {}
    tell({ fact: 'object', atUs: time.nowUs, item: this.#itemOf(key), state, ...gone })
  }

  #note(what: PartFact['what'], by: number): void {
    const { tell, time } = this.#calling
    tell({ fact: 'part', atUs: time.nowUs, name: this.#name, concurrency: this.#slots, what, by })
  }
}
