// The fields that every schema shares: what they take, what it becomes, and what they say of the rest.
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import {
  distribution,
  duration,
  positiveDuration,
  rate,
  signedDuration,
} from '../../src/base/fields.ts'

/** What a schema makes of a value, or its complaints: of a union's branches, those in our own words. */
function outcome(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value)
  if (result.success) return { ok: result.data }
  return [
    ...new Set(
      result.error.issues.flatMap((i) => (i.code === 'invalid_union' ? inOurWords(i) : i.message)),
    ),
  ]
}

function inOurWords(union: z.core.$ZodIssueInvalidUnion): string[] {
  const found = union.errors.flat().flatMap((i) => {
    if (i.code === 'invalid_union') return inOurWords(i)
    return i.code === 'custom' ? [i.message] : []
  })
  const own = found.filter((message) => message !== union.message)
  return own.length > 0 ? own : [union.message]
}

const HOW = 'write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d'

const TIMES = { duration, positiveDuration, signedDuration, rate }

describe('times', () => {
  test.each<[keyof typeof TIMES, unknown, unknown]>([
    ['duration', '3h52m', { ok: 13_920_000 }],
    ['duration', 0, { ok: 0 }],
    ['duration', '0s', { ok: 0 }],
    ['duration', 5, ['Invalid input']],
    ['duration', '-5s', ['a duration cannot be negative here']],
    ['duration', '5 parsecs', [`'5 parsecs' has the unknown unit 'parsecs'; ${HOW}`]],
    ['positiveDuration', '1ms', { ok: 1 }],
    ['positiveDuration', '0s', ['a duration must be longer than zero here']],
    ['positiveDuration', '0.001ms', { ok: 0.001 }],
    [
      'positiveDuration',
      '0.0009ms',
      ['a duration must be at least 0.001ms here, the step of the clock'],
    ],
    ['positiveDuration', '-5s', ['a duration must be longer than zero here']],
    ['positiveDuration', '400d', [`'400d' is longer than a year; ${HOW}`]],
    ['signedDuration', '-15m5s', { ok: -905_000 }],
    ['signedDuration', '0s', ['an offset of zero changes nothing']],
    ['rate', '90/m', { ok: 1.5 }],
    ['rate', '12', ["'12' is not a rate; write 12/s, 90/m or 500/h"]],
  ])('%s of %j', (name, value, expected) => {
    expect(outcome(TIMES[name], value)).toEqual(expected)
  })
})

const lognormal = (ms: object) => ({ ok: { dist: 'lognormal', ...ms } })
const noLognormal = [
  'no lognormal has this mean and p99: p99 must be above the mean and at most 14.97 times it',
]

describe('a distribution', () => {
  test.each<[unknown, unknown]>([
    ['200ms', { ok: { dist: 'constant', value: 200 } }],
    ['0ms', { ok: { dist: 'constant', value: 0 } }],
    [{ dist: 'constant', value: '5ms' }, { ok: { dist: 'constant', value: 5 } }],
    [{ dist: 'uniform', min: 0, max: '1s' }, { ok: { dist: 'uniform', min: 0, max: 1_000 } }],
    [{ dist: 'exponential', mean: '1s' }, { ok: { dist: 'exponential', mean: 1_000 } }],
    [{ p50: '1s', p99: '2s' }, lognormal({ p50: 1_000, p99: 2_000 })],
    [{ dist: 'lognormal', p50: '1s', p99: '2s' }, lognormal({ p50: 1_000, p99: 2_000 })],
    [{ mean: '500ms', p99: '2s' }, lognormal({ mean: 500, p99: 2_000 })],
    [{ dist: 'lognormal', mean: '1s', p99: '14.9s' }, lognormal({ mean: 1_000, p99: 14_900 })],
    [
      { dist: 'empirical', values: ['1s', '2s', 0] },
      { ok: { dist: 'empirical', values: [1_000, 2_000, 0] } },
    ],
  ])('%j is accepted', (value, expected) => {
    expect(outcome(distribution, value)).toEqual(expected)
    const mixed = { dist: 'mix', of: [{ weight: 2, is: value }] }
    const { ok } = expected as { ok: unknown }
    expect(outcome(distribution, mixed)).toEqual({
      ok: { dist: 'mix', of: [{ weight: 2, is: ok }] },
    })
  })

  test.each<[unknown, string[]]>([
    ['-5ms', ['a time cannot be negative']],
    ['5 parsecs', [`'5 parsecs' has the unknown unit 'parsecs'; ${HOW}`]],
    [{ p50: '1s', p99: '1s' }, ['p99 must be above p50']],
    [{ dist: 'lognormal', p50: '3s', p99: '2s' }, ['p99 must be above p50']],
    [{ mean: '1s', p99: '15s' }, noLognormal],
    [{ mean: '1s', p99: '14.98s' }, noLognormal],
    [{ mean: '1s', p99: '1s' }, noLognormal],
    [{ dist: 'lognormal', mean: '1s', p99: '15s' }, noLognormal],
    [{ dist: 'uniform', min: '2s', max: '1s' }, ['max must be above min']],
    [{ dist: 'exponential', mean: '0s' }, ['a duration must be longer than zero here']],
    [{ dist: 'empirical' }, ['needs `file` (one duration a line) or `values`']],
    [{ p50: '1s', p99: '2s', extra: 1 }, ['Unrecognized key: "extra"']],
    [{ dist: 'mix', of: [] }, ['Too small: expected array to have >=1 items']],
    [{ dist: 'mix', of: [{ weight: 0, is: '5ms' }] }, ['Too small: expected number to be >0']],
    [{ dist: 'mix', of: [{ weight: 1, is: { p50: '2s', p99: '1s' } }] }, ['p99 must be above p50']],
    [{ dist: 'gaussian', mean: '1s' }, ['Invalid input']],
    [null, ['Invalid input']],
  ])('%j is refused', (value, expected) => {
    expect(outcome(distribution, value)).toEqual(expected)
  })
})

test('the largest p99 that a mean can have is accepted', () => {
  expect(outcome(distribution, { mean: '1s', p99: '14.96s' })).toEqual(
    lognormal({ mean: 1_000, p99: 14_960 }),
  )
})
