// The database: rows by table and key, statements one by one, and the transactions that they belong to.
import { type Gone, NOTHING_GONE, type Row } from '../world.ts'
import type { Exchange } from './exchange.ts'
import { Part } from './part.ts'
import { RowLocks } from './row-locks.ts'
import { Table } from './table.ts'
import type { Wire } from './wire.ts'

export interface Statement {
  readonly do: 'get' | 'oldest' | 'insert' | 'update' | 'remove' | 'lock'
  readonly table: string
  readonly key: string
  readonly row?: Row
  readonly where?: Row | undefined
  readonly limit?: number
  /** Undefined: a transaction of its own. */
  readonly tx?: TableTx
  /** How long it may wait for a lock. */
  readonly timeoutMs?: number | undefined
}

/** A transaction that is open on some connection. */
export class TableTx {
  /** What it has written and not committed: undefined is a row removed. */
  readonly written = new Map<string, { table: string; key: string; row: Row | undefined }>()
  /** It failed: only a rollback is left. */
  failed = false
}

/** How long PostgreSQL waits for a lock before it looks whether there is a deadlock. */
const DEADLOCK_TIMEOUT_US = 1_000_000

export class Tables extends Part {
  readonly #tables = new Map<string, Table>()
  readonly #locks = new RowLocks<TableTx>()
  readonly #open = new Set<TableTx>()
  readonly itemOf: (key: string) => number

  constructor(wire: Wire, itemOf: (key: string) => number) {
    super(wire)
    this.itemOf = itemOf
  }

  readonly execute = (x: Exchange) => this.arrive(x, this.#execute)
  readonly end = (x: Exchange) => this.arrive(x, this.#end)

  readonly #execute = (x: Exchange) => {
    const { tx, table, key, do: what } = x.arg as Statement
    if (tx?.failed === true) {
      this.fail(x, '25P02', 'current transaction is aborted')
      return
    }
    if (tx !== undefined) this.#open.add(tx)
    if (what === 'get' || what === 'oldest') this.answer(x, this.#read(x.arg as Statement))
    // By far the most writes are alone, and nobody is in their way.
    else if (tx === undefined && (this.#locks.areFree || this.#locks.isFree(nameOf(table, key))))
      this.#writeAlone(x)
    else this.#whenFree(x, tx ?? new TableTx(), nameOf(table, key))
  }

  #writeAlone(x: Exchange): void {
    const statement = x.arg as Statement
    const { table, key } = statement
    const rows = this.#table(table)
    const old = rows.get(key)
    const next = rowAfter(statement, old)
    if (next === undefined) this.answer(x, undefined)
    else {
      if (next === REMOVED) rows.delete(key)
      else rows.set(key, next)
      this.answer(x, next === REMOVED ? old : next)
    }
  }

  /** A write, or a lock: it waits until no other transaction holds the row. */
  #whenFree(x: Exchange, tx: TableTx, name: string): void {
    const statement = x.arg as Statement
    const run = () => {
      const value = statement.do === 'lock' ? this.#read(statement) : this.#write(statement, tx)
      if (statement.tx === undefined) this.#commit(tx)
      this.answer(x, value)
    }
    if (this.#locks.take(name, tx, run)) return
    this.wait(x)
    this.#watch(x, tx, statement.timeoutMs)
  }

  #watch(x: Exchange, tx: TableTx, timeoutMs: number | undefined): void {
    const { clock } = this.wire
    const giveUp = (code: string, message: string) => {
      if (!this.#locks.isWaiting(tx)) return
      this.#abort(tx)
      this.fail(x, code, message)
    }
    const look = () => {
      if (this.#locks.isDeadlocked(tx)) giveUp('40P01', 'deadlock detected')
    }
    clock.schedule(clock.nowUs + DEADLOCK_TIMEOUT_US, look, undefined)
    if (timeoutMs === undefined) return
    const timeout = () => giveUp('57014', 'canceling statement due to statement timeout')
    clock.schedule(clock.nowUs + timeoutMs * 1_000, timeout, undefined)
  }

  #read({ do: what, table, key, limit = 1, tx }: Statement): unknown {
    const rows = this.#table(table)
    if (what === 'oldest') return rows.oldest(limit)
    const own = tx?.written.get(nameOf(table, key))
    return own === undefined ? rows.get(key) : own.row
  }

  /** What the row is after an insert or an update, or was before a removal; undefined where nothing was done. */
  #write(statement: Statement, tx: TableTx): Row | undefined {
    const { table, key } = statement
    const old = this.#read({ do: 'get', table, key, tx }) as Row | undefined
    const next = rowAfter(statement, old)
    if (next === undefined) return undefined
    const row = next === REMOVED ? undefined : next
    tx.written.set(nameOf(table, key), { table, key, row })
    return row ?? old
  }

  readonly #end = (x: Exchange) => {
    const { tx, commits } = x.arg as { readonly tx: TableTx; readonly commits: boolean }
    const last = [...tx.written.values()].at(-1)?.row
    if (commits && !tx.failed) this.#commit(tx)
    else this.#abort(tx)
    this.answer(x, commits ? last : undefined)
  }

  #commit(tx: TableTx): void {
    for (const { table, key, row } of tx.written.values()) {
      if (row === undefined) this.#table(table).delete(key)
      else this.#table(table).set(key, row)
    }
    this.#open.delete(tx)
    this.#locks.release(tx)
  }

  /** Nothing of it stays; who waits for its rows goes on. */
  #abort(tx: TableTx): void {
    tx.failed = true
    tx.written.clear()
    this.#open.delete(tx)
    this.#locks.release(tx)
  }

  /** Its connection is gone. */
  hangUp(tx: TableTx): void {
    this.#abort(tx)
  }

  #table(name: string): Table {
    let table = this.#tables.get(name)
    if (table === undefined) {
      table = new Table(this.itemOf)
      this.#tables.set(name, table)
    }
    return table
  }

  protected isIdle(): boolean {
    return false
  }

  protected disconnect(): void {
    for (const tx of [...this.#open]) this.#abort(tx)
  }

  protected get jobs(): number {
    return 0
  }

  protected loseUnpersisted(): Gone {
    return NOTHING_GONE
  }

  flush(): Gone {
    const lost = [...this.#tables.values()].reduce((sum, table) => sum + table.size, 0)
    this.#tables.clear()
    return { lost, forgotten: 0 }
  }
}

/** What a row becomes that is gone. */
const REMOVED: Row = {}

/** Undefined where the statement does nothing. */
function rowAfter({ do: what, row = {}, where }: Statement, old: Row | undefined): Row | undefined {
  if (what === 'insert') return old === undefined ? row : undefined
  if (old === undefined) return undefined
  if (where !== undefined)
    for (const field in where) if (old[field] !== where[field]) return undefined
  return what === 'remove' ? REMOVED : { ...old, ...row }
}

function nameOf(table: string, key: string): string {
  return `${table} ${key}`
}
