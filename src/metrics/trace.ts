// The run's trace as a digest: every event is folded into two 32-bit hashes, nothing is kept.
import type { Observer } from './history.ts'

/** What is folded in: one per kind of event, never renumbered, or every recorded digest changes. */
export const TraceEvent = {
  offer: 1,
  call: 2,
  fate: 3,
  log: 4,
  inject: 5,
  heal: 6,
} as const
export type TraceEvent = (typeof TraceEvent)[keyof typeof TraceEvent]

export class Trace {
  #a = 0x811c9dc5
  #b = 0x1b873593
  events = 0
  /** Told of every event in words, where somebody asked to be. */
  readonly observer: Observer | undefined

  constructor(observer?: Observer) {
    this.observer = observer
  }

  /** `atUs` is the virtual time; `x`, `y` and `z` are any integers that tell events apart. */
  note(event: TraceEvent, atUs: number, x: number, y: number, z: number): void {
    this.events++
    const high = Math.floor(atUs / 0x100000000)
    let a = Math.imul(this.#a ^ event, 0x01000193)
    a = Math.imul(a ^ (atUs | 0), 0x85ebca6b)
    a = Math.imul((a << 13) ^ (a >>> 19) ^ x, 0xc2b2ae35)
    a = Math.imul((a << 15) ^ (a >>> 17) ^ y, 0x27d4eb2f)
    this.#a = (a << 11) ^ (a >>> 21) ^ z ^ high
    let b = Math.imul(this.#b ^ z, 0x9e3779b1)
    b = Math.imul((b << 16) ^ (b >>> 16) ^ y, 0x7feb352d)
    b = Math.imul((b << 12) ^ (b >>> 20) ^ x, 0x846ca68b)
    this.#b = (b << 14) ^ (b >>> 18) ^ atUs ^ Math.imul(event, 0x165667b1)
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    const hex = (n: number) => (n >>> 0).toString(16).padStart(8, '0')
    return hex(this.#a) + hex(this.#b)
  }
}
