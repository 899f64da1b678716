// Durations and rates as people write them, and as they are shown to people.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  DURATION_PATTERN,
  formatDuration,
  LONGEST_MS,
  RATE_PATTERN,
  readDuration,
  readRate,
} from '../../src/base/units.ts'

describe('a duration', () => {
  test.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['2d', 172_800_000],
    ['1.5s', 1_500],
    ['0.25ms', 0.25],
    ['0s', 0],
    ['3h52m', 13_920_000],
    ['1h30m', 5_400_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['5m25.5s', 325_500],
    [' 5m ', 300_000],
    ['-3h52m', -13_920_000],
    ['-500ms', -500],
    ['366d', LONGEST_MS],
  ])('%j is %d ms', (text, ms) => {
    expect(readDuration(text)).toEqual({ ok: ms })
    expect(text.trim()).toMatch(new RegExp(DURATION_PATTERN))
  })

  test.each([
    ['10sec', "'10sec' has the unknown unit 'sec'"],
    ['5 parsecs', "'5 parsecs' has the unknown unit 'parsecs'"],
    ['5M', "'5M' has the unknown unit 'M'"],
    ['1.5µs', "'1.5µs' has the unknown unit 'µs'"],
    ['-2weeks', "'-2weeks' has the unknown unit 'weeks'"],
    ['1h30x', "'1h30x' has the unknown unit 'x'"],
    // These units are known: what is wrong is something else.
    ['5 m', "'5 m' is not a duration"],
    ['1h 30m', "'1h 30m' is not a duration"],
    ['1h30', "'1h30' is not a duration"],
    ['5', "'5' is not a duration"],
    ['', "'' is not a duration"],
    ['-', "'-' is not a duration"],
    ['--5m', "'--5m' is not a duration"],
    ['.5s', "'.5s' is not a duration"],
    ['soon', "'soon' is not a duration"],
    ['367d', "'367d' is longer than a year"],
    ['-367d', "'-367d' is longer than a year"],
  ])('%j is refused', (text, problem) => {
    expect(readDuration(text)).toEqual({
      problem: `${problem}; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d`,
    })
  })

  test('is the sum of its parts', () => {
    const unit = fc.constantFrom(['ms', 1], ['s', 1_000], ['m', 60_000], ['h', 3_600_000] as const)
    const parts = fc.array(fc.tuple(fc.nat(999), unit), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(parts, (of) => {
        const text = of.map(([many, [name]]) => `${many}${name}`).join('')
        expect(readDuration(text)).toEqual({
          ok: of.reduce((sum, [many, [, ms]]) => sum + many * Number(ms), 0),
        })
      }),
    )
  })
})

describe('a rate', () => {
  test.each([
    ['12/s', 12],
    ['90/m', 1.5],
    ['500/h', 500 / 3_600],
    ['1/d', 1 / 86_400],
    ['2/ms', 2_000],
    ['0.5/s', 0.5],
    ['1000/ms', 1_000_000],
  ])('%j is %d a second', (text, perSecond) => {
    expect(readRate(text)).toEqual({ ok: perSecond })
    expect(text).toMatch(new RegExp(RATE_PATTERN))
  })

  test.each([
    ['12', "'12' is not a rate; write 12/s, 90/m or 500/h"],
    ['12/sec', "'12/sec' is not a rate; write 12/s, 90/m or 500/h"],
    ['-1/s', "'-1/s' is not a rate; write 12/s, 90/m or 500/h"],
    ['0/s', "'0/s' is not a positive rate; write 12/s, 90/m or 500/h"],
    ['1001/ms', "'1001/ms' is more than a million a second"],
  ])('%j is refused', (text, problem) => {
    expect(readRate(text)).toEqual({ problem })
  })
})

describe('a duration for people', () => {
  test.each([
    [0, '0s'],
    [0.25, '0.25ms'],
    [1.2345, '1.23ms'],
    [250, '250ms'],
    [1_500, '1.5s'],
    [5_250, '5.25s'],
    [12_345, '12.3s'],
    [60_000, '1m'],
    [325_000, '5m25s'],
    [3_600_000, '1h'],
    [13_920_000, '3h52m'],
    [90_000_000, '1d1h'],
    [-13_920_000, '-3h52m'],
    // Rounding carries into the next unit.
    [999.9, '1s'],
    [9_999, '10s'],
    [59_999, '1m'],
    [3_599_999, '1h'],
    [86_399_999, '1d'],
    [172_799_999, '2d'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  test('reads back to what it shows, within what it shows', () => {
    const exponent = fc.double({ min: -2, max: Math.log10(LONGEST_MS), noNaN: true })
    fc.assert(
      fc.property(exponent, fc.boolean(), (e, negative) => {
        const ms = (negative ? -1 : 1) * 10 ** e
        const text = formatDuration(ms)
        const read = readDuration(text)
        const back = 'ok' in read ? read.ok : Number.NaN
        expect(formatDuration(back)).toBe(text)
        expect(Math.abs(back - ms)).toBeLessThanOrEqual(Math.abs(ms) / 40)
        expect(text).toMatch(/^-?[\d.]+(ms|s|m|h|d)(\d+(s|m|h))?$/)
      }),
      { numRuns: 2_000 },
    )
  })
})
