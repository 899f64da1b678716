// Distributions of times, sampled by inverse transform: one uniform draw in, one value in milliseconds out.

export type DistributionSpec =
  | { readonly dist: 'constant'; readonly value: number }
  | { readonly dist: 'uniform'; readonly min: number; readonly max: number }
  | { readonly dist: 'exponential'; readonly mean: number }
  | { readonly dist: 'lognormal'; readonly mean: number; readonly p99: number }
  | { readonly dist: 'lognormal'; readonly p50: number; readonly p99: number }
  | { readonly dist: 'empirical'; readonly values: readonly number[] }
  | {
      readonly dist: 'mix'
      readonly of: readonly { readonly weight: number; readonly is: DistributionSpec }[]
    }

export interface Distribution {
  /** Milliseconds for a uniform draw `u` in [0, 1). */
  sample(u: number): number
  readonly meanMs: number
}

/** The 0.99 quantile of the standard normal distribution. */
const Z99 = 2.3263478740408408

/** p99 ÷ mean of a lognormal is at most exp(Z99² / 2), reached at σ = Z99. */
export const LARGEST_P99_OVER_MEAN = Math.exp(Z99 ** 2 / 2)

/**
 * μ and σ of a lognormal by its mean and p99: ln(p99 / mean) = Z99·σ − σ²/2 has two roots;
 * the smaller is meant (the larger puts the median far below the mean).
 */
export function lognormalByMean(mean: number, p99: number): { mu: number; sigma: number } {
  const sigma = Z99 - Math.sqrt(Z99 ** 2 - 2 * Math.log(p99 / mean))
  return { mu: Math.log(mean) - sigma ** 2 / 2, sigma }
}

export function compileDistribution(spec: DistributionSpec): Distribution {
  switch (spec.dist) {
    case 'constant':
      return { sample: () => spec.value, meanMs: spec.value }
    case 'uniform':
      return {
        sample: (u) => spec.min + u * (spec.max - spec.min),
        meanMs: (spec.min + spec.max) / 2,
      }
    case 'exponential':
      return { sample: (u) => -spec.mean * Math.log1p(-u), meanMs: spec.mean }
    case 'lognormal': {
      const { mu, sigma } =
        'mean' in spec
          ? lognormalByMean(spec.mean, spec.p99)
          : { mu: Math.log(spec.p50), sigma: Math.log(spec.p99 / spec.p50) / Z99 }
      return {
        sample: (u) => Math.exp(mu + sigma * normalQuantile(u)),
        meanMs: Math.exp(mu + sigma ** 2 / 2),
      }
    }
    case 'empirical': {
      const sorted = Float64Array.from(spec.values).sort()
      return {
        sample: (u) => sorted[Math.floor(u * sorted.length)] ?? 0,
        meanMs: sorted.reduce((a, b) => a + b, 0) / sorted.length,
      }
    }
    case 'mix':
      return compileMix(spec.of)
  }
}

function compileMix(
  of: readonly { readonly weight: number; readonly is: DistributionSpec }[],
): Distribution {
  const total = of.reduce((sum, part) => sum + part.weight, 0)
  const parts = of.map((part) => ({ share: part.weight / total, is: compileDistribution(part.is) }))
  const last = parts.at(-1)
  return {
    sample(u) {
      let rest = u
      for (const part of parts) {
        // The draw is used twice: which part, and, stretched back to [0, 1), where in it.
        if (rest < part.share || part === last)
          return part.is.sample(Math.min(rest / part.share, 1 - 2 ** -53))
        rest -= part.share
      }
      return 0
    },
    meanMs: parts.reduce((sum, part) => sum + part.share * part.is.meanMs, 0),
  }
}

/** Inverse of the standard normal CDF: Wichura's algorithm AS 241 (PPND7), absolute error about 1e-7. */
export function normalQuantile(u: number): number {
  const q = u - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (
      (q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) /
      (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1)
    )
  }
  const tail = Math.max(q < 0 ? u : 1 - u, 2 ** -60)
  let r = Math.sqrt(-Math.log(tail))
  let value: number
  if (r <= 5) {
    r -= 1.6
    value =
      (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) /
      ((0.12021132975 * r + 0.7370016425) * r + 1)
  } else {
    r -= 5
    value =
      (((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115) /
      ((0.012258202635 * r + 0.24197894225) * r + 1)
  }
  return q < 0 ? -value : value
}
