// Is a PostgreSQL ready: it lets us in, and what was written is read again.
import { messageOf } from '../../../base/errors.ts'
import { type Access, NotReady } from './part.ts'

/** The database that every cluster has. */
export const DATABASE = 'postgres'

export async function probePostgres(access: Access, signal: AbortSignal): Promise<string> {
  const { default: pg } = await import('pg')
  const { host, port, tls, accessKey, secretKey } = access
  const client = new pg.Client({
    host,
    port,
    database: DATABASE,
    ...(accessKey === undefined ? {} : { user: accessKey }),
    ...(secretKey === undefined ? {} : { password: secretKey }),
    ...(tls ? { ssl: true } : {}),
  })
  // What goes wrong is told by the call that it goes wrong in.
  client.on('error', () => {})
  const stop = () => void client.end().catch(() => {})
  signal.addEventListener('abort', stop)
  try {
    await client.connect()
    await client.query('CREATE TEMPORARY TABLE aftershock_ready (written text)')
    await client.query("INSERT INTO aftershock_ready VALUES ('ready?')")
    const { rows } = await client.query<{ written: string; version: string }>(
      "SELECT written, current_setting('server_version') AS version FROM aftershock_ready",
    )
    const [row] = rows
    if (row?.written !== 'ready?') throw new Error('it does not know what was just written')
    return `PostgreSQL ${row.version.split(' ')[0] ?? ''}`.trim()
  } catch (error) {
    throw notReady(error)
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

/** Codes after which trying again is of no use, and what to do then. */
const FINAL: Readonly<Record<string, string>> = {
  '28P01': 'Give the password of this user.',
  '28000': 'The user has to be allowed to log in from here.',
  '3D000': `There has to be a database '${DATABASE}'.`,
  '42501': 'The user has to be allowed to make tables.',
  '25006': 'It is a replica: name the primary.',
  '53100': 'Its disk is full: make room, or give it another.',
}

function notReady(error: unknown): NotReady {
  const { code } = error as { readonly code?: unknown }
  const hint = FINAL[String(code)]
  const said = messageOf(error)
  return hint === undefined ? new NotReady(said) : new NotReady(`it refuses: ${said}`, { hint })
}
