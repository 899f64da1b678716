// What every world promises its hosts: calls, deadlines, capacity, answers in pieces, crashes, pauses and rules.
import { afterAll, describe, expect, test } from 'vitest'
import type { Timeouts } from '../../src/worlds/world.ts'
import { ended, inject, type Main, withoutTimes } from '../run/play.ts'
import { type Contract, hostArms } from './arms.ts'

const client =
  (calls: (host: Parameters<Main>[0], tell: (what: string) => void) => Promise<void>): Main =>
  async (host, tell) => {
    await host.clock.sleep(500)
    await calls(host, tell)
  }

const ask = (host: Parameters<Main>[0], key: string, timeouts: Timeouts = { totalMs: 3_000 }) =>
  ended(host.http.call('server', 'ask', { params: { key }, body: { key }, timeouts }))

/** Answers after as many milliseconds as its key says. */
const slow: Main = (host, tell) =>
  host.serve('ask', async ({ params }) => {
    const ms = Number(params.key)
    if (ms > 0) await host.work('ask', ms)
    tell(`answers ${params.key}`)
    return { status: 200, body: { after: ms } }
  })

const bodies: Readonly<Record<string, Contract & { readonly expected: readonly string[] }>> = {
  'an answer and its body arrive; a route that nobody serves is a 404': {
    hosts: {
      server: (host) => {
        host.serve('ask', ({ params, body, from }) => ({
          status: 201,
          body: { params, body, from },
        }))
      },
      client: client(async (host, tell) => {
        const reply = await host.http.call('server', 'ask', {
          params: { key: '人 数/1' },
          body: { n: 1 },
        })
        tell(`${reply.status} ${JSON.stringify(await reply.body())}`)
        tell(`${(await host.http.call('server', 'other', { params: { key: '1' } })).status}`)
      }),
    },
    routes: ['ask', 'other'],
    forMs: 2_500,
    expected: [
      'client: 201 {"params":{"key":"人 数/1"},"body":{"n":1},"from":"client"}',
      'client: 404',
    ],
  },
  'who waits for an answer waits from the connection on, however patient it would have been for that':
    {
      hosts: {
        server: slow,
        client: client(async (host, tell) => {
          tell(await ask(host, '3000', { connectMs: 6_000, readMs: 1_000 }))
        }),
        store: client(async (host, tell) => {
          await host.clock.sleep(300)
          tell(await ended(host.objects.put('1.jpg', 100, { connectMs: 6_000, readMs: 1_000 })))
        }),
      },
      routes: ['ask'],
      faults: [inject(0, 5_000, { kind: 'hang', to: 'objects' })],
      forMs: 4_500,
      expected: ['client: read-timeout', 'store: read-timeout', 'server: answers 3000'],
    },
  'a deadline ends the wait, not the work': {
    hosts: {
      server: slow,
      client: client(async (host, tell) => {
        tell(await ask(host, '2000', { totalMs: 1_000 }))
        tell(await ask(host, '200', { totalMs: 1_500 }))
      }),
    },
    routes: ['ask'],
    forMs: 5_000,
    expected: [
      'client: read-timeout',
      'server: answers 200',
      'client: 200',
      'server: answers 2000',
    ],
  },
  'a slot is kept until its work is done, whoever has gone': {
    hosts: {
      server: (host, tell) =>
        host.serve(
          'ask',
          async ({ params }) => {
            tell(`works on ${params.key}`)
            await host.work('ask', 1_500)
            return { status: 200 }
          },
          { concurrency: 1, backlog: 4 },
        ),
      client: client(async (host, tell) => {
        tell(await ask(host, '1', { totalMs: 500 }))
        tell(await ask(host, '2', { totalMs: 4_000 }))
      }),
    },
    routes: ['ask'],
    forMs: 6_000,
    expected: ['server: works on 1', 'client: read-timeout', 'server: works on 2', 'client: 200'],
  },
  'an answer in one piece survives a caller that hangs up; one in two pieces does not': {
    hosts: {
      server: (host) =>
        host.serve('ask', ({ params }) => ({
          status: 200,
          body: { key: params.key ?? '' },
          ...(params.key === '2' ? { bodyLateMs: 500 } : {}),
        })),
      client: client(async (host, tell) => {
        for (const key of ['1', '2']) {
          const reply = await host.http.call('server', 'ask', { params: { key } })
          await host.clock.sleep(100)
          reply.cancel()
          tell(
            await reply.body().then(
              (body) => JSON.stringify(body),
              (error: { class: string }) => error.class,
            ),
          )
        }
      }),
    },
    routes: ['ask'],
    forMs: 3_000,
    expected: ['client: {"key":"1"}', 'client: aborted'],
  },
  'a crash cuts off who waits, refuses who comes, and forgets': {
    hosts: {
      server: slow,
      client: client(async (host, tell) => {
        tell(await ask(host, '5000', { totalMs: 9_000 }))
        tell(await ask(host, '1'))
        await host.clock.sleep(2_500)
        tell(await ask(host, '1'))
      }),
    },
    routes: ['ask'],
    faults: [inject(1_500, 3_000, { kind: 'host.crash', host: 'server' })],
    forMs: 6_500,
    expected: ['client: reset', 'client: refused', 'server: answers 1', 'client: 200'],
  },
  'a paused host answers when it goes on': {
    hosts: {
      server: slow,
      client: client(async (host, tell) => {
        await host.clock.sleep(700)
        tell(await ask(host, '1', { totalMs: 800 }))
        tell(await ask(host, '2', { totalMs: 4_000 }))
      }),
    },
    routes: ['ask'],
    faults: [inject(1_000, 3_500, { kind: 'host.pause', host: 'server' })],
    forMs: 6_000,
    expected: ['client: read-timeout', 'server: answers 1', 'server: answers 2', 'client: 200'],
  },
  'rules refuse, reset, answer, lose replies and delay': {
    hosts: {
      server: slow,
      client: client(async (host, tell) => {
        for (const key of ['1', '2', '3', '4', '5', '6']) {
          await host.clock.sleep(100)
          tell(`${key} ${await ask(host, key, { totalMs: 1_000 })}`)
        }
      }),
    },
    routes: ['ask'],
    faults: [
      inject(0, 9_000, { kind: 'refuse', key: '1' }),
      inject(0, 9_000, { kind: 'reset', key: '2' }),
      inject(0, 9_000, { kind: 'status', key: '3', status: 503 }),
      inject(0, 9_000, { kind: 'lost-replies', key: '4' }),
      inject(0, 9_000, {
        kind: 'latency',
        key: '5',
        add: { dist: 'constant', value: '600ms' },
      }),
    ],
    forMs: 6_500,
    expected: [
      'client: 1 refused',
      'client: 2 reset',
      'client: 3 503',
      'server: answers 4',
      'client: 4 read-timeout',
      'server: answers 5',
      'client: 5 200',
      'server: answers 6',
      'client: 6 200',
    ],
  },
  'a partition holds what is sent until it heals; a connection that does not come about says so': {
    hosts: {
      server: slow,
      client: client(async (host, tell) => {
        await host.clock.sleep(500)
        tell(await ask(host, '1', { totalMs: 700 }))
        tell(await ask(host, '2', { totalMs: 5_000 }))
      }),
    },
    routes: ['ask'],
    faults: [inject(800, 3_000, { kind: 'partition', between: 'client', and: 'server' })],
    forMs: 5_000,
    expected: ['client: connect-timeout', 'server: answers 2', 'client: 200'],
  },
}

describe.each(hostArms)('in $name', (arm) => {
  afterAll(() => arm.close?.())
  for (const [title, { expected, ...contract }] of Object.entries(bodies))
    test(title, { timeout: 60_000 }, async () => {
      expect(withoutTimes((await arm.play(contract)).told)).toEqual(expected)
    })
})
