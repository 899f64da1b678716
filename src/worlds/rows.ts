// The database port: rows by table and key, read and written alone or in transactions. Never the text of a query.
import type { Json } from '../base/json.ts'

export type Row = { readonly [field: string]: Json }

export interface KeyedRow {
  readonly key: string
  readonly row: Row
}

/**
 * Every method is one round trip to the database and throws `CallError`: `refused`, `reset` or a timeout where it
 * cannot be reached, `acquire-timeout` where the pool had no connection in time, and `error` with the database's own
 * code otherwise: 40P01 for the victim of a deadlock, 57014 for a statement that took too long.
 */
export interface Rows {
  get(table: string, key: string): Promise<Row | undefined>
  /** The rows that were inserted first and are still there, at most `limit`. */
  oldest(table: string, limit: number): Promise<readonly KeyedRow[]>
  /** False where there is such a row already: nothing is written then. */
  insert(table: string, key: string, row: Row): Promise<boolean>
  /**
   * Writes these fields of a row and leaves the others. What the row then is; undefined, and nothing written, where
   * there is none, or one without the fields that `where` asks for.
   */
  update(table: string, key: string, fields: Row, where?: Row): Promise<Row | undefined>
  /** False where there was none. */
  remove(table: string, key: string): Promise<boolean>
}

/** Its writes are seen by others once it is committed. A row that it wrote or locked is its own until then. */
export interface Transaction extends Rows {
  /** Reads a row and keeps others from writing or locking it: SELECT … FOR UPDATE. */
  lock(table: string, key: string): Promise<Row | undefined>
}

/** Called on the database itself, each method is a transaction of its own. */
export interface Database extends Rows {
  /**
   * Runs `body` on one connection of the pool. Commits when it resolves, rolls back when it throws, and throws what it
   * threw. Where the commit's answer is lost nobody knows whether it took effect.
   */
  tx<R>(body: (rows: Transaction) => Promise<R>): Promise<R>
}

/** A pool of connections; each host that asks for one has its own. */
export interface PoolOptions {
  readonly size: number
  /** How long a call waits for a connection. */
  readonly acquireTimeoutMs: number
  /** How long a statement may take, waiting for a lock included; default: as long as it likes. */
  readonly statementTimeoutMs?: number
}
