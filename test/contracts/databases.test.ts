// What every world promises those who keep rows: single statements, transactions, locks, and a pool that can run dry.
import { afterAll, describe, expect, test } from 'vitest'
import type { Database, Host, PoolOptions } from '../../src/worlds/world.ts'
import { ended, inject, type Main, withoutTimes } from '../run/play.ts'
import type { Contract } from './arms.ts'
import { partArms } from './part-arms.ts'

const POOL = { size: 4, acquireTimeoutMs: 1_000 }

const client =
  (
    body: (db: Database, tell: (what: string) => void, host: Host) => Promise<void>,
    afterMs = 500,
    pool: PoolOptions = POOL,
  ): Main =>
  async (host, tell) => {
    const db = host.database(pool)
    await host.clock.sleep(afterMs)
    await body(db, tell, host)
  }

const say = (value: unknown) => JSON.stringify(value) ?? 'nothing'

/** Adds `by` to a row's count in a transaction that takes a second. */
async function add(db: Database, host: Host, by: number): Promise<void> {
  await db.tx(async (rows) => {
    const row = await rows.lock('accounts', 'a')
    await host.clock.sleep(1_000)
    await rows.update('accounts', 'a', { count: Number(row?.count ?? 0) + by })
  })
}

/** Locks one row, then the other. */
const crosswise = (first: string, second: string, afterMs: number): Main =>
  client(async (db, tell, host) => {
    const locked = db.tx(async (rows) => {
      await rows.lock('accounts', first)
      await host.clock.sleep(1_000)
      await rows.update('accounts', second, { by: host.name })
    })
    tell(await ended(locked))
  }, afterMs)

const two = client(async (db) => {
  await db.insert('accounts', 'a', { count: 0 })
  await db.insert('accounts', 'b', { count: 0 })
}, 100)

const bodies: Readonly<Record<string, Contract & { readonly expected: readonly string[] }>> = {
  'rows are inserted once, updated by field, asked for, and removed': {
    hosts: {
      client: client(async (db, tell) => {
        tell(say(await db.get('tasks', '1')))
        tell(say(await db.insert('tasks', '1', { status: 'queued', tries: 0 })))
        tell(say(await db.insert('tasks', '1', { status: 'other' })))
        tell(say(await db.update('tasks', '1', { status: 'done' })))
        tell(say(await db.update('tasks', '2', { status: 'done' })))
        tell(say(await db.update('tasks', '1', { status: 'undone' }, { status: 'queued' })))
        tell(say(await db.update('tasks', '1', { tries: 1 }, { status: 'done' })))
        tell(say(await db.get('tasks', '1')))
        tell(say([await db.remove('tasks', '1'), await db.remove('tasks', '1')]))
      }),
    },
    expected: [
      'client: nothing',
      'client: true',
      'client: false',
      'client: {"status":"done","tries":0}',
      'client: nothing',
      'client: nothing',
      'client: {"status":"done","tries":1}',
      'client: {"status":"done","tries":1}',
      'client: [true,false]',
    ],
  },
  'the oldest rows come first': {
    hosts: {
      client: client(async (db, tell) => {
        for (const key of ['3', '1', '2']) await db.insert('outbox', key, { for: key })
        await db.update('outbox', '3', { tries: 1 })
        tell(say((await db.oldest('outbox', 2)).map(({ key }) => key)))
        await db.remove('outbox', '3')
        tell(say(await db.oldest('outbox', 2)))
      }),
    },
    expected: [
      'client: ["3","1"]',
      'client: [{"key":"1","row":{"for":"1"}},{"key":"2","row":{"for":"2"}}]',
    ],
  },
  'a transaction is seen once it is committed, and not at all when it throws': {
    hosts: {
      writer: client(async (db, tell, host) => {
        await db.tx(async (rows) => {
          await rows.insert('tasks', '1', { status: 'queued' })
          tell(`own ${say(await rows.get('tasks', '1'))}`)
          await host.clock.sleep(1_000)
        })
        const failed = db.tx(async (rows) => {
          await rows.remove('tasks', '1')
          await host.clock.sleep(500)
          throw new Error('changed my mind')
        })
        tell(await failed.catch((error: Error) => error.message))
      }),
      reader: client(async (db, tell, host) => {
        tell(say(await db.get('tasks', '1')))
        // The removal is not committed, and then never was.
        for (const ms of [750, 1_000]) {
          await host.clock.sleep(ms)
          tell(say(await db.get('tasks', '1')))
        }
      }, 1_000),
    },
    expected: [
      'writer: own {"status":"queued"}',
      'reader: nothing',
      'reader: {"status":"queued"}',
      'writer: changed my mind',
      'reader: {"status":"queued"}',
    ],
  },
  'who locks a row keeps others from it, and nothing is lost': {
    hosts: {
      two,
      one: client((db, _tell, host) => add(db, host, 1)),
      other: client((db, _tell, host) => add(db, host, 10), 700),
      reader: client(async (db, tell) => tell(say((await db.get('accounts', 'a'))?.count)), 4_000),
    },
    expected: ['reader: 11'],
  },
  'of a deadlock one is the victim': {
    hosts: { two, one: crosswise('a', 'b', 500), other: crosswise('b', 'a', 800) },
    forMs: 6_000,
    // The one whose second statement has waited for a second first.
    expected: ['one: error 40P01', 'other: ok'],
  },
  'a statement that waits too long is canceled': {
    hosts: {
      two,
      holder: client((db, _tell, host) => add(db, host, 1)),
      hasty: client(
        async (db, tell) => tell(await ended(db.update('accounts', 'a', { count: 5 }))),
        800,
        { ...POOL, statementTimeoutMs: 400 },
      ),
    },
    expected: ['hasty: error 57014'],
  },
  'a pool whose connections are all in use is waited for, and no longer than it says': {
    hosts: {
      two,
      client: client(
        async (db, tell, host) => {
          const long = add(db, host, 1)
          await host.clock.sleep(300)
          const [soon, late] = [db.get('accounts', 'b'), host.clock.sleep(400)]
          tell(await ended(soon))
          await late
          tell(say(await db.get('accounts', 'b')))
          await long
        },
        500,
        { size: 1, acquireTimeoutMs: 500 },
      ),
    },
    expected: ['client: acquire-timeout', 'client: {"count":0}'],
  },
  'who dies in a transaction leaves nothing of it, and no lock': {
    hosts: {
      two,
      dies: client(async (db, _tell, host) => {
        await db.tx(async (rows) => {
          await rows.update('accounts', 'a', { count: 99 })
          await host.clock.sleep(60_000)
        })
      }),
      other: client(
        async (db, tell) => tell(say(await db.update('accounts', 'a', { by: 'other' }))),
        800,
      ),
    },
    faults: [inject(2_000, 9_000, { kind: 'host.crash', host: 'dies' })],
    expected: ['other: {"count":0,"by":"other"}'],
  },
}

describe.each(partArms)('in $name', (arm) => {
  afterAll(() => arm.close?.())
  for (const [title, { expected, ...contract }] of Object.entries(bodies))
    test(title, { timeout: 20_000 }, async () => {
      const { told } = await arm.play({ forMs: 5_000, uses: { database: {} }, ...contract })
      expect(withoutTimes(told)).toEqual(expected)
    })
})
