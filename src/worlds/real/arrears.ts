// For how long requests have kept their slots too long. What their calls take by themselves, and how late a timer fires,
// weighs more the faster the world runs, and would eat of the capacity: work is shorter by as much as that exceeds what it
// is at speed 1.

export class Arrears {
  /** What nobody has made up for yet, ms of the world. */
  ms = 0

  /** So much was nobody's wish, ms of the world; NaN where it is not known. */
  lost(ms: number, speed: number): void {
    if (speed > 1 && !Number.isNaN(ms)) this.ms += ms * (1 - 1 / speed)
  }

  /** How much of `askedMs` is made up for now. */
  madeUp(askedMs: number): number {
    const ms = Math.min(askedMs, this.ms)
    this.ms -= ms
    return ms
  }
}
