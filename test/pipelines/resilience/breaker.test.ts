// The circuit breaker and the retry budget, call by call.
import { describe, expect, test } from 'vitest'
import { Breaker } from '../../../src/pipelines/resilience/breaker.ts'
import { RetryBudget } from '../../../src/pipelines/resilience/retry-budget.ts'

describe('a breaker', () => {
  const options = { failures: 0.5, within: 10_000, least: 4, open: 5_000 }

  function breaker() {
    let nowMs = 0
    const one = new Breaker(options, () => nowMs)
    return {
      one,
      at(ms: number) {
        nowMs = ms
        return one
      },
    }
  }

  test('opens at its share of failures, and not before there are enough calls', () => {
    const { one } = breaker()
    for (const isOk of [false, false, true]) one.ended(isOk)
    expect(one.allows()).toBe(true)
    one.ended(true)
    expect(one.isOpen).toBe(false)
    one.ended(false)
    expect([one.isOpen, one.allows()]).toEqual([true, false])
  })

  test('forgets what is older than it looks back', () => {
    const { at } = breaker()
    for (let i = 0; i < 3; i++) at(0).ended(false)
    at(11_000).ended(false)
    expect(at(11_000).isOpen).toBe(false)
    for (const ms of [12_000, 13_000, 14_000]) at(ms).ended(false)
    expect(at(14_000).isOpen).toBe(true)
  })

  test('lets one call through to see, and opens again or closes by how that ends', () => {
    const { at } = breaker()
    for (let i = 0; i < 4; i++) at(1_000).ended(false)
    expect(at(5_999).allows()).toBe(false)
    expect([at(6_000).allows(), at(6_000).allows()]).toEqual([true, false])
    at(7_000).ended(false)
    expect([at(11_999).allows(), at(12_000).allows()]).toEqual([false, true])
    at(12_500).ended(true)
    expect([at(12_500).isOpen, at(12_500).allows()]).toEqual([false, true])
    // What came before is forgotten: four more are needed.
    for (let i = 0; i < 3; i++) at(12_600).ended(false)
    expect(at(12_600).isOpen).toBe(false)
  })

  test('of calls from before it opened it learns nothing more', () => {
    const { at } = breaker()
    for (let i = 0; i < 4; i++) at(0).ended(false)
    at(100).ended(true)
    expect(at(100).isOpen).toBe(true)
  })
})

describe('a retry budget', () => {
  test('allows what is saved up, then a share of the first tries', () => {
    const budget = new RetryBudget({ ratio: 0.1, reserve: 2 })
    expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false])
    const spent = Array.from({ length: 40 }, () => {
      budget.firstTry()
      return budget.spend()
    })
    expect(spent.filter((one) => one)).toHaveLength(4)
  })

  test('saves up no more than its reserve', () => {
    const budget = new RetryBudget({ ratio: 1, reserve: 3 })
    for (let i = 0; i < 100; i++) budget.firstTry()
    const spent = Array.from({ length: 10 }, () => budget.spend())
    expect(spent.filter((one) => one)).toHaveLength(3)
  })
})
