// A series over time that never keeps more than a fixed number of points: neighbours merge when it is full.

export interface Point {
  readonly atMs: number
  readonly sum: number
  readonly count: number
  readonly min: number
  readonly max: number
}

export const MOST_POINTS = 20_000
const SPARE = 64

/** Values binned by time; the bins start a second wide and double whenever there would be too many. */
export class Series {
  #widthUs: number
  readonly #mostPoints: number
  /** Of doubles, for whatever is measured; beyond `#length` they hold nothing. */
  #sum = new Float64Array(SPARE)
  #count = new Float64Array(SPARE)
  #min = new Float64Array(SPARE).fill(Number.POSITIVE_INFINITY)
  #max = new Float64Array(SPARE).fill(Number.NEGATIVE_INFINITY)
  #length = 0

  constructor(widthUs = 1_000_000, mostPoints = MOST_POINTS) {
    this.#widthUs = widthUs
    this.#mostPoints = mostPoints
  }

  get length(): number {
    return this.#length
  }

  record(atUs: number, value: number): void {
    let bin = Math.floor(atUs / this.#widthUs)
    while (bin >= this.#mostPoints) {
      this.#halve()
      bin = Math.floor(atUs / this.#widthUs)
    }
    if (bin >= this.#length) this.#extend(bin + 1)
    this.#sum[bin] = (this.#sum[bin] as number) + value
    this.#count[bin] = (this.#count[bin] as number) + 1
    if (value < (this.#min[bin] as number)) this.#min[bin] = value
    if (value > (this.#max[bin] as number)) this.#max[bin] = value
  }

  /** Bins that hold something, oldest first. */
  points(): Point[] {
    const points: Point[] = []
    for (let i = 0; i < this.#length; i++) {
      const count = this.#count[i] as number
      if (count === 0) continue
      points.push({
        atMs: (i * this.#widthUs) / 1_000,
        sum: this.#sum[i] as number,
        count,
        min: this.#min[i] as number,
        max: this.#max[i] as number,
      })
    }
    return points
  }

  #extend(length: number): void {
    const spare = this.#sum.length
    if (length > spare) {
      const longer = (old: Float64Array, none: number) => {
        const values = new Float64Array(2 * length).fill(none, spare)
        values.set(old)
        return values
      }
      this.#sum = longer(this.#sum, 0)
      this.#count = longer(this.#count, 0)
      this.#min = longer(this.#min, Number.POSITIVE_INFINITY)
      this.#max = longer(this.#max, Number.NEGATIVE_INFINITY)
    }
    this.#length = length
  }

  #halve(): void {
    const length = this.#length
    const pairs = Math.ceil(length / 2)
    // Beyond an odd end there is a place that holds nothing.
    this.#extend(2 * pairs)
    for (let i = 0; i < pairs; i++) {
      const [a, b] = [2 * i, 2 * i + 1]
      this.#sum[i] = (this.#sum[a] as number) + (this.#sum[b] as number)
      this.#count[i] = (this.#count[a] as number) + (this.#count[b] as number)
      this.#min[i] = Math.min(this.#min[a] as number, this.#min[b] as number)
      this.#max[i] = Math.max(this.#max[a] as number, this.#max[b] as number)
    }
    this.#sum.fill(0, pairs)
    this.#count.fill(0, pairs)
    this.#min.fill(Number.POSITIVE_INFINITY, pairs)
    this.#max.fill(Number.NEGATIVE_INFINITY, pairs)
    this.#length = pairs
    this.#widthUs *= 2
  }
}
