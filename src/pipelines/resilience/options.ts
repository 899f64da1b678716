// The options of the remedies: backoff, circuit breaker, retry budget. Any pipeline may have them among its own.
import { z } from 'zod'
import type { Backoff } from '../../base/backoff.ts'
import { count, duration, positiveDuration, share } from '../../base/fields.ts'

export const backoff = z
  .strictObject({
    kind: z.enum(['fixed', 'exponential']).default('exponential'),
    delay: positiveDuration.prefault('1s').meta({ description: 'Before the second try' }),
    max: positiveDuration.prefault('1m').meta({ description: 'Exponential: no wait is longer' }),
    jitter: z.enum(['none', 'full', 'equal']).default('full').meta({
      description: 'full: anything up to the wait; equal: from half of it; none: all at once',
    }),
  })
  .meta({ description: 'Waits between tries; without it they follow at once' })

export function backoffOf(options: z.output<typeof backoff>): Backoff {
  const { kind, delay, max, jitter } = options
  return { kind, delayMs: delay, maxMs: max, jitter }
}

export const breaker = z
  .strictObject({
    failures: share.default(0.5).meta({ description: 'Opens at this share of failed calls' }),
    within: positiveDuration
      .prefault('10s')
      .meta({ description: 'of those that ended in this time' }),
    least: count.default(10).meta({ description: 'and of at least so many' }),
    open: duration.prefault('10s').meta({ description: 'Until one call is let through to see' }),
  })
  .meta({ description: 'Stops calling an upstream that mostly fails' })
export type BreakerOptions = z.output<typeof breaker>

export const retryBudget = z
  .strictObject({
    ratio: z
      .number()
      .min(0)
      .max(10)
      .default(0.1)
      .meta({ description: 'Second tries that each first one pays for' }),
    reserve: z
      .number()
      .min(0)
      .max(10_000)
      .default(10)
      .meta({ description: 'Tries that may be saved up' }),
  })
  .meta({ description: 'Tries again only as a share of first tries, each process for itself' })
export type RetryBudgetOptions = z.output<typeof retryBudget>
