// Statistics over the runs of a variant, one run per seed: shares with exact bounds, differences with intervals.

/** The confidence of every bound and interval here. */
export const CONFIDENCE = 0.95

/**
 * The regularised incomplete beta function I_x(a, b), for a, b > 0 and 0 ≤ x ≤ 1: the continued fraction of the
 * Digital Library of Mathematical Functions, 8.17.22, evaluated by Lentz's method.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast only left of the mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(
    a * Math.log(x) +
      b * Math.log1p(-x) -
      Math.log(a) -
      (logGamma(a) + logGamma(b) - logGamma(a + b)),
  )
  return front / fraction(x, a, b)
}

function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  let value = 1
  let c = 1
  let d = 0
  for (let n = 1; n < 10_000; n++) {
    const m = Math.floor(n / 2)
    const term =
      n % 2 === 1
        ? (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
        : (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + term * d || tiny)
    c = 1 + term / c || tiny
    value *= c * d
    if (Math.abs(c * d - 1) < 1e-14) break
  }
  return value
}

/** ln Γ(x) for x > 0: Lanczos' approximation, g = 7, n = 9 (Godfrey's coefficients). */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const series = LANCZOS.reduce(
    (sum, coefficient, i) => (i === 0 ? coefficient : sum + coefficient / (x - 1 + i)),
    0,
  )
  const t = x + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series)
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
] as const

/**
 * Exact one-sided bounds of a share seen `hits` times in `runs`, each at `CONFIDENCE`
 * (Clopper and Pearson, Biometrika 26, 1934).
 */
export function shareBounds(hits: number, runs: number): { lower: number; upper: number } {
  const alpha = 1 - CONFIDENCE
  return {
    // P(X ≥ hits | p) = I_p(hits, runs − hits + 1), which grows with p.
    lower: hits === 0 ? 0 : solve((p) => incompleteBeta(p, hits, runs - hits + 1), alpha),
    upper: hits === runs ? 1 : solve((p) => incompleteBeta(p, hits + 1, runs - hits), 1 - alpha),
  }
}

/** Student's t for a two-sided interval at `CONFIDENCE`, with `freedom` ≥ 1 degrees of freedom. */
export function studentT(freedom: number): number {
  // P(|T| ≤ t) = 1 − I_x(freedom / 2, 1 / 2) with x = freedom / (freedom + t²).
  const x = solve((at) => incompleteBeta(at, freedom / 2, 0.5), 1 - CONFIDENCE)
  return Math.sqrt((freedom * (1 - x)) / x)
}

/** Where an increasing function on 0…1 reaches `wanted`. */
function solve(increasing: (x: number) => number, wanted: number): number {
  let low = 0
  let high = 1
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (increasing(middle) < wanted) low = middle
    else high = middle
  }
  return (low + high) / 2
}

export interface Difference {
  /** Pairs that it is drawn from. */
  readonly pairs: number
  readonly mean: number
  /** Null with a single pair: one difference tells nothing of how it varies. */
  readonly interval: { readonly low: number; readonly high: number } | null
}

/** The mean of b − a over pairs, with its interval by Student's t. Throws nothing; no pairs give NaN. */
export function pairedDifference(pairs: readonly (readonly [a: number, b: number])[]): Difference {
  const n = pairs.length
  const differences = pairs.map(([a, b]) => b - a)
  const mean = differences.reduce((sum, d) => sum + d, 0) / n
  if (n < 2) return { pairs: n, mean, interval: null }
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1)
  const half = studentT(n - 1) * Math.sqrt(variance / n)
  return { pairs: n, mean, interval: { low: mean - half, high: mean + half } }
}
