// Jobs and rows before a run's time begins: what runs for the first time is slow, and at a speed that would be measured.
import { Random } from '../../base/random.ts'
import { CallError, type Json } from '../world.ts'
import { Life } from './process.ts'
import type { HostParts, PartsFor, UsedParts } from './used-parts.ts'
import { WARM_UP } from './warm-up.ts'

/** At most so long, on the wall, and so often. */
const LONGEST_MS = 1_000
const MOST_ROUNDS = 400
const AT_A_TIME = 8
/** The last of them has been taken by then. */
const DRAIN_MS = 200

/** On `used`, whose books nobody reads; nothing is left behind. */
export async function warmUpParts(used: UsedParts, { redis, database }: PartsFor): Promise<void> {
  const life = new Life()
  try {
    const host = used.host(WARM_UP, life, new Random(0))
    await host.ready
    const untilMs = performance.now() + LONGEST_MS
    await Promise.all([
      ...(redis === undefined ? [] : [queues(host, untilMs)]),
      ...(database === undefined ? [] : [rows(host, untilMs)]),
    ])
  } catch (error) {
    // What fails here fails in the run as well, and is measured there.
    if (!(error instanceof CallError)) throw error
  } finally {
    life.die()
  }
}

async function queues(host: HostParts, untilMs: number): Promise<void> {
  const take = async (_job: Json) => 'done' as const
  for (const acknowledge of ['early', 'late'] as const)
    host.queue(`${WARM_UP}-${acknowledge}`).consume(take, { concurrency: AT_A_TIME, acknowledge })
  await rounds(untilMs, async (round) => {
    const queue = host.queue(`${WARM_UP}-${round % 2 === 0 ? 'early' : 'late'}`)
    await queue.add({ round }, { key: WARM_UP })
  })
  await new Promise((drained) => setTimeout(drained, DRAIN_MS))
}

async function rows(host: HostParts, untilMs: number): Promise<void> {
  const database = host.database({ size: AT_A_TIME, acquireTimeoutMs: 60_000 })
  await rounds(untilMs, async (round) => {
    const key = String(round)
    await database.insert(WARM_UP, key, { round })
    await database.update(WARM_UP, key, { status: 'done' })
    await database.tx(async (own) => {
      await own.get(WARM_UP, key)
      await own.remove(WARM_UP, key)
    })
  })
}

async function rounds(untilMs: number, once: (round: number) => Promise<void>): Promise<void> {
  let next = 0
  const user = async () => {
    while (next < MOST_ROUNDS && performance.now() < untilMs) await once(next++)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, user))
}
