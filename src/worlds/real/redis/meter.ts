// A queue's place in the books: what waits in it, what its consumers have in hand, and what has been lost.
import { REDIS_NAME } from '../../world.ts'
import type { Calling } from '../calls.ts'
import type { PartFact } from '../write-part.ts'

export interface Waiting {
  readonly key: string
  /** By the run's time; undefined while it waits for its next try. */
  sinceUs: number | undefined
}

/** Of one queue, whoever adds to it or takes from it. */
export class QueueMeter {
  readonly #calling: Calling
  readonly #name: string
  readonly #itemOf: (key: string) => number
  readonly #waiting = new Map<string, Waiting>()
  /** In the hands of workers, with Redis still knowing of them. */
  readonly leased = new Set<string>()
  /** Adds that are not answered yet, and how many of those jobs a worker has taken already. */
  readonly #adding = new Map<string, { adds: number; taken: number }>()
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

  adding(key: string): void {
    const under = this.#adding.get(key) ?? { adds: 0, taken: 0 }
    under.adds++
    this.#adding.set(key, under)
  }

  /** Ends what `adding` began. A worker may have been quicker than the answer: then nothing waits. */
  added(key: string, delayMs: number): void {
    this.#object(key, 'present')
    if (!this.#isTakenBefore(key)) this.waits(key, delayMs)
  }

  /** Ends what `adding` began, without a job. */
  notAdded(key: string): void {
    this.#isTakenBefore(key)
  }

  #isTakenBefore(key: string): boolean {
    const under = this.#adding.get(key)
    if (under === undefined) return false
    const isTaken = under.taken > 0
    if (isTaken) under.taken--
    if (--under.adds === 0) this.#adding.delete(key)
    return isTaken
  }

  /** It waits, or will after so long. */
  waits(key: string, afterMs: number): void {
    const { time } = this.#calling
    const waiting: Waiting = { key, sinceUs: undefined }
    this.#waiting.set(key, waiting)
    const begin = () => {
      if (this.#waiting.get(key) !== waiting) return
      waiting.sinceUs = time.nowUs
      this.#note('waiting', 1)
    }
    if (afterMs === 0) begin()
    else time.schedule(time.nowMs + afterMs, begin)
  }

  /** What waits now, or has to before it is tried again. */
  get waiting(): readonly Waiting[] {
    return [...this.#waiting.values()]
  }

  /** Those of them that nobody has taken meanwhile are lost; how many. */
  lose(waited: readonly Waiting[]): number {
    const gone = waited.filter((one) => this.#waiting.get(one.key) === one)
    for (const { key, sinceUs } of gone) {
      this.#waiting.delete(key)
      if (sinceUs !== undefined) this.#note('waiting', -1)
      this.lost(key)
    }
    return gone.length
  }

  taken(key: string): void {
    const { nowUs } = this.#calling.time
    const waiting = this.#waiting.get(key)
    const sinceUs = waiting?.sinceUs
    const under = this.#adding.get(key)
    if (waiting === undefined && under !== undefined) under.taken++
    this.#waiting.delete(key)
    if (sinceUs !== undefined) {
      this.#note('waiting', -1)
      this.#note('waited', (nowUs - sinceUs) / 1_000)
    }
    this.#note('busy', 1)
  }

  given(by = 1): void {
    this.#note('busy', -by)
  }

  /** The job is nowhere any more: neither in Redis nor in the hands of a worker that lives. */
  lost(key: string): void {
    this.leased.delete(key)
    this.#object(key, 'gone')
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
