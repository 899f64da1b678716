// What every world promises its hosts of time: one that advances, sleeps that are never short, skews that only the wall shows.
import { afterAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/worlds/world.ts'
import { inject, type Main, withoutTimes } from '../run/play.ts'
import { arms, type Contract } from './arms.ts'

/** The wall's lead over the run's own time, in whole seconds. */
const leadSeconds = (clock: Clock) =>
  Math.round((clock.now() - Date.UTC(2025, 0, 1) - clock.monotonic()) / 1_000)

const sleeping: Main = async ({ clock }, tell) => {
  for (const ms of [0, 1, 40, 250]) {
    const sinceMs = clock.monotonic()
    await clock.sleep(ms)
    tell(`${ms}: ${clock.monotonic() - sinceMs >= ms ? 'slept' : 'woken early'}`)
  }
  await clock.sleep(-5)
  tell('a time that has gone is over at once')
}

const racing: Main = async ({ clock }, tell) => {
  await Promise.all(
    [600, 200, 400].map(async (ms) => {
      await clock.sleep(ms)
      tell(String(ms))
    }),
  )
}

const watching: Main = async ({ clock }, tell) => {
  for (const atMs of [500, 2_000, 4_500]) {
    await clock.sleep(atMs - clock.monotonic())
    tell(`ahead ${leadSeconds(clock)} s`)
  }
}

const bodies: Readonly<Record<string, Contract & { readonly expected: readonly string[] }>> = {
  'no sleep is short': {
    hosts: { host: sleeping },
    forMs: 1_500,
    expected: [
      ...['0', '1', '40', '250'].map((ms) => `host: ${ms}: slept`),
      'host: a time that has gone is over at once',
    ],
  },
  'who sleeps less is up first': {
    hosts: { host: racing },
    forMs: 1_500,
    expected: ['host: 200', 'host: 400', 'host: 600'],
  },
  'a skew shows on the wall, while it lasts, and moves nothing else': {
    hosts: { host: watching },
    faults: [inject(1_000, 4_000, { kind: 'clock.skew', host: 'host', offset: '-8h' })],
    forMs: 5_500,
    expected: ['host: ahead 0 s', 'host: ahead -28800 s', 'host: ahead 0 s'],
  },
  'a skew is of one host alone': {
    hosts: { one: watching, two: watching },
    faults: [inject(1_000, 4_000, { kind: 'clock.skew', host: 'two', offset: '90s' })],
    forMs: 5_500,
    expected: [
      ...['one: ahead 0 s', 'two: ahead 0 s'],
      ...['one: ahead 0 s', 'two: ahead 90 s'],
      ...['one: ahead 0 s', 'two: ahead 0 s'],
    ],
  },
  'who sleeps when its host dies never wakes; its next life does': {
    hosts: {
      host: async ({ clock }, tell) => {
        tell(clock.monotonic() < 1_000 ? 'first life' : 'second life')
        await clock.sleep(2_000)
        tell('awake')
      },
    },
    faults: [inject(1_000, 2_500, { kind: 'host.crash', host: 'host' })],
    forMs: 5_500,
    expected: ['host: first life', 'host: second life', 'host: awake'],
  },
  'who sleeps on a paused host wakes when it goes on': {
    hosts: {
      host: async ({ clock }, tell) => {
        await clock.sleep(1_000)
        tell(clock.monotonic() >= 2_500 ? 'awake afterwards' : 'awake meanwhile')
      },
    },
    faults: [inject(500, 2_500, { kind: 'host.pause', host: 'host' })],
    forMs: 4_000,
    expected: ['host: awake afterwards'],
  },
}

describe.each(arms)('in $name', (arm) => {
  afterAll(() => arm.close?.())
  for (const [title, { expected, ...contract }] of Object.entries(bodies))
    test(title, { timeout: 60_000 }, async () => {
      const told = withoutTimes((await arm.play(contract)).told)
      // Which of two hosts comes first at one time is nobody's promise.
      const hosts = Object.keys(contract.hosts)
      const of = (lines: readonly string[], host: string) =>
        lines.filter((line) => line.startsWith(`${host}: `))
      for (const host of hosts) expect(of(told, host)).toEqual(of(expected, host))
      expect(told).toHaveLength(expected.length)
    })
})
