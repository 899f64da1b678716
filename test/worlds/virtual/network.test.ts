// The virtual network: who waits how long for what, and what each end of a connection sees.
import { describe, expect, test } from 'vitest'
import { ended, type Main, play } from '../../run/play.ts'
import type { Capacity, Host, Json, Timeouts } from '../../../src/worlds/world.ts'

const nobody: Capacity = { concurrency: 1, backlog: 0 }

/** Calls `server` and tells how it ended. */
function caller(timeouts: Timeouts, route = 'ask', to = 'server'): Main {
  return async (host, tell) => tell(await ended(host.http.call(to, route, { timeouts })))
}

/** Answers after so long. */
function server(workMs: number, capacity?: Capacity): Main {
  return (host, tell) =>
    host.serve(
      'ask',
      async () => {
        await host.work('ask', workMs)
        tell('done')
        return { status: 200, body: { ok: true } }
      },
      capacity,
    )
}

const told = async (hosts: Readonly<Record<string, Main>>, more = {}) =>
  (await play({ hosts, routes: ['ask'], ...more })).told
/** Without the first digits: how long the network takes is a draw. */
const withoutTimes = (lines: readonly string[]) => lines.map((line) => line.replace(/^\d+ /, ''))

describe('timeouts', () => {
  test('total: the whole call, from its start', async () => {
    const hosts = { server: server(2_000), client: caller({ totalMs: 500 }) }
    expect((await told(hosts))[0]).toBe('500 client: read-timeout')
  })

  test('read: from the arrival of the request to the head of the answer', async () => {
    const hosts = { server: server(2_000), client: caller({ readMs: 500 }) }
    const { told, world } = await play({ hosts, routes: ['ask'] })
    expect(withoutTimes(told)).toEqual(['client: read-timeout', 'server: done'])
    const atMs = Number.parseInt(told[0] ?? '', 10)
    // Half a millisecond is the network's median, 5 ms its p99.
    expect(atMs).toBeGreaterThanOrEqual(500)
    expect(atMs).toBeLessThan(520)
    expect(world.recorder.counter('broken_pipes').total).toBe(1)
  })

  test('read: does not count the wait for a connection', async () => {
    const busy = server(2_500, { concurrency: 1, backlog: 0 })
    const late: Main = async (host, tell) => {
      await host.clock.sleep(100)
      await caller({ readMs: 2_900, connectMs: 10_000 })(host, tell)
    }
    expect(withoutTimes(await told({ server: busy, first: caller({}), late }))).toEqual([
      'server: done',
      'first: 200',
      'server: done',
      'late: 200',
    ])
  })

  test('an answer in time leaves no deadline behind', async () => {
    const hosts = { server: server(100), client: caller({ connectMs: 1_000, readMs: 1_000, totalMs: 9_000 }) }
    const { told, world } = await play({ hosts, routes: ['ask'] })
    expect(withoutTimes(told)).toEqual(['server: done', 'client: 200'])
    expect(world.clock.pending).toBe(0)
  })

  test('connect: held on the way in', async () => {
    const faults = [{ options: { kind: 'partition', between: 'client', and: 'server' }, fromMs: 0, toMs: 9_000 }]
    const hosts = { server: server(10), client: caller({ connectMs: 700, readMs: 5_000 }) }
    expect(await told(hosts, { faults })).toEqual(['700 client: connect-timeout'])
  })

  test('the store: a listing that takes longer than its caller waits', async () => {
    const client: Main = async (host, tell) => {
      for (let i = 0; i < 2_000; i++) void host.objects.put(`a/${i}`, 1)
      await host.clock.sleep(10_000)
      // 2,000 keys of 0.11 ms each.
      tell(await ended(host.objects.list('a/', { totalMs: 100 })))
    }
    expect(await told({ client })).toEqual(['10100 client: read-timeout'])
  })
})

