// A load that asks by itself: connections to a pipeline's HTTP entry that are never idle.
import type { Item } from './world.ts'

/** While the entry host has never been up nobody can say what to ask: so long until it is looked for again, ms of the world. */
export const LOOK_AGAIN_MS = 10

/** A closed model: each connection has one request under way, and asks for its next item once that has ended. */
export interface Saturation {
  readonly connections: number
  /** The item that is due now. Undefined where the load is over; or stopped, and `again` is called when it goes on. */
  next(again: () => void): Item | undefined
}
