// The judge: thresholds and fingerprint, against what the scenario asserts and expects.
import { describe, expect, test } from 'vitest'
import type { Judged } from '../../src/run/result.ts'
import { alert, breached, type Expect, held, judged, unmeasured } from './judged.ts'

describe('thresholds', () => {
  test('that hold pass', () => {
    expect(judged()).toEqual({ verdict: 'pass', outcome: 'held', reasons: [] })
  })

  test('that are breached fail', () => {
    expect(judged({ thresholds: [held, breached] })).toEqual({
      verdict: 'fail',
      outcome: 'breached',
      reasons: ['item_lost rate<0.01: breached, observed 50.00 %'],
    })
  })

  test('without samples are inconclusive, never met', () => {
    expect(judged({ thresholds: [held, unmeasured] })).toEqual({
      verdict: 'inconclusive',
      outcome: 'held',
      reasons: ['item_lost rate<0.01: nothing was measured'],
    })
  })

  test('a breach outweighs what was not measured, and all is said', () => {
    expect(judged({ thresholds: [unmeasured, breached] })).toMatchObject({
      verdict: 'fail',
      reasons: [
        'item_lost rate<0.01: breached, observed 50.00 %',
        'item_lost rate<0.01: nothing was measured',
      ],
    })
  })

  test('none, and nothing else asserted, is inconclusive', () => {
    expect(judged({ thresholds: [] })).toMatchObject({
      verdict: 'inconclusive',
      reasons: [expect.stringMatching(/^nothing is asserted/)],
    })
    expect(judged({ thresholds: [], alerts: [{ ...alert, expect: null }] }).verdict).toBe(
      'inconclusive',
    )
    expect(judged({ thresholds: [], alerts: [alert] }).verdict).toBe('pass')
    // A fingerprint that is not judged asserts nothing.
    expect(judged({ thresholds: [], fingerprint: [held] }).verdict).toBe('inconclusive')
  })
})

describe('an expected breach', () => {
  const wanted = { breach: ['item_lost'] }

  test('that happens is the incident, reproduced', () => {
    expect(judged({ expect: wanted, thresholds: [breached] })).toEqual({
      verdict: 'pass',
      outcome: 'breached',
      reasons: [],
    })
  })

  test('that does not happen fails', () => {
    expect(judged({ expect: wanted })).toMatchObject({
      verdict: 'fail',
      reasons: ['incident did not reproduce: item_lost held'],
    })
  })

  test('of which nothing was measured is inconclusive, not missed', () => {
    expect(judged({ expect: wanted, thresholds: [unmeasured] })).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['item_lost rate<0.01: nothing was measured'],
    })
  })

  test('does not excuse another', () => {
    const other = { ...breached, metric: 'item_failed' }
    expect(judged({ expect: wanted, thresholds: [breached, other] })).toMatchObject({
      verdict: 'fail',
      reasons: ['item_failed rate<0.01: breached, observed 50.00 %'],
    })
  })

  test('is there when one of its expressions is breached', () => {
    expect(judged({ expect: wanted, thresholds: [held, breached] }).verdict).toBe('pass')
  })
})

describe('the fingerprint', () => {
  const print = (ok: boolean | null): Judged[] => [
    { metric: 'attempts', expr: 'rate>0.9', observed: ok === null ? null : 0.5, ok },
  ]
  const wanted = { breach: ['item_lost'] }
  const baseline = (ok: boolean | null, more: Expect = {}) =>
    judged({ expect: { ...wanted, ...more }, thresholds: [breached], fingerprint: print(ok) })

  test('is judged where a breach is expected', () => {
    expect(baseline(true)).toMatchObject({ verdict: 'pass', reasons: [] })
    expect(baseline(false)).toMatchObject({
      verdict: 'fail',
      reasons: ['fingerprint missed: attempts rate>0.9, observed 50.00 %'],
    })
    expect(baseline(null)).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['fingerprint attempts rate>0.9: nothing was measured'],
    })
  })

  test('is information elsewhere', () => {
    for (const ok of [true, false, null])
      expect(judged({ fingerprint: print(ok) })).toMatchObject({ verdict: 'pass', reasons: [] })
  })

  test('of a candidate that the facts refute has to be missed', () => {
    const refuted = { fingerprint: 'missed' } as const
    expect(baseline(false, refuted)).toMatchObject({ verdict: 'pass', reasons: [] })
    expect(baseline(true, refuted)).toMatchObject({
      verdict: 'fail',
      reasons: ['the fingerprint was expected to be missed and was met'],
    })
    expect(judged({ expect: refuted, fingerprint: print(false) }).verdict).toBe('pass')
    expect(baseline(null, refuted)).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['fingerprint attempts rate>0.9: nothing was measured'],
    })
    // One of two that is missed refutes it.
    expect(
      judged({ expect: refuted, fingerprint: [...print(true), ...print(false)] }).verdict,
    ).toBe('pass')
  })
})
