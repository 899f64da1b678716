// Sends what waits in the outbox until the front end takes it: at least once, each with its key.
import { CallError, type Host, type Row } from '../../worlds/world.ts'
import { Callbacks } from './callbacks.ts'
import type { Options } from './options.ts'
import { OUTBOX, TABLE, type TaskEnd } from './tasks.ts'

const EVERY_MS = 1_000
/** Sent at once; the oldest first. */
const MOST = 100

export async function relay(host: Host, options: Options): Promise<void> {
  const { pool, acquireTimeout } = options.database
  const db = host.database({ size: pool, acquireTimeoutMs: acquireTimeout })
  const callbacks = new Callbacks(host, db, options)
  const waiting = host.gauge('callbacks_waiting')
  waiting.set(0)
  const send = async (key: string, row: Row) => {
    const end = { status: row.status, error: row.error } as unknown as TaskEnd
    const tried = await callbacks.once(key, end)
    if (!tried.ok) return
    await db.tx(async (rows) => {
      await rows.update(TABLE, key, { called_back: true })
      await rows.remove(OUTBOX, key)
    })
  }
  for (;;) {
    try {
      const rows = await db.oldest(OUTBOX, MOST)
      waiting.set(rows.length)
      await Promise.all(rows.map(({ key, row }) => send(key, row)))
    } catch (error) {
      // A database that cannot be reached is asked again; what was sent and not struck off is sent again.
      if (!(error instanceof CallError)) throw error
    }
    await host.clock.sleep(EVERY_MS)
  }
}