describe('an answer in two pieces', () => {
  const split = (bodyLateMs: number): Main => (host) =>
    host.serve('ask', () => ({ status: 200, body: { ok: true }, bodyLateMs }))

  test('its head comes first, its body later', async () => {
    const client: Main = async (host, tell) => {
      const reply = await host.http.call('server', 'ask')
      tell(`head ${reply.status}`)
      tell(`body ${JSON.stringify(await reply.body())}`)
    }
    const lines = await told({ server: split(300), client })
    expect(withoutTimes(lines)).toEqual(['client: head 200', 'client: body {"ok":true}'])
    const [head = 0, body = 0] = lines.map((line) => Number.parseInt(line, 10))
    expect(body - head).toBe(300)
  })

  const reading = (cancelAfterMs: number | undefined, readAfterMs = 0): Main => async (host, tell) => {
    const reply = await host.http.call('server', 'ask', { timeouts: { totalMs: 1_000 } })
    if (cancelAfterMs !== undefined) {
      await host.clock.sleep(cancelAfterMs)
      reply.cancel()
    }
    await host.clock.sleep(readAfterMs)
    tell(await ended(reply.body()))
  }
  const books = async (hosts: Readonly<Record<string, Main>>) => {
    const { told, world } = await play({ hosts, routes: ['ask'] })
    const ask = world.recorder.routes.find((r) => r.route === 'ask')
    return {
      told: withoutTimes(told),
      attempts: ask?.counts({}).map(({ class: klass, count }) => `${count} ${klass}`),
      brokenPipes: world.recorder.counter('broken_pipes').total,
    }
  }

  test.each([
    ['cancelled before its body has come', reading(0), ['client: aborted'], ['1 aborted'], 1],
    ['cancelled, and its body asked for much later', reading(0, 5_000), ['client: aborted'], ['1 aborted'], 1],
    ['cancelled twice over', reading(100), ['client: aborted'], ['1 aborted'], 1],
    ['cancelled after its body has come', reading(400), ['client: ok'], ['1 ok'], 0],
    ['read', reading(undefined), ['client: ok'], ['1 ok'], 0],
    ['never read', async (host: Host) => void (await host.http.call('server', 'ask')), [], ['1 ok'], 0],
  ] as const)('%s', async (_name, client, lines, attempts, brokenPipes) => {
    expect(await books({ server: split(300), client })).toEqual({ told: lines, attempts, brokenPipes })
  })

  test('whose body comes too late', async () => {
    expect(await books({ server: split(3_000), client: reading(undefined) })).toEqual({
      told: ['client: read-timeout'],
      attempts: ['1 read-timeout'],
      brokenPipes: 1,
    })
  })

  test('in one piece is read in spite of a cancellation', async () => {
    expect(await books({ server: split(0), client: reading(0) })).toEqual({
      told: ['client: ok'],
      attempts: ['1 ok'],
      brokenPipes: 0,
    })
  })
})

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
    expect(withoutTimes(lines).sort()).toEqual(['client-0: 200', 'client-1: connect-timeout', 'server: done'].sort())
  })

  test('so many wait, in the order of their arrival', async () => {
    const { world, told } = await play({
      hosts: { server: server(1_000, { concurrency: 2, backlog: 3 }), ...many(5, { connectMs: 500 }) },
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
    const lines = await told({ server: server(5_000, { concurrency: 1, backlog: 9 }), first, second })
    expect(seconds(lines)).toEqual(['1 first: read-timeout', '5 server: done', '10 server: done', '10 second: 200'])
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
      host.serve('ask', () => ({ status: 200, bodyLateMs: 900 }), { concurrency: 1, backlog: 9, cancels: true })
    const client: Main = async (host) => {
      const reply = await host.http.call('server', 'ask')
      reply.cancel()
    }
    const { world } = await play({ hosts: { server: split, client }, routes: ['ask'] })
    expect(world.processes.get('server')?.life?.stations.map((station) => station.working)).toEqual([0])
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

test('bodies and parameters arrive as they were sent', async () => {
  const seen: Json[] = []
  const host: Main = (h) =>
    h.serve('ask', ({ body, params, from }) => {
      seen.push(body, params, from)
      return { status: 201, body: [1, '二', null] }
    })
  const client: Main = async (h, tell) => {
    const reply = await h.http.call('server', 'ask', { body: { n: 1 }, params: { id: 'ü' } })
    tell(`${reply.status} ${JSON.stringify(await reply.body())}`)
  }
  expect(withoutTimes(await told({ server: host, client }))).toEqual(['client: 201 [1,"二",null]'])
  expect(seen).toEqual([{ n: 1 }, { id: 'ü' }, 'client'])
})
