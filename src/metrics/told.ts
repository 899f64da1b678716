// Who was told how an item ended, and who was not: a byte or two for each item.
import type { Tells } from './outcomes.ts'
import type { WindowFilter, Windows } from './windows.ts'

const UNTOLD = 1
const STATES: Readonly<Record<Tells, number>> = { success: 2, failure: 3 }

export class Told {
  /** Offered and not told yet. */
  untold = 0
  /** Called with an item's index when it is told for the first time. */
  onTold: (() => void) | undefined
  readonly #windows: Windows
  #states = new Uint8Array(1 << 12)
  #kinds = new Uint16Array(1 << 12)
  #atUs = new Float64Array(1 << 12)

  constructor(windows: Windows) {
    this.#windows = windows
  }

  offer(index: number, window: number): void {
    if (index >= this.#states.length) this.#grow(index)
    this.#states[index] = UNTOLD
    this.#kinds[index] = window
    this.untold++
  }

  tell(index: number, what: Tells, nowUs: number): void {
    const before = this.#states[index]
    if (before === 0 || before === undefined) return
    // A success that is told wins.
    if (before !== STATES.success) {
      this.#states[index] = STATES[what]
      this.#atUs[index] = nowUs
    }
    if (before !== UNTOLD) return
    this.untold--
    this.onTold?.()
  }

  was(index: number, what: Tells): boolean {
    return this.#states[index] === STATES[what]
  }

  /** When that was. */
  atUs(index: number): number {
    return this.#atUs[index] ?? 0
  }

  /** Of these windows, those not told of which `isMeant`. */
  count(filter: WindowFilter, isMeant: (index: number) => boolean): number {
    const wanted = new Set(this.#windows.matching(filter))
    let count = 0
    for (let index = 0; index < this.#states.length; index++)
      if (this.#states[index] === UNTOLD && wanted.has(this.#kinds[index] ?? -1) && isMeant(index))
        count++
    return count
  }

  #grow(index: number): void {
    const length = Math.max(index + 1, 2 * this.#states.length)
    const [states, kinds, atUs] = [
      new Uint8Array(length),
      new Uint16Array(length),
      new Float64Array(length),
    ]
    states.set(this.#states)
    kinds.set(this.#kinds)
    this.#states = states
    this.#kinds = kinds
    atUs.set(this.#atUs)
    this.#atUs = atUs
  }
}
