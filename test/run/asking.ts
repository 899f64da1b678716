// A caller and a server, for tests of what lies between them.
import type { Capacity, Timeouts } from '../../src/worlds/world.ts'
import { ended, type Main } from './play.ts'

/** Calls `server` and tells how it ended. */
export function caller(timeouts: Timeouts, route = 'ask', to = 'server'): Main {
  return async (host, tell) => tell(await ended(host.http.call(to, route, { timeouts })))
}

/** Answers after so long. */
export function server(workMs: number, capacity?: Capacity): Main {
  return (host, tell) =>
    host.serve(
      'ask',
      async () => {
        await host.work('ask', workMs)
        tell('done')
        return { status: 200, body: { ok: true } }
      },
      capacity,
    )
}
