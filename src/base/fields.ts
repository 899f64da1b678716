// Zod fields shared by every schema: durations, rates, shares, distributions, globs, names.
import { z } from 'zod'
import { type DistributionSpec, LARGEST_P99_OVER_MEAN } from './distribution.ts'
import { DURATION_PATTERN, type Parsed, RATE_PATTERN, readDuration, readRate } from './units.ts'

// A scenario is read once: code made for its schemas would cost more than it saves.
z.config({ jitless: true })

function parsed(read: (text: string) => Parsed, pattern: string, describe: string) {
  return z
    .string()
    .meta({ pattern, description: describe })
    .transform((text, context) => {
      const result = read(text)
      if ('ok' in result) return result.ok
      context.addIssue({ code: 'custom', message: result.problem })
      return z.NEVER
    })
}

const anyDuration = parsed(readDuration, DURATION_PATTERN, 'A duration: 500ms, 10s, 5m, 1h30m')

/** Milliseconds, not negative. A bare 0 needs no unit. */
export const duration = z.union([z.literal(0), anyDuration]).refine((ms) => ms >= 0, {
  error: 'a duration cannot be negative here',
})
/** The step of every clock here, ms: what is shorter is no time at all. */
const STEP_MS = 0.001
/** Milliseconds above zero. */
export const positiveDuration = anyDuration
  .refine((ms) => ms > 0, { error: 'a duration must be longer than zero here' })
  .refine((ms) => ms <= 0 || ms >= STEP_MS, {
    error: `a duration must be at least ${STEP_MS}ms here, the step of the clock`,
  })
/** Milliseconds of either sign: clock offsets. */
export const signedDuration = anyDuration.refine((ms) => ms !== 0, {
  error: 'an offset of zero changes nothing',
})

/** Events per second. */
export const rate = parsed(readRate, RATE_PATTERN, 'A rate: 12/s, 90/m, 500/h')

export const share = z
  .number()
  .min(0)
  .max(1)
  .meta({ description: 'A probability or share, 0 to 1' })
export const count = z.int().min(1).max(10_000_000)
/** A name that can stand as the value of a metric's tag. */
export const tagName = z.string().regex(/^[\p{L}\p{N}_.-]+$/u, 'a name is letters, digits, _ . -')
export const glob = z
  .string()
  .min(1)
  .meta({ description: 'A name or glob: service-*, {a,b}, **/cam1/*.jpg' })

const weight = z.number().positive()
const above = (low: string, high: string) => ({ error: `${high} must be above ${low}` })
const meanAndP99 = { mean: positiveDuration, p99: positiveDuration }
const medianAndP99 = { p50: positiveDuration, p99: positiveDuration }
const meanIsPossible = (d: { mean: number; p99: number }) =>
  d.p99 > d.mean && d.p99 / d.mean <= LARGEST_P99_OVER_MEAN
const meanProblem = {
  error: `no lognormal has this mean and p99: p99 must be above the mean and at most ${LARGEST_P99_OVER_MEAN.toFixed(2)} times it`,
}
const asLognormal = <T extends object>(d: T) => ({ dist: 'lognormal' as const, ...d })

const simple = [
  anyDuration
    .refine((ms) => ms >= 0, { error: 'a time cannot be negative' })
    .transform((value) => ({ dist: 'constant' as const, value })),
  z.strictObject({ dist: z.literal('constant'), value: duration }),
  z
    .strictObject({ dist: z.literal('uniform'), min: duration, max: positiveDuration })
    .refine((d) => d.max > d.min, above('min', 'max')),
  z.strictObject({ dist: z.literal('exponential'), mean: positiveDuration }),
  z
    .strictObject({ dist: z.literal('lognormal'), ...meanAndP99 })
    .refine(meanIsPossible, meanProblem),
  z
    .strictObject({ dist: z.literal('lognormal'), ...medianAndP99 })
    .refine((d) => d.p99 > d.p50, above('p50', 'p99')),
  z.strictObject(meanAndP99).refine(meanIsPossible, meanProblem).transform(asLognormal),
  z
    .strictObject(medianAndP99)
    .refine((d) => d.p99 > d.p50, above('p50', 'p99'))
    .transform(asLognormal),
  z
    .strictObject({
      dist: z.literal('empirical'),
      file: z.string().min(1).optional(),
      values: z.array(duration).min(1).optional(),
    })
    .refine((d) => d.values !== undefined, {
      error: 'needs `file` (one duration a line) or `values`',
    })
    .transform((d) => ({ dist: 'empirical' as const, values: d.values ?? [] })),
] as const

const part = z.strictObject({ weight, is: z.union(simple) })

/** A distribution of times: `200ms`, `{p50, p99}`, `{mean, p99}`, `{dist: exponential, mean}`, a file, a mix. */
export const distribution = z
  .union([...simple, z.strictObject({ dist: z.literal('mix'), of: z.array(part).min(1) })])
  .meta({ description: 'A distribution of times: 200ms, {p50, p99}, {mean, p99}, {dist, …}' })
  .transform((spec): DistributionSpec => spec)
