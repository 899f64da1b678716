// A host's end of PostgreSQL: a pool of its own, statements by themselves, and transactions on one connection.
import net from 'node:net'
import type { Pool, PoolClient } from 'pg'
import {
  CallError,
  type Database,
  type Json,
  type KeyedRow,
  type PoolOptions,
  type Row,
  type Rows,
  type Transaction,
} from '../../world.ts'
import { awake, type PartCalls } from '../part-calls.ts'
import type { Life } from '../process.ts'
import { isTimeout } from '../short-limits.ts'
import { classifyPostgres, type DatabaseFor, endsConnection } from './access.ts'
import type { PoolMeter } from './meter.ts'
import type { Statement } from './statements.ts'
import * as statements from './statements.ts'

/** How long PostgreSQL waits for a lock before it looks whether there is a deadlock. */
const DEADLOCK_TIMEOUT_MS = 1_000

export type Pg = Pick<typeof import('pg'), 'Pool'>

export interface DatabaseSetup {
  readonly pg: Pg
  readonly access: DatabaseFor
  readonly life: Life
  readonly calls: PartCalls
  readonly meter: PoolMeter
  /** How long the world's milliseconds last, at least one. */
  wallMs(ms: number): number
}

type Ask = <T>(statement: Statement<T>) => Promise<T>

export class RealDatabase implements Database {
  readonly #setup: DatabaseSetup
  readonly #pool: Pool
  readonly #rows: Rows

  constructor(setup: DatabaseSetup, options: PoolOptions) {
    this.#setup = setup
    this.#pool = poolOf(setup, options)
    setup.meter.open(options.size, setup.life)
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

  async #alone<T>(statement: Statement<T>): Promise<T> {
    const client = await this.#acquire()
    let failure: unknown
    try {
      return await this.#ask(client, statement.isRead ? 'read' : 'write', statement)
    } catch (error) {
      failure = error
      throw error
    } finally {
      this.#release(client, failure)
    }
  }

  async tx<R>(body: (rows: Transaction) => Promise<R>): Promise<R> {
    const client = await this.#acquire()
    const last: { key: string; row: Json } = { key: '', row: null }
    let broken: unknown
    let begun = false
    const ask: Ask = async (statement) => {
      try {
        if (!begun) await client.query('BEGIN')
        begun = true
        const value = await this.#ask(client, 'statement', statement)
        if (!statement.isRead) {
          const row = statement.isRemoval === true ? null : statement.bodyOf(value)
          Object.assign(last, { key: statement.key, row })
        }
        return value
      } catch (error) {
        const failure = classifyPostgres(error)
        if (endsConnection(failure)) broken = failure
        throw failure
      }
    }
    try {
      const lock = (table: string, key: string) => ask(statements.lock(table, key))
      const result = await body({ ...rowsOf(ask), lock })
      if (begun) await this.#end(client, 'commit', last)
      return result
    } catch (error) {
      if (broken === undefined && begun)
        await this.#end(client, 'rollback').catch((e) => (broken = e))
      throw error
    } finally {
      this.#release(client, broken)
    }
  }

  #ask<T>(client: PoolClient, route: string, statement: Statement<T>): Promise<T> {
    const { name, text, values, key } = statement
    return this.#setup.calls.make({
      route,
      key,
      send: async () => {
        const { rows } = await client.query({ name, text, values: [...values] })
        return statement.read(rows)
      },
      bodyOf: (value) => statement.bodyOf(value),
    })
  }

  async #end(
    client: PoolClient,
    route: 'commit' | 'rollback',
    last: { readonly key: string; readonly row: Json } = { key: '', row: null },
  ): Promise<void> {
    const { key, row } = last
    const send = async () => void (await client.query(route))
    await this.#setup.calls.make({ route, key, send, bodyOf: () => row })
  }

  async #acquire(): Promise<PoolClient> {
    const { meter, life } = this.#setup
    const waited = meter.waits()
    try {
      const client = await this.#pool.connect()
      waited.granted()
      await awake(life)
      return client
    } catch (error) {
      const failure = classifyPostgres(error)
      waited.gaveUp(failure instanceof CallError && isTimeout(failure.class))
      await awake(life)
      throw failure
    }
  }

  #release(client: PoolClient, failure: unknown): void {
    this.#setup.meter.released()
    client.release(failure !== undefined && endsConnection(failure))
  }
}

function poolOf({ pg, access, life, wallMs }: DatabaseSetup, options: PoolOptions): Pool {
  const { size, acquireTimeoutMs, statementTimeoutMs } = options
  const { schema, ...server } = access
  const sockets = new Set<net.Socket>()
  const settings = [
    `search_path=${schema}`,
    `deadlock_timeout=${wallMs(DEADLOCK_TIMEOUT_MS)}`,
    ...(statementTimeoutMs === undefined
      ? []
      : [`statement_timeout=${wallMs(statementTimeoutMs)}`]),
  ]
  const pool = new pg.Pool({
    ...server,
    max: size,
    connectionTimeoutMillis: wallMs(acquireTimeoutMs),
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    stream: () => {
      const socket = new net.Socket()
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      if (life.dead) socket.destroy()
      return socket
    },
  })
  // Of a connection that breaks: who uses it is told by its statement, and the pool makes another.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  // Their server learns of it by the connections' end: what was open is rolled back.
  life.onDeath.add(() => {
    for (const socket of sockets) socket.destroy()
  })
  return pool
}

function rowsOf(ask: Ask): Rows {
  return {
    get: (table, key) => ask(statements.get(table, key)),
    oldest: (table, limit) => ask(statements.oldest(table, limit)),
    insert: async (table, key, row) =>
      (await ask(statements.insert(table, key, row))) !== undefined,
    update: (table, key, row, where) => ask(statements.update(table, key, row, where)),
    remove: async (table, key) => (await ask(statements.remove(table, key))) !== undefined,
  }
}
