// A mergeable histogram of positive values in logarithmic buckets.

/**
 * A bucket is an exponent and the first bits of a mantissa, as doubles have them: reading those is all that it takes
 * to find it. Neighbouring bounds differ by 1/256 to 1/128, so a quantile is right to within 0.4 %.
 */
const MANTISSA_BITS = 7
const STEPS = 1 << MANTISSA_BITS
/** A microsecond when values are milliseconds; anything smaller counts as zero. */
const SMALLEST = 2 ** -10
/** Up to half a year; all beyond is one bucket. */
const OCTAVES = 44
const BUCKETS = 1 + OCTAVES * STEPS

/** Which half of a double holds its exponent is the machine's choice. */
const HIGH = new Int32Array(new Float64Array([2]).buffer)[0] === 0 ? 1 : 0
const SHIFT = 20 - MANTISSA_BITS
/** What the halves of SMALLEST begin with: its exponent, biased by 1023. */
const FIRST = (1023 + Math.log2(SMALLEST)) << MANTISSA_BITS

/** No value is taken apart into more than this. */
const MOST_MISSED = 10_000

/** Own rather than a library's: merging, fractions of a millisecond and 17 ns a value are what it is for. */
export class Histogram {
  count = 0
  sum = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  /** One place more, where a value is taken apart. */
  readonly #buckets = new Float64Array(BUCKETS + 1)
  readonly #halves = new Int32Array(this.#buckets.buffer)

  record(value: number): void {
    this.count++
    this.sum += value
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    const bucket = this.#bucketOf(value)
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

  /** What was recorded since this histogram held only what `earlier` does; its extremes are right to within a bucket. */
  since(earlier: Histogram): Histogram {
    const rest = new Histogram()
    if (this.count === earlier.count) return rest
    rest.merge(this)
    rest.count -= earlier.count
    rest.sum -= earlier.sum
    let [first, last] = [BUCKETS, 0]
    for (let i = 0; i < BUCKETS; i++) {
      const count = (rest.#buckets[i] as number) - (earlier.#buckets[i] as number)
      rest.#buckets[i] = count
      if (count === 0) continue
      first = Math.min(first, i)
      last = i
    }
    // The middles are within the whole's extremes until these are set.
    const [least, most] = [rest.#middle(first), rest.#middle(last)]
    if (this.min >= earlier.min) rest.min = least
    if (this.max <= earlier.max) rest.max = most
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
        const bucket = all.#bucketOf(missed)
        all.#buckets[bucket] = (all.#buckets[bucket] as number) + times
        all.count += times
        all.sum += missed * times
        all.min = Math.min(all.min, missed)
      }
    }
    return all
  }

  #bucketOf(value: number): number {
    if (!(value >= SMALLEST)) return 0
    this.#buckets[BUCKETS] = value
    const leading = (this.#halves[2 * BUCKETS + HIGH] as number) >> SHIFT
    return Math.min(BUCKETS - 1, 1 + leading - FIRST)
  }

  #middle(bucket: number): number {
    const step = bucket - 1
    const middle =
      bucket === 0
        ? 0
        : SMALLEST * 2 ** (step >> MANTISSA_BITS) * (1 + ((step % STEPS) + 0.5) / STEPS)
    return Math.min(this.max, Math.max(this.min, middle))
  }
}
