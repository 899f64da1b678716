// Backoff under contention, as in Brooker's simulation (AWS Architecture Blog, 2015): clients write one row in turns,
// each tries again when another was faster, and what they wait decides how much they do in vain, and for how long.
import { expect, test } from 'vitest'
import { type Backoff, backoffMs } from '../../../src/base/backoff.ts'
import { normalQuantile } from '../../../src/base/distribution.ts'
import type { Database, Host } from '../../../src/worlds/world.ts'
import { type Main, play } from '../../run/play.ts'

const CLIENTS = 100
const BASE_MS = 5
const CAP_MS = 2_000

interface Seen {
  readonly calls: number
  readonly untilMs: number
}

/** The simulation's network: 10 ms each way, with a standard deviation of 2. */
function onTheWay(host: Host, attempt: number, way: string): Promise<void> {
  return host.clock.sleep(10 + 2 * normalQuantile(host.random.at(way, attempt)))
}

/** Reads the row's version and writes the next one, until nobody was faster in between. */
async function writeOnce(host: Host, db: Database, backoff: Backoff | undefined): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    await onTheWay(host, attempt, 'read')
    const version = Number((await db.get('rows', 'one'))?.version)
    await onTheWay(host, attempt, 'back')
    await onTheWay(host, attempt, 'write')
    const done = await db.update('rows', 'one', { version: version + 1 }, { version })
    if (done !== undefined) return attempt
    if (backoff !== undefined)
      await host.clock.sleep(backoffMs(backoff, attempt, host.random.at('wait', attempt)))
  }
}

async function contend(backoff: Backoff | undefined): Promise<Seen> {
  let [calls, untilMs, left] = [0, 0, CLIENTS]
  const pool = { size: 1, acquireTimeoutMs: 1_000 }
  const client: Main = async (host) => {
    await host.clock.sleep(1_000)
    const own = await writeOnce(host, host.database(pool), backoff)
    calls += own
    left--
    untilMs = host.clock.monotonic() - 1_000
  }
  const setUp: Main = async (host) => {
    await host.database(pool).insert('rows', 'one', { version: 0 })
  }
  const clients = Object.fromEntries(
    Array.from({ length: CLIENTS }, (_, i) => [`client-${i}`, client]),
  )
  await play({ hosts: { setUp, ...clients }, uses: { database: {} }, forMs: 900_000 })
  expect(left).toBe(0)
  return { calls, untilMs }
}

const exponential = (jitter: Backoff['jitter']): Backoff => ({
  kind: 'exponential',
  delayMs: BASE_MS,
  maxMs: CAP_MS,
  jitter,
})

test('calls fall from none over exponential and equal to full jitter; without jitter it takes many times as long', async () => {
  const none = await contend(undefined)
  const plain = await contend(exponential('none'))
  const equal = await contend(exponential('equal'))
  const full = await contend(exponential('full'))
  const calls = [none, plain, equal, full].map((seen) => seen.calls)
  expect(calls).toEqual([...calls].sort((a, b) => b - a))
  expect(new Set(calls).size).toBe(4)
  expect(plain.untilMs).toBeGreaterThan(3 * Math.max(equal.untilMs, full.untilMs))
})
