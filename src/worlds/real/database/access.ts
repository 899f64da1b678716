// Where PostgreSQL is, the run's own schema in it, and its errors in the words that every world has.
import { CallError } from '../../world.ts'
import type { Hold } from '../remains.ts'

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

const NAME = /^aftershock_[0-9a-f]{32}$/

/** What a run has of a server: a schema of its own or, for processes that are not ours, a whole database. */
export type PlaceKind = 'schema' | 'database'

interface Place extends AsyncDisposable {
  readonly access: DatabaseFor
}

/** Made before a run, dropped after it. `hold` writes it down first, where the server outlives all that is ours. */
export async function openPlace(
  kind: PlaceKind,
  access: DatabaseAccess,
  hold: Hold | undefined,
): Promise<Place> {
  const name = `aftershock_${crypto.randomUUID().replaceAll('-', '')}`
  const entry = hold?.({ kind, database: access, name })
  try {
    await once(access, kind === 'schema' ? LAYOUT(name) : `CREATE DATABASE ${name}`)
  } catch (error) {
    entry?.giveBack()
    throw error
  }
  return {
    access:
      kind === 'schema'
        ? { ...access, schema: name }
        : { ...access, database: name, schema: 'public' },
    async [Symbol.asyncDispose]() {
      // A server that is gone for good has taken it along; one that comes back is asked by a later start.
      await dropPlace(kind, access, name).then(
        () => entry?.giveBack(),
        () => {},
      )
    },
  }
}

/** Whoever is connected. Never one that is not named as ours are. */
export async function dropPlace(
  kind: PlaceKind,
  access: DatabaseAccess,
  name: string,
): Promise<void> {
  if (!NAME.test(name)) throw new Error(`it is no ${kind} of ours`)
  await once(
    access,
    kind === 'schema'
      ? `DROP SCHEMA IF EXISTS ${name} CASCADE`
      : `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
  )
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
