// For how long a request keeps its slot. What its calls take by themselves, and how late a timer fires, weighs more the
// faster the world runs, and would eat of the capacity: work is shorter by as much as they exceed what they are at speed 1.

/** What the requests before have kept the slots for too long, and nobody has made up for yet, ms of the world. */
export interface Arrears {
  arrearsMs: number
}

export class SlotTime {
  readonly #slots: Arrears

  constructor(slots: Arrears) {
    this.#slots = slots
  }

  /** So much was nobody's wish, ms of the world. */
  lost(ms: number, speed: number): void {
    if (speed > 1) this.#slots.arrearsMs += ms * (1 - 1 / speed)
  }

  /** How much of `askedMs` is made up for now. */
  madeUp(askedMs: number): number {
    const ms = Math.min(askedMs, this.#slots.arrearsMs)
    this.#slots.arrearsMs -= ms
    return ms
  }
}
