// A value that holds until it is set again: its extremes and its mean over time, per kind of window.
import type { Series } from './series.ts'
import type { WindowFilter, Windows } from './windows.ts'

class Held {
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  /** Value × microseconds. */
  integral = -0
  us = -0
  last = Number.NaN
  /** Since when `last` was held. */
  lastUs = -1
}

export interface GaugeSummary {
  readonly min: number
  readonly max: number
  readonly avg: number
  /** The last value held. */
  readonly value: number
}

export class GaugeStats {
  value = Number.NaN
  readonly #windows: Windows
  readonly #series: Series | undefined
  readonly #held: (Held | undefined)[]
  /** Times begin as -0, a double: see the clock's timers. */
  #sinceUs = -0
  /** The books of the slice that holds `#sinceUs`, good until its end. */
  #open: Held | undefined
  #openUntilUs = -0

  constructor(windows: Windows, series?: Series) {
    this.#windows = windows
    this.#series = series
    this.#held = windows.kinds.map(() => undefined)
  }

  set(nowUs: number, value: number): void {
    if (value === this.value) return
    const open = this.#open
    if (open !== undefined && nowUs < this.#openUntilUs) {
      const us = nowUs - this.#sinceUs
      open.integral += this.value * us
      open.us += us
      this.#sinceUs = nowUs
      this.value = value
      if (value < open.min) open.min = value
      if (value > open.max) open.max = value
      open.last = value
      open.lastUs = nowUs
    } else {
      this.settle(nowUs)
      this.value = value
      const slice = this.#windows.slice(nowUs)
      this.#open = this.#note(this.#windows.kindOf(slice), 0)
      this.#openUntilUs = this.#windows.endOf(slice)
    }
    this.#series?.record(nowUs, value)
  }

  /** Brings the books up to `nowUs`: the value held since the last change counts in every slice it crossed. */
  settle(nowUs: number): void {
    const windows = this.#windows
    if (!Number.isNaN(this.value)) {
      let slice = windows.slice(this.#sinceUs)
      while (this.#sinceUs < nowUs) {
        const untilUs = Math.min(nowUs, windows.endOf(slice))
        this.#note(windows.kindOf(slice), untilUs - this.#sinceUs)
        this.#sinceUs = untilUs
        slice++
      }
    }
    this.#sinceUs = nowUs
  }

  #note(kind: number, us: number): Held {
    let held = this.#held[kind]
    if (held === undefined) held = this.#held[kind] = new Held()
    if (this.value < held.min) held.min = this.value
    if (this.value > held.max) held.max = this.value
    held.integral += this.value * us
    held.us += us
    held.last = this.value
    held.lastUs = this.#sinceUs
    return held
  }

  /** Undefined where no value was held in a matching window. Call `settle` first. */
  summary(filter: WindowFilter): GaugeSummary | undefined {
    const held = this.#windows.matching(filter).flatMap((kind) => this.#held[kind] ?? [])
    if (held.length === 0) return undefined
    const us = held.reduce((sum, h) => sum + h.us, 0)
    // Kinds of window come again, so the last of them need not be the latest.
    const { last } = held.reduce((latest, h) => (h.lastUs > latest.lastUs ? h : latest))
    return {
      min: Math.min(...held.map((h) => h.min)),
      max: Math.max(...held.map((h) => h.max)),
      avg: us === 0 ? last : held.reduce((sum, h) => sum + h.integral, 0) / us,
      value: last,
    }
  }

  points() {
    return this.#series?.points() ?? []
  }
}

export class CounterStats {
  total = 0
  readonly #windows: Windows
  readonly #counts: number[]

  constructor(windows: Windows) {
    this.#windows = windows
    this.#counts = windows.kinds.map(() => 0)
  }

  add(nowUs: number, by: number): void {
    this.total += by
    const kind = this.#windows.at(nowUs)
    this.#counts[kind] = (this.#counts[kind] ?? 0) + by
  }

  count(filter: WindowFilter): number {
    return this.#windows.matching(filter).reduce((sum, kind) => sum + (this.#counts[kind] ?? 0), 0)
  }
}
