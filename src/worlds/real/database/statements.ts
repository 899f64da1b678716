// What is asked of the database, one statement a round trip.
import type { Json, KeyedRow, Row } from '../../world.ts'

export interface Statement<T> {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
  readonly key: string
  readonly isRead: boolean
  /** Its row is gone: once that is committed, there is none to show. */
  readonly isRemoval?: true
  read(rows: readonly { readonly key: string; readonly row: Row }[]): T
  /** What the books have of it: the row as it then is, or was. */
  bodyOf(value: T): Json
}

const first = (rows: readonly { readonly row: Row }[]) => rows[0]?.row
const asBody = (row: Row | undefined): Json => row ?? null

export function get(table: string, key: string): Statement<Row | undefined> {
  return {
    name: 'get',
    text: 'SELECT key, row FROM rows WHERE tbl = $1 AND key = $2',
    values: [table, key],
    key,
    isRead: true,
    read: first,
    bodyOf: asBody,
  }
}

export function lock(table: string, key: string): Statement<Row | undefined> {
  return {
    ...get(table, key),
    name: 'lock',
    text: 'SELECT key, row FROM rows WHERE tbl = $1 AND key = $2 FOR UPDATE',
  }
}

export function oldest(table: string, limit: number): Statement<readonly KeyedRow[]> {
  return {
    name: 'oldest',
    text: 'SELECT key, row FROM rows WHERE tbl = $1 ORDER BY seq LIMIT $2',
    values: [table, limit],
    key: '',
    isRead: true,
    read: (rows) => rows.map(({ key, row }) => ({ key, row })),
    bodyOf: () => null,
  }
}

export function insert(table: string, key: string, row: Row): Statement<Row | undefined> {
  return {
    name: 'insert',
    text: 'INSERT INTO rows (tbl, key, row) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING key, row',
    values: [table, key, JSON.stringify(row)],
    key,
    isRead: false,
    read: first,
    bodyOf: asBody,
  }
}

export function update(
  table: string,
  key: string,
  fields: Row,
  where: Row = {},
): Statement<Row | undefined> {
  return {
    name: 'update',
    text: 'UPDATE rows SET row = row || $3 WHERE tbl = $1 AND key = $2 AND row @> $4 RETURNING key, row',
    values: [table, key, JSON.stringify(fields), JSON.stringify(where)],
    key,
    isRead: false,
    read: first,
    bodyOf: asBody,
  }
}

export function remove(table: string, key: string): Statement<Row | undefined> {
  return {
    name: 'remove',
    isRemoval: true,
    text: 'DELETE FROM rows WHERE tbl = $1 AND key = $2 RETURNING key, row',
    values: [table, key],
    key,
    isRead: false,
    read: first,
    bodyOf: asBody,
  }
}
