// Where PostgreSQL is, the run's own schema in it, and its errors in the words that every world has.
import { CallError } from '../../world.ts'

export interface DatabaseAccess {
  readonly host: string
  readonly port: number
  readonly user?: string
  readonly password?: string
  readonly database: string
}

/** Of a run. */
export interface DatabaseFor extends DatabaseAccess {
  readonly schema: string
}

/** Rows of all tables, in the order in which they were inserted. */
const LAYOUT = (schema: string) => `
CREATE SCHEMA ${schema};
CREATE TABLE ${schema}.rows (
  tbl text, key text, seq bigint GENERATED ALWAYS AS IDENTITY, row jsonb NOT NULL, PRIMARY KEY (tbl, key)
);
CREATE INDEX ON ${schema}.rows (tbl, seq);
`

/** Made before a run, dropped after it. */
export async function openSchema(
  access: DatabaseAccess,
): Promise<{ readonly access: DatabaseFor } & AsyncDisposable> {
  const schema = `aftershock_${crypto.randomUUID().replaceAll('-', '')}`
  await once(access, LAYOUT(schema))
  return {
    access: { ...access, schema },
    async [Symbol.asyncDispose]() {
      // A server that is gone has taken it along.
      await once(access, `DROP SCHEMA ${schema} CASCADE`).catch(() => {})
    },
  }
}

/** A database of its own, for processes that are not ours: made before a run, dropped after it, whoever is connected. */
export async function openDatabase(
  access: DatabaseAccess,
): Promise<{ readonly access: DatabaseFor } & AsyncDisposable> {
  const database = `aftershock_${crypto.randomUUID().replaceAll('-', '')}`
  await once(access, `CREATE DATABASE ${database}`)
  return {
    access: { ...access, database, schema: 'public' },
    async [Symbol.asyncDispose]() {
      await once(access, `DROP DATABASE ${database} WITH (FORCE)`).catch(() => {})
    },
  }
}

async function once(access: DatabaseAccess, sql: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ ...access })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Of what `pg` throws: PostgreSQL's own five characters, or what the wire shows. */
export function classifyPostgres(error: unknown): unknown {
  if (error instanceof CallError || !(error instanceof Error)) return error
  const { message } = error
  const { code, severity } = error as { readonly code?: unknown; readonly severity?: unknown }
  if (severity !== undefined && typeof code === 'string')
    return new CallError({ class: 'error', code }, message)
  if (/timeout exceeded when trying to connect/.test(message))
    return new CallError({ class: 'acquire-timeout' })
  if (/due to connection timeout/.test(message)) return new CallError({ class: 'connect-timeout' })
  if (code === 'ECONNREFUSED') return new CallError({ class: 'refused' })
  if (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    /Connection terminated|not queryable|Connection ended/.test(message)
  )
    return new CallError({ class: 'reset' })
  return error
}

/** Whether a connection is of no more use after it. */
export function endsConnection(failure: unknown): boolean {
  return !(failure instanceof CallError) || failure.class !== 'error'
}
