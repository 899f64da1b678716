// Calls to a part that speaks no HTTP, as their caller sees them: told to the books, with a deadline of the world's time.

import { CallError, type Json } from '../world.ts'
import type { Calling } from './calls.ts'
import { ownMsOf } from './own-latency.ts'
import type { PartCounts } from './part-counts.ts'
import type { Life } from './process.ts'

export interface PartCall<T> {
  readonly route: string
  /** What it is about; empty: about nothing. */
  readonly key: string
  readonly timeoutMs?: number | undefined
  send(): Promise<T>
  /** What the books have of the answer. */
  bodyOf?(value: T): Json
}

export interface PartCaller {
  readonly from: string
  readonly to: string
  readonly life: Life
  readonly calling: Calling
  readonly counts: PartCounts
  itemOf(key: string): number
  /** A failure as every world has it; what is none of the part's is thrown on as it is. */
  classify(error: unknown): unknown
}

/** Who asks a queue for a job waits for one to come: that is nobody's own time. */
const WAITED: readonly string[] = ['take', 'renew']

export class PartCalls {
  readonly #caller: PartCaller

  constructor(caller: PartCaller) {
    this.#caller = caller
  }

  /** Throws `CallError`. Never ends where the caller dies first. */
  async make<T>(call: PartCall<T>): Promise<T> {
    const { counts, life, calling } = this.#caller
    const startUs = calling.time.nowUs
    this.#start(call.route, call.key, startUs)
    counts.began()
    try {
      const value = await this.#inTime(call, startUs)
      this.#tell(call, startUs, { class: 'ok' }, call.bodyOf?.(value) ?? null)
      await awake(life)
      return value
    } catch (error) {
      const failure = this.#caller.classify(error)
      if (!(failure instanceof CallError)) throw error
      if (failure.code === 'OOM') counts.refusedForMemory()
      this.#tell(call, startUs, failure, null)
      await awake(life)
      throw failure
    } finally {
      counts.ended()
    }
  }

  /** One that a library made of its own accord. */
  happened(route: string, key: string, startUs: number, failure?: CallError): void {
    this.#start(route, key, startUs)
    this.#tell({ route, key }, startUs, failure ?? { class: 'ok' }, null, WAITED.includes(route))
    if (failure?.code === 'OOM') this.#caller.counts.refusedForMemory()
    else this.#caller.counts.slowed()
  }

  #start(route: string, key: string, atUs: number): void {
    const { calling, to, life } = this.#caller
    if (life.dead) return
    calling.tell({ fact: 'start', atUs, to, item: this.#item(key), route })
  }

  #inTime<T>({ send, timeoutMs }: PartCall<T>, startUs: number): Promise<T> {
    if (timeoutMs === undefined) return send()
    const { time } = this.#caller.calling
    return new Promise<T>((resolve, reject) => {
      const late = () => reject(new CallError({ class: 'read-timeout' }))
      const deadline = time.schedule(startUs / 1_000 + timeoutMs, late)
      void send()
        .then(resolve, reject)
        .finally(() => deadline[Symbol.dispose]())
    })
  }

  #tell(
    { route, key }: Pick<PartCall<unknown>, 'route' | 'key'>,
    startUs: number,
    result: { readonly class: string; readonly code?: string | undefined },
    body: Json,
    waited = false,
  ): void {
    const { calling, from, to, life } = this.#caller
    if (life.dead) return
    const { class: klass, code } = result
    const atUs = calling.time.nowUs
    calling.tell({
      fact: 'call',
      atUs,
      startUs,
      ownMs: waited ? Number.NaN : ownMsOf(atUs, startUs, 0),
      from,
      to,
      route,
      stage: route,
      item: this.#item(key),
      key,
      class: klass,
      ...(code === undefined ? {} : { code }),
      body,
    })
  }

  #item(key: string): number {
    return key === '' ? -1 : this.#caller.itemOf(key)
  }
}

/** Once the host runs: now, when it is resumed, or never. */
export function awake(life: Life): Promise<void> {
  return new Promise((resolve) => life.wake(resolve))
}
