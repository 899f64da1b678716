// What a Prometheus server would have stored: the recent samples of the series that alerts read.
import { assert } from '../base/assert.ts'
import type { ExposedName, ExposedSeries } from '../metrics/exposition.ts'

/** How often series are sampled and alerts evaluated, of the world's time. */
export const SCRAPE_MS = 15_000

export type Labels = Readonly<Record<string, string>>
export type ReadSeries = (name: string) => readonly ExposedSeries[]

/** An element of an instant vector. Equal labels have equal keys. */
export interface Sample {
  readonly labels: Labels
  readonly key: string
  readonly value: number
}

/** Computed for every series at every scrape: plain concatenation, as neither names nor values hold a NUL. */
export function keyOf(labels: Labels): string {
  const names = Object.keys(labels)
  if (names.length > 1) names.sort()
  let key = ''
  for (const name of names) key += `${name}\0${labels[name]}\0`
  return key
}

/** One series: a ring that forgets what is older than the longest range read from it. */
export class StoredSeries {
  readonly labels: Labels
  readonly key: string
  #atMs = new Float64Array(8)
  #values = new Float64Array(8)
  #head = 0
  #size = 0

  constructor(labels: Labels, key: string) {
    this.labels = labels
    this.key = key
  }

  get size(): number {
    return this.#size
  }

  get capacity(): number {
    return this.#values.length
  }

  /** Oldest first, from 0. */
  atMs(index: number): number {
    return this.#atMs[this.#slot(index)] as number
  }

  value(index: number): number {
    return this.#values[this.#slot(index)] as number
  }

  /** Of the samples later than `afterMs`, the first; `size` where there are none. */
  firstAfter(afterMs: number): number {
    let low = 0
    for (let high = this.#size; low < high; ) {
      const middle = (low + high) >>> 1
      if (this.atMs(middle) > afterMs) high = middle
      else low = middle + 1
    }
    return low
  }

  push(nowMs: number, value: number, keepMs: number): void {
    const outdated = this.firstAfter(nowMs - keepMs)
    this.#head = this.#slot(outdated)
    this.#size -= outdated
    if (this.#size === this.capacity) this.#grow()
    const slot = this.#slot(this.#size++)
    this.#atMs[slot] = nowMs
    this.#values[slot] = value
  }

  /** The capacity is a power of two. */
  #slot(index: number): number {
    return (this.#head + index) & (this.#values.length - 1)
  }

  #grow(): void {
    const [atMs, values] = [this.#atMs, this.#values].map((old) => {
      const more = new Float64Array(old.length * 2)
      for (let i = 0; i < old.length; i++) more[i] = old[this.#slot(i)] as number
      return more
    }) as [Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>]
    this.#atMs = atMs
    this.#values = values
    this.#head = 0
  }
}

export class Samples {
  readonly #keepMs: ReadonlyMap<string, number>
  readonly #names: ReadonlyMap<string, ExposedName>
  readonly #stored = new Map<string, Map<string, StoredSeries>>()
  #nowMs = Number.NEGATIVE_INFINITY

  /** `keepMs`: the names that are read, each with the longest range over it, 0 for none. */
  constructor(keepMs: ReadonlyMap<string, number>, names: ReadonlyMap<string, ExposedName>) {
    this.#keepMs = keepMs
    this.#names = names
    for (const name of keepMs.keys()) this.#stored.set(name, new Map())
  }

  /** When the latest samples were taken. */
  get nowMs(): number {
    return this.#nowMs
  }

  scrape(nowMs: number, read: ReadSeries): void {
    assert(nowMs > this.#nowMs, `scrapes go forward in time: ${nowMs} ms after ${this.#nowMs} ms`)
    this.#nowMs = nowMs
    for (const [name, keepMs] of this.#keepMs) {
      const highest = this.#names.get(name)?.keepHighest === true
      for (const { labels, value } of read(name)) {
        const series = this.#series(name, labels)
        const held = highest && series.size > 0 ? series.value(series.size - 1) : value
        series.push(nowMs, highest ? Math.max(value, held) : value, keepMs)
      }
    }
  }

  /** All that was ever seen of a name, in order of appearance. */
  of(name: string): Iterable<StoredSeries> {
    return this.#stored.get(name)?.values() ?? []
  }

  #series(name: string, labels: Labels): StoredSeries {
    const all = this.#stored.get(name) as Map<string, StoredSeries>
    const key = keyOf(labels)
    let series = all.get(key)
    if (series === undefined) {
      series = new StoredSeries(labels, key)
      all.set(key, series)
    }
    return series
  }
}
