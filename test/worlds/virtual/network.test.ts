// The virtual network: who waits how long for what, and answers in two pieces.
import { describe, expect, test } from 'vitest'
import type { Host, Json } from '../../../src/worlds/world.ts'
import { caller, server } from '../../run/asking.ts'
import { ended, type Main, play, withoutTimes } from '../../run/play.ts'

const told = async (hosts: Readonly<Record<string, Main>>, more = {}) =>
  (await play({ hosts, routes: ['ask'], ...more })).told

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
    const hosts = {
      server: server(100),
      client: caller({ connectMs: 1_000, readMs: 1_000, totalMs: 9_000 }),
    }
    const { told, world } = await play({ hosts, routes: ['ask'] })
    expect(withoutTimes(told)).toEqual(['server: done', 'client: 200'])
    expect(world.clock.pending).toBe(0)
  })

  test('connect: held on the way in', async () => {
    const faults = [
      { options: { kind: 'partition', between: 'client', and: 'server' }, fromMs: 0, toMs: 9_000 },
    ]
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
  const split =
    (bodyLateMs: number): Main =>
    (host) =>
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

  const reading =
    (cancelAfterMs: number | undefined, readAfterMs = 0): Main =>
    async (host, tell) => {
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
    [
      'cancelled, and its body asked for much later',
      reading(0, 5_000),
      ['client: aborted'],
      ['1 aborted'],
      1,
    ],
    ['cancelled twice over', reading(100), ['client: aborted'], ['1 aborted'], 1],
    ['cancelled after its body has come', reading(400), ['client: ok'], ['1 ok'], 0],
    ['read', reading(undefined), ['client: ok'], ['1 ok'], 0],
    [
      'never read',
      async (host: Host) => void (await host.http.call('server', 'ask')),
      [],
      ['1 ok'],
      0,
    ],
  ] as const)('%s', async (_name, client, lines, attempts, brokenPipes) => {
    expect(await books({ server: split(300), client })).toEqual({
      told: lines,
      attempts,
      brokenPipes,
    })
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
