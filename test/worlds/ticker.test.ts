// Loops that keep time, whatever they do at each tick.
import { expect, test } from 'vitest'
import { Ticker } from '../../src/worlds/ticker.ts'

function stopwatch() {
  let nowMs = 100
  const slept: number[] = []
  const pass = (ms: number) => {
    nowMs += ms
  }
  const clock = {
    now: () => nowMs,
    monotonic: () => nowMs,
    sleep(ms: number) {
      slept.push(ms)
      pass(ms)
      return Promise.resolve()
    },
  }
  return { clock, slept, pass }
}

test('what is done at a tick takes nothing off the next', async () => {
  const { clock, slept, pass } = stopwatch()
  const ticker = new Ticker(clock, 30, 7)
  for (const took of [5, 0, 12]) {
    await ticker.next()
    pass(took)
  }
  await ticker.next()
  expect(slept).toEqual([7, 25, 30, 18])
  expect(clock.now()).toBe(100 + 7 + 3 * 30)
})

test('a tick that is past comes at once, and those that were missed never', async () => {
  const { clock, slept, pass } = stopwatch()
  const ticker = new Ticker(clock, 30)
  await ticker.next()
  pass(100)
  await ticker.next()
  await ticker.next()
  expect(slept).toEqual([30, 0, 30])
})

test('ticks that are left out take their times with them', async () => {
  const { clock, slept, pass } = stopwatch()
  const ticker = new Ticker(clock, 30, 7)
  ticker.skip()
  pass(50)
  ticker.skip()
  await ticker.next()
  await ticker.next()
  // Due after 7, 37, 67, 97.
  expect(slept).toEqual([17, 30])
})

test('begun anew, the next is a whole period away', async () => {
  const { clock, slept, pass } = stopwatch()
  const ticker = new Ticker(clock, 30)
  pass(10)
  ticker.restart()
  await ticker.next()
  expect(slept).toEqual([30])
})
