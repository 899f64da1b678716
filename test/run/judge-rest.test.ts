// The judge: alerts, and items that are left.
import { describe, expect, test } from 'vitest'
import { INTERRUPTED } from '../../src/run/judge.ts'
import { alert, breached, items, judged } from './judged.ts'

describe('alerts', () => {
  test('that do as expected pass, and else fail with what they did', () => {
    const late = { ...alert, expect: 'fires within 180 s', firedAtMs: 200_400, ok: false }
    const silent = { ...alert, expect: 'fires within 180 s', ok: false }
    const fired = { ...alert, firedAtMs: 61_000, ok: false }
    expect(
      judged({
        alerts: [alert, { ...alert, expect: 'fires within 180 s', firedAtMs: 5, ok: true }],
      }).verdict,
    ).toBe('pass')
    expect(judged({ alerts: [late, silent, fired] })).toMatchObject({
      verdict: 'fail',
      reasons: [
        'alert A: expected fires within 180 s, it fired at 200 s',
        'alert A: expected fires within 180 s, it never fired',
        'alert A: expected never, it fired at 61 s',
      ],
    })
  })

  test('that could not be judged are inconclusive where something was expected of them', () => {
    expect(judged({ alerts: [{ ...alert, ok: null }] })).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['alert A: nothing to judge it by'],
    })
    expect(judged({ alerts: [{ ...alert, expect: null, ok: null }] }).verdict).toBe('pass')
  })
})

test('what the assertions could not see is no pass, and of a run cut short not said', () => {
  const unseen = ['all but 1 of the items had ended before fault cut, at 5m']
  expect(judged({ unseen })).toMatchObject({ verdict: 'inconclusive', reasons: unseen })
  expect(judged({ unseen, interrupted: true }).reasons).toEqual([INTERRUPTED])
})

describe('items', () => {
  const left = { ...items, succeeded: 97, pending: 3 }

  test('left pending fail the run, unless they are allowed', () => {
    expect(judged({ items: left })).toMatchObject({
      verdict: 'fail',
      reasons: ['3 items were still pending when the run had settled'],
    })
    expect(judged({ items: left, pending: 'allowed' }).verdict).toBe('pass')
  })

  test('left pending of the warm-up do too, though nothing else of it counts', () => {
    expect(judged({ items: left, pendingInWarmup: 2 })).toMatchObject({
      verdict: 'fail',
      reasons: ['5 items were still pending when the run had settled, 2 of them from the warm-up'],
    })
    expect(judged({ pendingInWarmup: 2 }).verdict).toBe('fail')
    expect(judged({ pendingInWarmup: 2, pending: 'allowed' }).verdict).toBe('pass')
  })

  test('of a run that was interrupted are no verdict', () => {
    expect(judged({ items: left, interrupted: true })).toMatchObject({
      verdict: 'inconclusive',
      reasons: [INTERRUPTED],
    })
    expect(judged({ interrupted: true, thresholds: [breached] }).verdict).toBe('inconclusive')
  })

  test('none at all are none', () => {
    expect(judged({ items: { ...items, offered: 0, succeeded: 0 } })).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['no item was offered'],
    })
  })

  test('that could not be offered are another load than the one asked for', () => {
    expect(judged({ dropped: 1 }).verdict).toBe('pass')
    expect(judged({ dropped: 2 })).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['2 items were due but could not be offered'],
    })
  })
})
