// A series over time that never keeps more than a fixed number of points: neighbours merge when it is full.

export interface Point {
  readonly atMs: number
  readonly sum: number
  readonly count: number
  readonly min: number
  readonly max: number
}

export const MOST_POINTS = 20_000

/** Values binned by time; the bins start a second wide and double whenever there would be too many. */
export class Series {
  #widthUs: number
  readonly #mostPoints: number
  #sum: number[] = []
  #count: number[] = []
  #min: number[] = []
  #max: number[] = []

  constructor(widthUs = 1_000_000, mostPoints = MOST_POINTS) {
    this.#widthUs = widthUs
    this.#mostPoints = mostPoints
  }

  get length(): number {
    return this.#sum.length
  }

  record(atUs: number, value: number): void {
    let bin = Math.floor(atUs / this.#widthUs)
    while (bin >= this.#mostPoints) {
      this.#halve()
      bin = Math.floor(atUs / this.#widthUs)
    }
    while (this.#sum.length <= bin) {
      this.#sum.push(0)
      this.#count.push(0)
      this.#min.push(Number.POSITIVE_INFINITY)
      this.#max.push(Number.NEGATIVE_INFINITY)
    }
    this.#sum[bin] = (this.#sum[bin] as number) + value
    this.#count[bin] = (this.#count[bin] as number) + 1
    if (value < (this.#min[bin] as number)) this.#min[bin] = value
    if (value > (this.#max[bin] as number)) this.#max[bin] = value
  }

  /** Bins that hold something, oldest first. */
  points(): Point[] {
    const points: Point[] = []
    for (let i = 0; i < this.#sum.length; i++) {
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

  #halve(): void {
    const pairs = Math.ceil(this.#sum.length / 2)
    const pair = (values: number[], join: (a: number, b: number) => number, none: number) =>
      Array.from({ length: pairs }, (_, i) =>
        join(values[2 * i] ?? none, values[2 * i + 1] ?? none),
      )
    this.#sum = pair(this.#sum, (a, b) => a + b, 0)
    this.#count = pair(this.#count, (a, b) => a + b, 0)
    this.#min = pair(this.#min, Math.min, Number.POSITIVE_INFINITY)
    this.#max = pair(this.#max, Math.max, Number.NEGATIVE_INFINITY)
    this.#widthUs *= 2
  }
}
