// How a run of the virtual clock ends: out of timers, stopped, by an error, or for want of progress.
import { describe, expect, test } from 'vitest'
import { AftershockError, ExitCode } from '../../../src/base/errors.ts'
import { VirtualClock } from '../../../src/worlds/virtual/clock.ts'

describe('livelock', () => {
  const until = (clock: VirtualClock, atUs: number, times: number) => {
    const again = () => {
      if (--times > 0) clock.schedule(atUs, again, undefined)
    }
    clock.schedule(atUs, again, undefined)
  }

  test('more than a million events at one instant end the run, and say so', async () => {
    const clock = new VirtualClock()
    until(clock, 2_500, Number.POSITIVE_INFINITY)
    const error = await clock.run().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AftershockError)
    expect({ ...(error as AftershockError), message: (error as Error).message }).toEqual({
      name: 'AftershockError',
      code: 'livelock',
      exitCode: ExitCode.userCode,
      message: 'time stands still at 2.5 ms: more than 1,000,000 events at one instant',
      hint: 'Some loop sleeps for 0 ms: give each round of it a duration.',
    })
    expect(ExitCode.userCode).toBe(107)
  })

  test('the count begins anew with each instant', async () => {
    const clock = new VirtualClock()
    until(clock, 1, 550_000)
    until(clock, 2, 550_000)
    await clock.run()
    expect(clock.fired).toBe(1_100_000)
  })
})

describe('a run ends', () => {
  test('at once when nothing is scheduled', async () => {
    const clock = new VirtualClock()
    await clock.run()
    expect([clock.nowUs, clock.fired]).toEqual([0, 0])
  })

  test('with the error that a callback throws, and nothing fires after it', async () => {
    const clock = new VirtualClock()
    const broken = new Error('broken')
    clock.schedule(
      1,
      () => {
        throw broken
      },
      undefined,
    )
    clock.schedule(2, () => {}, undefined)
    await expect(clock.run()).rejects.toBe(broken)
    await new Promise((resolve) => setImmediate(resolve))
    expect([clock.fired, clock.pending]).toEqual([1, 1])
  })

  test('where a callback stops it; run() goes on from there', async () => {
    const clock = new VirtualClock()
    const fired: number[] = []
    for (let i = 0; i < 1_000; i++) clock.schedule(i, (n) => fired.push(n), i)
    clock.schedule(9, () => clock.stop(), undefined)
    await clock.run()
    await new Promise((resolve) => setImmediate(resolve))
    expect([clock.nowUs, fired.length, clock.pending]).toEqual([9, 10, 990])
    await clock.run()
    expect(fired).toEqual(Array.from({ length: 1_000 }, (_, i) => i))
  })
})
