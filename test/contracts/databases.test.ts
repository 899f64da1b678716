// What every world promises those who keep rows: single statements, transactions, locks, and a pool that can run dry.
import { afterAll, describe, expect, test } from 'vitest'
import type { Database, Host, PoolOptions } from '../../src/worlds/world.ts'
import { ended, inject, type Main, withoutTimes } from '../run/play.ts'
import type { Contract } from './arms.ts'
import { partArms } from './part-arms.ts'

/** What a connection costs is another matter, but for the contract about that. */
const POOL = { size: 4, acquireTimeoutMs: 10_000 }

type Body = (db: Database, tell: (what: string) => void, host: Host) => Promise<void>

const client =
  (body: Body, pool: PoolOptions = POOL): Main =>
  async (host, tell) => {
    await body(host.database(pool), tell, host)
  }

/** How hosts wait for each other, whatever time it takes. */
const mark = (db: Database, what: string) => db.insert('marks', what, {})

async function marked(db: Database, host: Host, ...all: readonly string[]): Promise<void> {
  for (const what of all)
    while ((await db.get('marks', what)) === undefined) await host.clock.sleep(100)
}

/** A row's fields have no order of their own. */
const say = (value: unknown) => JSON.stringify(value, inOrder) ?? 'nothing'

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Adds `by` to a row's count, and not before `asked`; then says that it is done. */
const add = (by: number, asked?: string): Main =>
  client(async (db, _tell, host) => {
    await marked(db, host, 'two')
    if (asked === undefined) await marked(db, host, 'locked')
    await mark(db, `asking ${by}`)
    await db.tx(async (rows) => {
      const row = await rows.lock('accounts', 'a')
      if (asked !== undefined) {
        await mark(db, 'locked')
        await marked(db, host, asked)
        await host.clock.sleep(300)
      }
      await rows.update('accounts', 'a', { count: Number(row?.count ?? 0) + by })
    })
    await mark(db, `added ${by}`)
  })

/** Locks a row until `what` is marked. */
const hold = (what: string): Main =>
  client(async (db, _tell, host) => {
    await marked(db, host, 'two')
    await db.tx(async (rows) => {
      await rows.lock('accounts', 'a')
      await mark(db, 'locked')
      await marked(db, host, what)
    })
  })

/** Locks one row, and the other once that is locked, too. Which of them is the victim is the server's affair. */
const crosswise = (first: string, second: string): Main =>
  client(async (db, _tell, host) => {
    await marked(db, host, 'two')
    const locked = db.tx(async (rows) => {
      await rows.lock('accounts', first)
      await mark(db, `locked ${first}`)
      await marked(db, host, `locked ${second}`)
      await rows.update('accounts', second, { by: host.name })
    })
    await db.insert('ends', first, { as: await ended(locked) })
    await mark(db, `ended ${first}`)
  })

const two = client(async (db) => {
  await db.insert('accounts', 'a', { count: 0 })
  await db.insert('accounts', 'b', { count: 0 })
  await mark(db, 'two')
})

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
          await mark(db, 'inserted')
          await marked(db, host, 'looked')
        })
        await mark(db, 'committed')
        await marked(db, host, 'looked again')
        const failed = db.tx(async (rows) => {
          await rows.remove('tasks', '1')
          await mark(db, 'removed')
          await marked(db, host, 'looked meanwhile')
          throw new Error('changed my mind')
        })
        tell(await failed.catch((error: Error) => error.message))
        await mark(db, 'thrown')
      }),
      reader: client(async (db, tell, host) => {
        const steps = [
          ['inserted', 'looked'],
          ['committed', 'looked again'],
          ['removed', 'looked meanwhile'],
          ['thrown', 'looked at last'],
        ] as const
        for (const [after, looked] of steps) {
          await marked(db, host, after)
          tell(say(await db.get('tasks', '1')))
          await mark(db, looked)
        }
      }),
    },
    expected: [
      'writer: own {"status":"queued"}',
      'reader: nothing',
      'reader: {"status":"queued"}',
      'reader: {"status":"queued"}',
      'writer: changed my mind',
      'reader: {"status":"queued"}',
    ],
  },
  'who locks a row keeps others from it, and nothing is lost': {
    hosts: {
      two,
      one: add(1, 'asking 10'),
      other: add(10),
      reader: client(async (db, tell, host) => {
        await marked(db, host, 'added 1', 'added 10')
        tell(say((await db.get('accounts', 'a'))?.count))
      }),
    },
    expected: ['reader: 11'],
  },
  'of a deadlock one is the victim': {
    hosts: {
      two,
      one: crosswise('a', 'b'),
      other: crosswise('b', 'a'),
      reader: client(async (db, tell, host) => {
        await marked(db, host, 'ended a', 'ended b')
        const ends = await db.oldest('ends', 3)
        tell(say(ends.map(({ row }) => row.as).toSorted()))
      }),
    },
    expected: ['reader: ["error 40P01","ok"]'],
  },
  'a statement that waits too long is canceled': {
    hosts: {
      two,
      holder: hold('canceled'),
      hasty: client(
        async (db, tell, host) => {
          await marked(db, host, 'locked')
          tell(await ended(db.update('accounts', 'a', { count: 5 })))
          await mark(db, 'canceled')
        },
        { ...POOL, statementTimeoutMs: 1_000 },
      ),
    },
    expected: ['hasty: error 57014'],
  },
  'a pool whose connections are all in use is waited for, and no longer than it says': {
    hosts: {
      two,
      client: client(
        async (db, tell) => {
          while ((await ended(db.get('accounts', 'b'))) !== 'ok');
          const [held, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
          const long = db.tx(async (rows) => {
            await rows.get('accounts', 'b')
            held.resolve()
            await over.promise
          })
          await held.promise
          tell(await ended(db.get('accounts', 'b')))
          over.resolve()
          await long
          tell(await ended(db.get('accounts', 'b')))
        },
        { size: 1, acquireTimeoutMs: 500 },
      ),
    },
    expected: ['client: acquire-timeout', 'client: ok'],
  },
  'who dies in a transaction leaves nothing of it, and no lock': {
    hosts: {
      two,
      dies: client(async (db, _tell, host) => {
        await marked(db, host, 'two')
        await db.tx(async (rows) => {
          await rows.update('accounts', 'a', { count: 99 })
          await mark(db, 'held')
          await host.clock.sleep(60_000)
        })
      }),
      other: client(async (db, tell, host) => {
        await marked(db, host, 'held')
        tell(say(await db.update('accounts', 'a', { by: 'other' })))
      }),
    },
    // Were it not for the crash the other would still be waiting at the end.
    faults: [inject(5_000, 60_000, { kind: 'host.crash', host: 'dies' })],
    forMs: 10_000,
    expected: ['other: {"by":"other","count":0}'],
  },
}

const WITH_ROWS = { uses: { database: {} }, forMs: 20_000, endsWithHosts: true }

describe.each(partArms('database'))('in $name', (arm) => {
  afterAll(() => arm.close?.())
  for (const [title, { expected, ...contract }] of Object.entries(bodies))
    test(title, { timeout: 90_000 }, async () => {
      const { told } = await arm.play({ ...WITH_ROWS, ...contract })
      expect(withoutTimes(told)).toEqual(expected)
    })
})
