// Virtual users: each waits for its item before it offers the next.
import { describe, expect, test } from 'vitest'
import { closed } from '../../src/load/closed.ts'
import { playLoad, timesOf } from './offers.ts'

describe('closed', () => {
  const options = { users: 5, think: { dist: 'exponential', mean: '300ms' }, for: '1m' }

  test('never more items open than users, each waiting for its own', () => {
    const { offers, mostOpen } = playLoad(closed, options, { endsAfterMs: (n) => (n % 7) * 150 })
    expect(mostOpen).toBe(5)
    expect(offers.length).toBeGreaterThan(200)
    expect(offers.every(({ intendedMs, atMs }) => intendedMs === atMs && atMs < 60_000)).toBe(true)
  })

  test('a slow system is offered less: the users wait for it', () => {
    const count = (workMs: number) =>
      playLoad(closed, { ...options, think: '1s' }, { endsAfterMs: () => workMs }).offers.length
    // 5 users, one item for each think time and work time, the first at 0.
    expect([count(0), count(1_000), count(4_000)]).toEqual([300, 150, 60])
  })

  test('users that do not think still let time pass', () => {
    const { offers } = playLoad(
      closed,
      { users: 1, think: '0ms', for: '1s' },
      { endsAfterMs: () => 250 },
    )
    expect(offers.map(({ atMs }) => Math.floor(atMs))).toEqual([0, 250, 500, 750])
  })

  test('start spread over the ramp-up', () => {
    const { offers } = playLoad(closed, { users: 4, rampUp: '8s', think: '1h', for: '10s' })
    expect(timesOf({ offers } as never)).toEqual([0, 2_000, 4_000, 6_000])
  })

  test('whose item is not taken think, and try again', () => {
    const { offers } = playLoad(
      closed,
      { users: 1, think: '1s', for: '5s' },
      { isTaken: (atMs) => atMs >= 2_500 },
    )
    expect(offers.map(({ atMs }) => atMs)).toEqual([3_000, 4_000])
  })

  test('whose item is refused at once has still waited for a round trip', () => {
    const options = { users: 1, think: '0s', for: '5ms' }
    const refused = playLoad(closed, options, { endsAfterMs: () => 0 })
    expect(refused.offers.map(({ atMs }) => atMs)).toEqual([0, 1, 2, 3, 4])
    const notTaken = playLoad(closed, options, { isTaken: (atMs) => atMs >= 3 })
    expect(notTaken.offers.map(({ atMs }) => Math.floor(atMs))).toEqual([3, 4])
  })

  test('one that waits for ever offers nothing more', () => {
    const { offers } = playLoad(
      closed,
      { users: 2, think: '1s', for: '5s' },
      { endsAfterMs: (n) => (n === 0 ? 1e9 : 0) },
    )
    expect(offers.map(({ atMs }) => atMs)).toEqual([0, 0, 1_000, 2_000, 3_000, 4_000])
  })
})
