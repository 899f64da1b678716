// Watches runs from outside: how many events there are, that no gauge falls below zero, that nobody asks for the real time.
import { GaugeStats } from '../../src/metrics/gauge.ts'
import { VirtualClock } from '../../src/worlds/virtual/clock.ts'

/** Everything that only the command line and the real world may ask. */
const AMBIENT: readonly (readonly [owner: object, name: string])[] = [
  [Date, 'now'],
  [performance, 'now'],
  [Math, 'random'],
  [globalThis, 'setTimeout'],
  [globalThis, 'setInterval'],
]

export class TooManyEvents extends Error {}

export class Watch implements Disposable {
  /** What should not have been, in sentences. */
  readonly seen = new Set<string>()
  /** Timers set since the last `begin`. */
  events = 0
  #most = Number.POSITIVE_INFINITY
  #at = Number.POSITIVE_INFINITY
  #then: () => void = () => {}
  readonly #undo: (() => void)[] = []

  constructor() {
    const watch = this
    this.#wrap(VirtualClock.prototype, 'schedule', (schedule) => {
      return function (this: VirtualClock, ...timer: unknown[]) {
        watch.#count(this)
        return schedule.apply(this, timer)
      }
    })
    this.#wrap(GaugeStats.prototype, 'set', (set) => {
      return function (this: GaugeStats, ...setting: unknown[]) {
        const value = Number(setting[1])
        if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) watch.seen.add(`a gauge is ${value}`)
        return set.apply(this, setting)
      }
    })
    for (const [owner, name] of AMBIENT)
      this.#wrap(owner, name, (original) => {
        return function (this: unknown, ...given: unknown[]) {
          watch.#noteCaller(name, new Error().stack ?? '')
          return original.apply(this, given)
        }
      })
  }

  /** A new run: it fails after so many timers. After `at` of them `then` is called, once. */
  begin(most: number, at = Number.POSITIVE_INFINITY, then: () => void = () => {}): void {
    this.events = 0
    this.#most = most
    this.#at = at
    this.#then = then
  }

  #count(clock: VirtualClock): void {
    this.events++
    if (this.events === this.#most)
      clock.fail(
        new TooManyEvents(`more than ${this.#most} events until ${clock.nowUs / 1_000} ms`),
      )
    if (this.events === this.#at) this.#then()
  }

  /** The frame below our own is the caller's. */
  #noteCaller(name: string, stack: string): void {
    const caller = stack.split('\n')[2] ?? ''
    if (/\/(src|mocks)\/(?!cli\/|worlds\/real\/)/.test(caller) && !caller.includes('node_modules'))
      this.seen.add(`${name} was called${caller.replace(/^\s*at/, ' at')}`)
  }

  #wrap(
    owner: object,
    name: string,
    wrap: (original: Function_) => (this: never, ...given: unknown[]) => unknown,
  ): void {
    const all = owner as Record<string, unknown>
    const original = all[name] as Function_
    all[name] = wrap(original)
    this.#undo.push(() => {
      all[name] = original
    })
  }

  [Symbol.dispose](): void {
    for (const undo of this.#undo) undo()
  }
}

type Function_ = (...given: unknown[]) => unknown
