// The drain between two timers: every chain that a timer wakes settles before virtual time moves on.
import { describe, expect, test } from 'vitest'
import { Random } from '../../../src/base/random.ts'
import { byImmediates, type Drain, perEvent, singleAwait, theClock } from './drains.ts'
import { expected, observe } from './settling.ts'
import { NODE_CHECKS } from './settling-node.ts'
import { PROMISE_CHECKS } from './settling-promises.ts'

const CHECKS = [...PROMISE_CHECKS, ...NODE_CHECKS]

test('there are 14 checks', () => {
  expect(new Set(CHECKS.map((check) => check.name)).size).toBe(14)
})

describe.each([theClock, byImmediates, perEvent])('$name settles', (drain) => {
  test.each(CHECKS)('$name', async (check) => {
    expect(await observe(drain, check)).toEqual(expected(check))
  })
})

// The checks must be able to fail: a drain that is known to be wrong fails nearly all of them.
describe('a single await between timers is caught by', () => {
  test.each(CHECKS)('$name', async (check) => {
    expect(await observe(singleAwait, check)).not.toEqual(expected(check))
  })
})

/** Loops that share a queue, wait for each other and race: their trace tells interleavings apart. */
async function traceOf(drain: Drain): Promise<string[]> {
  const clock = drain.create()
  const random = new Random(20_251_113)
  const trace: string[] = []
  const mailbox: string[] = []
  let knock = Promise.withResolvers<void>()
  const loop = async (name: string) => {
    for (let round = 0; round < 40; round++) {
      const draw = (what: string) => random.at(what, name, round)
      const slept = clock.sleep(Math.floor(draw('sleep') * 4))
      await (draw('race') < 0.3 ? Promise.race([slept, knock.promise]) : slept)
      for (let hops = Math.floor(draw('hops') * 12); hops > 0; hops--) await null
      if (draw('tick') < 0.2) await new Promise<void>((resolve) => process.nextTick(resolve))
      if (draw('knock') < 0.2) {
        knock.resolve()
        knock = Promise.withResolvers()
      }
      mailbox.push(name)
      trace.push(`${clock.nowUs} ${name}${round} of ${mailbox.length}, after ${mailbox.at(-2)}`)
      if (draw('take') < 0.5) mailbox.shift()
    }
  }
  for (const name of 'abcdefgh') void loop(name)
  await clock.run()
  return [...trace]
}

describe('the trace of interleaved loops', () => {
  test('is the same with the clock as with one setImmediate per timer', async () => {
    const trace = await traceOf(theClock)
    expect(trace).toHaveLength(320)
    expect(trace).toEqual(await traceOf(perEvent))
    expect(trace).toEqual(await traceOf(byImmediates))
  })

  test('is the same every time', async () => {
    expect(await traceOf(theClock)).toEqual(await traceOf(theClock))
  })

  test('differs with a single await between timers', async () => {
    expect(await traceOf(singleAwait)).not.toEqual(await traceOf(theClock))
  })
})

test.each([theClock, byImmediates, perEvent])(
  '$name: an unhandled rejection is reported at its own instant',
  async (drain) => {
    const clock = drain.create()
    const seen: string[] = []
    const others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    process.on('unhandledRejection', (error) => seen.push(`${error} at ${clock.nowUs}`))
    try {
      void clock.sleep(100).then(async () => {
        await null
        throw new Error('nobody looks')
      })
      clock.schedule(101, () => seen.push(`next timer at ${clock.nowUs}`), undefined)
      await clock.run()
    } finally {
      process.removeAllListeners('unhandledRejection')
      for (const listener of others) process.on('unhandledRejection', listener)
    }
    expect(seen).toEqual(['Error: nobody looks at 100', 'next timer at 101'])
  },
)
