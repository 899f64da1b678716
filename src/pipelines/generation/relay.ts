// Sends what waits in the outbox until the front end takes it: at least once, each with its key.
import { CallError, type Database, type Host, type KeyedRow } from '../../worlds/world.ts'
import { Callbacks } from './callbacks.ts'
import type { Options } from './options.ts'
import { OUTBOX, TABLE, type TaskEnd } from './tasks.ts'

/** How long it rests when there is nothing to send, or nothing that it sends is taken. */
export const RELAY_REST_MS = 1_000
/** Rows that it reads at a time, and callbacks that it has under way: a receiver that is slow must not be flooded. */
export const RELAY_MOST_ROWS = 100
const MOST_SENT = 20

export async function relay(host: Host, options: Options): Promise<void> {
  const { pool, acquireTimeout } = options.database
  const db = host.database({ size: pool, acquireTimeoutMs: acquireTimeout })
  const callbacks = new Callbacks(host, db, options)
  const waiting = host.gauge('callbacks_waiting')
  waiting.set(0)
  for (;;) {
    let taken = 0
    try {
      const rows = await db.oldest(OUTBOX, RELAY_MOST_ROWS)
      waiting.set(rows.length)
      taken = await sendAll(rows, callbacks, db)
    } catch (error) {
      // A database that cannot be reached is asked again; what was sent and not struck off is sent again.
      if (!(error instanceof CallError)) throw error
    }
    if (taken === 0) await host.clock.sleep(RELAY_REST_MS)
  }
}

/** How many were taken. */
async function sendAll(
  rows: readonly KeyedRow[],
  callbacks: Callbacks,
  db: Database,
): Promise<number> {
  let next = 0
  let taken = 0
  const send = async () => {
    for (let row = rows[next++]; row !== undefined; row = rows[next++])
      if (await sendOne(row, callbacks, db)) taken++
  }
  await Promise.all(Array.from({ length: Math.min(MOST_SENT, rows.length) }, send))
  return taken
}

async function sendOne({ key, row }: KeyedRow, callbacks: Callbacks, db: Database) {
  const end = { status: row.status, error: row.error } as unknown as TaskEnd
  const tried = await callbacks.once(key, end)
  if (!tried.ok) return false
  await db.tx(async (rows) => {
    await rows.update(TABLE, key, { called_back: true })
    await rows.remove(OUTBOX, key)
  })
  return true
}
