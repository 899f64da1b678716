// The virtual network where a server is busy: full backlogs, and callers that gave up or died.
import { describe, expect, test } from 'vitest'
import type { Capacity, Timeouts } from '../../../src/worlds/world.ts'
import { caller, server } from '../../run/asking.ts'
import { ended, type Main, play, withoutTimes } from '../../run/play.ts'

const told = async (hosts: Readonly<Record<string, Main>>, more = {}) =>
  (await play({ hosts, routes: ['ask'], ...more })).told

const nobody: Capacity = { concurrency: 1, backlog: 0 }

describe('a full backlog', () => {
  const many = (n: number, timeouts: Timeouts): Record<string, Main> =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`client-${i}`, caller(timeouts)]))

  test('connections are tried again after 1 s, then 2, then 4', async () => {
    const late: Main = async (host, tell) => {
      await host.clock.sleep(1_000)
      tell(await ended(host.http.call('server', 'ask', { timeouts: { connectMs: 60_000 } })))
    }
    // Busy until 5 s; the tries are at 1, 2, 4 and 8 s.
    const lines = await told({ server: server(5_000, nobody), first: caller({}), late })
    expect(withoutTimes(lines)).toEqual(['server: done', 'first: 200', 'server: done', 'late: 200'])
    const atMs = Number.parseInt(lines.at(-1) ?? '', 10)
    expect(atMs).toBeGreaterThanOrEqual(13_000)
    expect(atMs).toBeLessThan(13_020)
  })

  test('a connection that is not accepted in time is a connect-timeout', async () => {
    const lines = await told({ server: server(5_000, nobody), ...many(2, { connectMs: 2_500 }) })
    expect(withoutTimes(lines).sort()).toEqual(
      ['client-0: 200', 'client-1: connect-timeout', 'server: done'].sort(),
    )
  })

  test('so many wait, in the order of their arrival', async () => {
    const { world, told } = await play({
      hosts: {
        server: server(1_000, { concurrency: 2, backlog: 3 }),
        ...many(5, { connectMs: 500 }),
      },
      routes: ['ask'],
    })
    expect(withoutTimes(told).filter((line) => line.endsWith('200'))).toHaveLength(5)
    const { busy, queue } = world.recorder.part('server').summary({})
    expect([busy.max, queue.max]).toEqual([2, 3])
  })
})

describe('a caller that gave up', () => {
  const first = caller({ totalMs: 1_000 })
  const second: Main = async (host, tell) => {
    await host.clock.sleep(2_000)
    tell(await ended(host.http.call('server', 'ask')))
  }
  const seconds = (lines: readonly string[]) =>
    lines.map((line) => line.replace(/^\d+/, (ms) => String(Math.floor(Number(ms) / 1_000))))

  test('keeps its slot until its work is done', async () => {
    const lines = await told({
      server: server(5_000, { concurrency: 1, backlog: 9 }),
      first,
      second,
    })
    expect(seconds(lines)).toEqual([
      '1 first: read-timeout',
      '5 server: done',
      '10 server: done',
      '10 second: 200',
    ])
  })

  test('gives it up where the server cancels', async () => {
    const capacity = { concurrency: 1, backlog: 9, cancels: true }
    const lines = await told({ server: server(5_000, capacity), first, second })
    expect(seconds(lines).filter((line) => line.includes('second'))).toEqual(['7 second: 200'])
  })

  test('still waiting is passed over where the server cancels, and served where it does not', async () => {
    const hosts = (cancels: boolean) => ({
      server: server(5_000, { concurrency: 1, backlog: 9, cancels }),
      long: caller({ totalMs: 60_000 }),
      first,
    })
    const lines = async (cancels: boolean) =>
      seconds(await told(hosts(cancels))).filter((line) => line.includes('server'))
    expect(await lines(true)).toEqual(['5 server: done'])
    expect(await lines(false)).toEqual(['5 server: done', '10 server: done'])
  })

  test('after it was answered gives its slot back once only', async () => {
    // The body is late and its caller hangs up on it: the slot was given back with the head.
    const split: Main = (host) =>
      host.serve('ask', () => ({ status: 200, bodyLateMs: 900 }), {
        concurrency: 1,
        backlog: 9,
        cancels: true,
      })
    const client: Main = async (host) => {
      const reply = await host.http.call('server', 'ask')
      reply.cancel()
    }
    const { world } = await play({ hosts: { server: split, client }, routes: ['ask'] })
    expect(world.processes.get('server')?.life?.stations.map((station) => station.working)).toEqual(
      [0],
    )
    expect(world.recorder.part('server').summary({}).busy).toMatchObject({ max: 1 })
  })
})

describe('a caller that died', () => {
  test('is gone: the answer to it breaks the pipe', async () => {
    const faults = [{ options: { kind: 'host.crash', host: 'client' }, fromMs: 500, toMs: 70_000 }]
    const { told, world } = await play({
      hosts: { server: server(2_000), client: caller({}) },
      routes: ['ask'],
      faults,
    })
    expect(withoutTimes(told)).toEqual(['server: done'])
    expect(world.recorder.counter('broken_pipes').total).toBe(1)
  })
})
