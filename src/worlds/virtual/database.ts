// A host's end of the database: a pool of connections, statements by themselves, and transactions.
import { Fifo } from '../../base/fifo.ts'
import type { PartStats } from '../../metrics/recorder.ts'
import {
  CallError,
  DATABASE_NAME,
  DATABASE_ROUTES,
  type Database,
  type Host,
  type KeyedRow,
  type PoolOptions,
  type Row,
  type Rows,
  type Transaction,
} from '../world.ts'
import { Exchange } from './exchange.ts'
import { Lane } from './lane.ts'
import type { Life } from './process.ts'
import { DATABASE } from './profile.ts'
import { type Statement, type Tables, TableTx } from './tables.ts'
import type { Wire } from './wire.ts'

type DatabaseRoute = (typeof DATABASE_ROUTES)[number]
type Ask = <T>(statement: Statement) => Promise<T>
const latencyUs = (u: number) => DATABASE.sample(u) * 1_000

interface Waiting {
  readonly sinceUs: number
  over: boolean
  readonly grant: () => void
}

export class VirtualDatabase implements Database {
  readonly #life: Life
  readonly #wire: Wire
  readonly #tables: Tables
  readonly #pool: PoolOptions
  readonly #part: PartStats
  readonly #lanes: Readonly<Record<DatabaseRoute, Lane>>
  readonly #rows: Rows
  readonly #waiting = new Fifo<Waiting>()
  readonly #open = new Set<TableTx>()
  #free: number

  constructor(host: Host, life: Life, wire: Wire, tables: Tables, pool: PoolOptions) {
    this.#life = life
    this.#wire = wire
    this.#tables = tables
    this.#pool = pool
    this.#free = pool.size
    const lane = (route: DatabaseRoute) =>
      new Lane({
        from: host.name,
        to: DATABASE_NAME,
        op: 'database',
        stats: wire.recorder.routeOf(route),
        target: undefined,
        latencyUs,
        arrive: route === 'commit' || route === 'rollback' ? tables.end : tables.execute,
      })
    this.#lanes = Object.fromEntries(
      DATABASE_ROUTES.map((route) => [route, lane(route)]),
    ) as Record<DatabaseRoute, Lane>
    this.#part = wire.recorder.part(DATABASE_NAME, 0)
    this.#part.concurrency += pool.size
    life.onDeath.push(() => this.#die())
    this.#rows = rowsOf((statement) => this.#alone(statement))
  }

  get(table: string, key: string): Promise<Row | undefined> {
    return this.#rows.get(table, key)
  }

  oldest(table: string, limit: number): Promise<readonly KeyedRow[]> {
    return this.#rows.oldest(table, limit)
  }

  insert(table: string, key: string, row: Row): Promise<boolean> {
    return this.#rows.insert(table, key, row)
  }

  update(table: string, key: string, fields: Row, where?: Row): Promise<Row | undefined> {
    return this.#rows.update(table, key, fields, where)
  }

  remove(table: string, key: string): Promise<boolean> {
    return this.#rows.remove(table, key)
  }

  #alone<T>(statement: Statement): Promise<T> {
    const acquired = this.#acquire()
    return acquired === undefined
      ? this.#sendAlone(statement)
      : acquired.then(() => this.#sendAlone(statement))
  }

  #sendAlone<T>(statement: Statement): Promise<T> {
    const route = statement.do === 'get' || statement.do === 'oldest' ? 'read' : 'write'
    return this.#send<T>(route, statement.key, this.#timed(statement)).then(
      (value) => {
        this.#release()
        return value
      },
      (error) => {
        this.#release()
        throw error
      },
    )
  }

  async tx<R>(body: (rows: Transaction) => Promise<R>): Promise<R> {
    await this.#acquire()
    const tx = new TableTx()
    this.#open.add(tx)
    let lastWritten = ''
    const ask: Ask = (statement) => {
      if (statement.row !== undefined || statement.do === 'remove') lastWritten = statement.key
      return this.#send('statement', statement.key, this.#timed({ ...statement, tx }))
    }
    try {
      const result = await body({
        ...rowsOf(ask),
        lock: (table, key) => ask({ do: 'lock', table, key }),
      })
      await this.#send('commit', lastWritten, { tx, commits: true })
      return result
    } catch (error) {
      await this.#rollBack(tx)
      throw error
    } finally {
      this.#open.delete(tx)
      this.#release()
    }
  }

  /** A database that cannot be told learns of it by the connection's end. */
  async #rollBack(tx: TableTx): Promise<void> {
    try {
      await this.#send('rollback', '', { tx, commits: false })
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.#tables.hangUp(tx)
    }
  }

  #timed(statement: Statement): Statement {
    const { statementTimeoutMs } = this.#pool
    return statementTimeoutMs === undefined
      ? statement
      : { ...statement, timeoutMs: statementTimeoutMs }
  }

  #send<T>(route: DatabaseRoute, key: string, arg: unknown): Promise<T> {
    const item = key === '' ? -1 : this.#tables.itemOf(key)
    const x = new Exchange(this.#lanes[route], key, item, this.#life, this.#wire.clock)
    x.arg = arg
    return this.#wire.send<T>(x)
  }

  #acquire(): Promise<void> | undefined {
    const { nowUs } = this.#wire.clock
    if (this.#free > 0) {
      this.#grant(nowUs)
      return undefined
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { sinceUs: nowUs, over: false, grant: resolve }
      this.#waiting.push(waiting)
      this.#part.changeWaiting(nowUs, 1)
      this.#wire.clock.schedule(
        nowUs + this.#pool.acquireTimeoutMs * 1_000,
        () => this.#giveUp(waiting, reject),
        undefined,
      )
    })
  }

  #giveUp(waiting: Waiting, reject: (error: CallError) => void): void {
    if (waiting.over || this.#life.dead) return
    waiting.over = true
    this.#part.changeWaiting(this.#wire.clock.nowUs, -1)
    this.#life.wake(() => reject(new CallError({ class: 'acquire-timeout' })))
  }

  #grant(sinceUs: number): void {
    const { nowUs } = this.#wire.clock
    this.#free--
    this.#part.changeBusy(nowUs, 1)
    this.#part.waited(nowUs, (nowUs - sinceUs) / 1_000)
  }

  #release(): void {
    const { nowUs } = this.#wire.clock
    this.#free++
    this.#part.changeBusy(nowUs, -1)
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next.over) continue
      next.over = true
      this.#part.changeWaiting(nowUs, -1)
      this.#grant(next.sinceUs)
      next.grant()
      return
    }
  }

  /** The database notices: what was open is rolled back, and its locks are free. */
  #die(): void {
    const { nowUs } = this.#wire.clock
    this.#part.concurrency -= this.#pool.size
    this.#part.changeBusy(nowUs, this.#free - this.#pool.size)
    this.#part.changeWaiting(nowUs, -this.#waiting.takeAll().filter(({ over }) => !over).length)
    for (const tx of this.#open) this.#tables.hangUp(tx)
  }
}

function rowsOf(ask: Ask): Rows {
  return {
    get: (table, key) => ask({ do: 'get', table, key }),
    oldest: (table, limit) => ask({ do: 'oldest', table, key: '', limit }),
    insert: async (table, key, row) =>
      (await ask<Row | undefined>({ do: 'insert', table, key, row })) !== undefined,
    update: (table, key, row, where) => ask({ do: 'update', table, key, row, where }),
    remove: async (table, key) =>
      (await ask<Row | undefined>({ do: 'remove', table, key })) !== undefined,
  }
}
