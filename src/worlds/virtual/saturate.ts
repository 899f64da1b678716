// A saturating load in virtual time: connections of its own to the HTTP entry, each asking again once it is answered.

import { LOOK_AGAIN_MS, type Saturation } from '../saturation.ts'
import { CallError, type Host, type HttpEntry, type Item } from '../world.ts'
import type { VirtualWorld } from './world.ts'

/** Whoever gives up at once must still let time pass. */
const LEAST_MS = 1

/** `asking`: an entry host's ports, in a life that no fault ends: the connections are the load's. */
export function saturate(
  world: VirtualWorld,
  load: Saturation,
  asking: Host,
  entryOf: () => HttpEntry | undefined,
): void {
  for (let connection = 0; connection < load.connections; connection++) {
    const ask = (): void => {
      const entry = entryOf()
      if (entry === undefined) {
        world.schedule(world.nowMs + LOOK_AGAIN_MS, ask)
        return
      }
      const item = load.next(ask)
      if (item === undefined) return
      const dueUs = Math.round(item.intendedMs * 1_000)
      world.ledger.offer(item.index, dueUs, world.clock.nowUs)
      const sinceMs = world.nowMs
      const askAgain = (isAnswered: boolean) => {
        if (world.nowMs > sinceMs + (isAnswered ? 0 : LEAST_MS)) ask()
        else world.schedule(sinceMs + LEAST_MS, ask)
      }
      // What it throws is a bug: what a call can fail with is caught below.
      request(asking, entry, connection, item).then(askAgain, (error) => world.fail(error))
    }
    ask()
  }
}

/** Whether an answer came. */
async function request(
  asking: Host,
  { to, route, request: requestFor }: HttpEntry,
  connection: number,
  item: Item,
): Promise<boolean> {
  const host = to[connection % to.length] ?? ''
  try {
    const reply = await asking.http.call(host, route, requestFor(item))
    await reply.body()
    return true
  } catch (error) {
    // How a call failed is on the wire, and judged there.
    if (!(error instanceof CallError)) throw error
    return false
  }
}
