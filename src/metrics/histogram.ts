// A mergeable histogram of positive values in logarithmic buckets.

/** Neighbouring bucket bounds differ by 1 %, so a quantile is right to within 0.5 %. */
const GROWTH = Math.log(1.01)
/** One microsecond when values are milliseconds; anything smaller counts as zero. */
const SMALLEST = 1e-3
/** Enough for 1e-3 … 1e9. */
const BUCKETS = Math.ceil(Math.log(1e12) / GROWTH) + 2

/** No value is taken apart into more than this. */
const MOST_MISSED = 10_000

function bucketOf(value: number): number {
  if (value <= SMALLEST) return 0
  return Math.min(BUCKETS - 1, 1 + Math.floor(Math.log(value / SMALLEST) / GROWTH))
}

/** Own rather than a library's: merging, fractions of a millisecond and 17 ns a value are what it is for. */
export class Histogram {
  count = 0
  sum = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  readonly #buckets = new Float64Array(BUCKETS)

  record(value: number): void {
    this.count++
    this.sum += value
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    const bucket = bucketOf(value)
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1
  }

  merge(other: Histogram): void {
    this.count += other.count
    this.sum += other.sum
    this.min = Math.min(this.min, other.min)
    this.max = Math.max(this.max, other.max)
    for (let i = 0; i < BUCKETS; i++)
      this.#buckets[i] = (this.#buckets[i] as number) + (other.#buckets[i] as number)
  }

  /** What was recorded since this histogram held only what `earlier` does; its extremes are those of the whole. */
  since(earlier: Histogram): Histogram {
    const rest = new Histogram()
    rest.merge(this)
    rest.count -= earlier.count
    rest.sum -= earlier.sum
    for (let i = 0; i < BUCKETS; i++)
      rest.#buckets[i] = (rest.#buckets[i] as number) - (earlier.#buckets[i] as number)
    return rest
  }

  get mean(): number {
    return this.sum / this.count
  }

  /** The value below which a share `q` of the values lies; NaN when empty. */
  quantile(q: number): number {
    if (this.count === 0) return Number.NaN
    const rank = Math.max(1, Math.ceil(q * this.count))
    if (rank >= this.count) return this.max
    let seen = 0
    for (let i = 0; i < BUCKETS; i++) {
      seen += this.#buckets[i] as number
      if (seen >= rank) return this.#middle(i)
    }
    return this.max
  }

  /**
   * What would have been recorded if nobody had waited: beside a value of 10 those of 7 and 4, where one was due
   * every 3 (Gil Tene's correction for coordinated omission, as in HdrHistogram).
   */
  asIfDueEvery(interval: number): Histogram {
    const step = Math.max(interval, this.max / MOST_MISSED)
    const all = new Histogram()
    all.merge(this)
    for (let i = 0; i < BUCKETS; i++) {
      const times = this.#buckets[i] as number
      if (times === 0) continue
      for (let missed = this.#middle(i) - step; missed >= step; missed -= step) {
        const bucket = bucketOf(missed)
        all.#buckets[bucket] = (all.#buckets[bucket] as number) + times
        all.count += times
        all.sum += missed * times
        all.min = Math.min(all.min, missed)
      }
    }
    return all
  }

  #middle(bucket: number): number {
    const middle = bucket === 0 ? 0 : SMALLEST * Math.exp((bucket - 0.5) * GROWTH)
    return Math.min(this.max, Math.max(this.min, middle))
  }
}
