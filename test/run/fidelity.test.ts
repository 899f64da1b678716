// When the two worlds agree: verdicts, shares of fates and of failures that are not rare, faults that did something.
import { describe, expect, test } from 'vitest'
import { fidelityOf } from '../../src/run/fidelity.ts'
import type { Environment, Items, RunResult } from '../../src/run/result.ts'
import { result } from '../reporters/result.ts'

const OFFERED = 1_000

function items(fates: Partial<Items>): Items {
  const none = { failed: 0, skipped: 0, rejected: 0, discarded: 0, pending: 0, duplicates: 0 }
  const lost = Object.values(fates).reduce((sum, n) => sum + n, 0)
  return { offered: OFFERED, succeeded: OFFERED - lost, ...none, ...fates }
}

function failed(...counts: readonly [klass: string, count: number][]): Partial<RunResult> {
  const sum = counts.reduce((total, [, count]) => total + count, 0)
  const failures = counts.map(([klass, count]) => ({
    fate: 'failed',
    stage: 'fetch',
    class: klass,
    count,
  }))
  return { items: items({ failed: sum }), failures }
}

const environment = (
  unfit: readonly string[] = [],
  capacityTaken: Environment['capacityTaken'] = {},
): Environment => ({
  speed: 10,
  parts: { objects: 'binary, MinIO' },
  unfit,
  lagP99Ms: { main: 1, interposers: 1 },
  sendLatenessP99Ms: 1,
  ownLatency: {},
  capacityTaken,
})

function compared(virtual: Partial<RunResult>, real: Partial<RunResult>) {
  const { agrees, verdictsEqual, sharesEqual, reasons } = fidelityOf(
    [result(virtual)],
    [result({ world: 'real', environment: environment(), ...real })],
  )
  return { agrees, verdictsEqual, sharesEqual, reasons }
}

const equal = { agrees: true, verdictsEqual: true, sharesEqual: true, reasons: [] }

describe('the worlds agree', () => {
  test('where verdicts and failures are the same', () => {
    expect(compared(failed(['http-404', 50]), failed(['http-404', 50]))).toEqual(equal)
  })

  test('within two points', () => {
    expect(compared(failed(['http-404', 50]), failed(['http-404', 70]))).toEqual(equal)
  })

  test('though one has rare failures that the other has not', () => {
    expect(compared({ items: items({}) }, failed(['reset', 9]))).toEqual(equal)
  })
})

describe('the worlds differ', () => {
  test('in a verdict, and say why each came to its own', () => {
    const reasons = ['item_lost rate<0.01: breached, observed 0.3']
    expect(compared({}, { verdict: 'fail', reasons })).toEqual({
      agrees: false,
      verdictsEqual: false,
      sharesEqual: true,
      reasons: [
        'seed 1: pass in the virtual world, fail (item_lost rate<0.01: breached, observed 0.3) in the real one',
      ],
    })
  })

  test('in a verdict that is open in one of them, though that world kept up', () => {
    const { agrees, verdictsEqual } = compared({}, { verdict: 'inconclusive', reasons: [] })
    expect([agrees, verdictsEqual]).toEqual([false, false])
  })

  test('by more than two points, or in the class of what failed', () => {
    const said = 'of the items in the virtual world'
    expect(compared(failed(['http-404', 50]), failed(['http-404', 71])).reasons).toEqual([
      `succeeded: 95.00 % ${said}, 92.90 % in the real one`,
      `failed: 5.00 % ${said}, 7.10 % in the real one`,
      `failed at fetch: http-404: 5.00 % ${said}, 7.10 % in the real one`,
    ])
    expect(compared(failed(['http-404', 50]), failed(['reset', 50])).reasons).toEqual([
      `failed at fetch: http-404: 5.00 % ${said}, 0.00 % in the real one`,
      `failed at fetch: reset: 0.00 % ${said}, 5.00 % in the real one`,
    ])
  })

  test('where a fault did something in one of them only', () => {
    const fault = (touched: number) => ({
      faults: [
        {
          kind: 'hang',
          describe: '',
          atMs: 0,
          forMs: 1,
          times: 1,
          touched,
          mayMiss: true,
          evidence: {},
        },
      ],
    })
    expect(compared(fault(3), fault(0)).reasons).toEqual([
      'hang touched 3 in the virtual world, 0 in the real one',
    ])
  })
})

test('a world that could not keep up tells nothing', () => {
  const real = { verdict: 'inconclusive' as const, environment: environment(['too slow']) }
  expect(compared({}, real)).toMatchObject({ agrees: null, reasons: ['seed 1: too slow'] })
})

describe('a host that lacked capacity', () => {
  const lacked = (share: number) => ({ environment: environment([], { service: share }) })
  const [at50, at110] = [failed(['http-503', 50]), failed(['http-503', 110])]

  test('leaves open what differs by no more than that, and says so first', () => {
    const found = compared(at50, { ...at110, ...lacked(0.05) })
    expect(found).toMatchObject({ agrees: null, sharesEqual: false })
    expect(found.reasons[0]).toMatch(/^service lacked 5\.0 % of its capacity/)
    expect(found.reasons[1]).toMatch(/^succeeded: 95\.00 %/)
  })

  test.each([
    ['a difference beyond that', lacked(0.03), at110],
    ['what was too little to count', lacked(0.02), failed(['http-503', 75])],
  ])('does not excuse %s', (_, real, losses) => {
    expect(compared(at50, { ...losses, ...real }).agrees).toBe(false)
  })

  test('does not excuse a fault that did nothing, nor spoil what agrees', () => {
    const fault = { kind: 'hang', describe: '', atMs: 0, forMs: 1, times: 1, mayMiss: true }
    const touched = (times: number) => ({ faults: [{ ...fault, touched: times, evidence: {} }] })
    expect(compared(touched(3), { ...touched(0), ...lacked(0.5) }).agrees).toBe(false)
    expect(compared(at50, { ...at50, ...lacked(0.5) })).toEqual(equal)
  })
})
