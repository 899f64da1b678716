// What a load model is: it says when items are due, and starts them through a driver.
import type { z } from 'zod'
import type { Random } from '../base/random.ts'

/** How a load model offers items. Times are milliseconds from the run's start. */
export interface Driver {
  readonly random: Random
  nowMs(): number
  /** Calls back at `atMs`. */
  at(atMs: number, fire: () => void): void
  /** Offers an item that was due at `intendedMs`; its index, or -1 when it was not taken. */
  offer(intendedMs: number, batch?: number): number
  /** Calls back once when the item has ended, whatever its fate. */
  whenEnded(index: number, then: () => void): void
  /** Keeps so many connections to the pipeline's HTTP entry asking, each again once it is answered, until `untilMs`. */
  saturate(connections: number, untilMs: number): void
}

export interface LoadDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly kind: string
  readonly help: string
  readonly options: Schema
  describe(options: z.output<Schema>): string
  /** From the run's start to the last moment at which an item may be due, ms. */
  durationMs(options: z.output<Schema>): number
  /** About how many items will be offered; NaN when only the run can tell. */
  expected(options: z.output<Schema>): number
  /** Of a model that waits for an item before it offers the next: the mean pause between them, ms. */
  thinkMs?(options: z.output<Schema>): number
  /** Its items are requests of its own: it takes a pipeline that has an HTTP entry. */
  readonly asksByHttp?: true
  start(options: z.output<Schema>, driver: Driver): void
}

export function defineLoad<Schema extends z.ZodType>(
  definition: LoadDefinition<Schema>,
): LoadDefinition<Schema> {
  return definition
}

/** Walks times in order, one pending callback at a time, so a long run keeps no schedule in memory. */
export function follow(times: Iterator<number>, driver: Driver, due: (atMs: number) => void): void {
  let dueMs = 0
  const step = () => {
    const { value, done } = times.next()
    if (done === true) return
    dueMs = value
    driver.at(dueMs, fire)
  }
  const fire = () => {
    due(dueMs)
    step()
  }
  step()
}
