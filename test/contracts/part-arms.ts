// The arms of the contracts of queues and the database: the virtual parts, and Redis and PostgreSQL behind their proxies.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { giveParts, type PartsUp } from '../../src/run/parts-up.ts'
import { findBinary } from '../../src/worlds/real/find-binary.ts'
import { LoopLag } from '../../src/worlds/real/lag.ts'
import { Parts } from '../../src/worlds/real/parts.ts'
import { postgres } from '../../src/worlds/real/providers/postgres.ts'
import { DATABASE } from '../../src/worlds/real/providers/postgres-probe.ts'
import { redis } from '../../src/worlds/real/providers/redis.ts'
import { startS3Server } from '../../src/worlds/real/s3/server.ts'
import type { PartsFor } from '../../src/worlds/real/used-parts.ts'
import type { PartsUsed } from '../../src/worlds/world.ts'
import { play } from '../run/play.ts'
import { type Arm, type Contract, type Outcome, playReally } from './arms.ts'

const KEYS = { accessKey: 'aftershock', secretKey: 'aftershock-secret', region: 'us-east-1' }

/** The fastest first: each that a busy machine does not bear is followed by a slower one. */
const SPEEDS = [5, 2, 1, 0.5]
/** Of the world's time: half of the shortest margin that a contract relies on. */
const MOST_LAG_MS = 100

const ASK_EVERY_MS = 50

/** How long the servers take to answer what costs them nothing, while a contract is played. */
async function answering({ redis, database }: PartsFor) {
  const { Redis } = await import('ioredis')
  const { default: pg } = await import('pg')
  await using stack = new AsyncDisposableStack()
  const asks: (() => Promise<unknown>)[] = []
  if (redis !== undefined) {
    const { host, port, password = '' } = redis
    const client = new Redis({ host, port, password, protocol: 2, retryStrategy: () => null })
    client.on('error', () => {})
    stack.defer(() => client.disconnect())
    asks.push(() => client.ping())
  }
  if (database !== undefined) {
    const client = new pg.Client({ ...database })
    client.on('error', () => {})
    await client.connect()
    stack.defer(() => client.end().catch(() => {}))
    asks.push(() => client.query('select 1'))
  }
  let slowestMs = 0
  const ask = async () => {
    const startMs = performance.now()
    // One that a fault has ended answers nothing, and is not slow for that.
    const answered = await Promise.all(asks.map((one) => one())).then(
      () => true,
      () => false,
    )
    if (answered) slowestMs = Math.max(slowestMs, performance.now() - startMs)
  }
  const timer = setInterval(() => void ask(), ASK_EVERY_MS)
  stack.defer(() => clearInterval(timer))
  const owned = stack.move()
  return {
    slowestMs: () => slowestMs,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Servers of a test file, each started when a contract first uses it. */
class ServersArm implements Arm {
  readonly name = 'Redis and PostgreSQL'
  readonly #owned = new AsyncDisposableStack()
  #up: Promise<PartsUp & { readonly store: string }> | undefined

  async play(contract: Contract): Promise<Outcome> {
    this.#up ??= this.#start()
    const up = await this.#up
    const store = { ...KEYS, endpoint: up.store, bucket: 'unused' }
    for (const speed of SPEEDS) {
      await using given = await giveParts(contract.uses ?? {}, up)
      using lag = new LoopLag()
      await using answers = await answering(given.parts)
      const played = playReally(contract, store, given.parts, speed)
      await played.catch(() => {})
      // What was told by a machine that could not keep up is not what the parts do.
      const lagMs = Math.max(lag.p99Ms(), answers.slowestMs()) * speed
      const keptUp = lagMs <= MOST_LAG_MS
      if (keptUp || speed === SPEEDS.at(-1)) return await played
    }
    throw new Error('there is a last speed')
  }

  async #start() {
    const folder = mkdtempSync(join(tmpdir(), 'aftershock-contract-'))
    this.#owned.defer(() => rmSync(folder, { recursive: true, force: true }))
    const environment = { ...process.env, AFTERSHOCK_STATE_DIR: join(folder, 'state') }
    const parts = await Parts.open({ logFolder: folder, environment, allowedTargets: [] })
    this.#owned.use(parts)
    const clock = { now: () => Date.now() }
    const store = this.#owned.use(await startS3Server({ clock, credentials: KEYS }))
    const started = new Map<boolean, ReturnType<Parts['redis']>>()
    let database: ReturnType<Parts['database']> | undefined
    return {
      store: store.url,
      redis: async (persists: boolean) => {
        const starting = started.get(persists) ?? parts.redis({ provider: 'binary', persists })
        started.set(persists, starting)
        const { access, restarts } = await starting
        const { host, port, secretKey: password = '' } = access
        return { describe: '', access: { host, port, password, restarts } }
      },
      database: async () => {
        database ??= parts.database({ provider: 'binary' })
        const {
          host,
          port,
          accessKey: user = '',
          secretKey: password = '',
        } = (await database).access
        return { describe: '', access: { host, port, user, password, database: DATABASE } }
      },
    }
  }

  async close(): Promise<void> {
    await this.#owned.disposeAsync()
  }
}

const virtual: Arm = { name: 'the virtual world', play: (contract) => play(contract) }

/** The virtual one, and the servers where this machine has them. */
export function partArms(uses: keyof PartsUsed): readonly Arm[] {
  const { binaries, folders } = uses === 'redis' ? redis : postgres
  const lacks = findBinary(binaries, process.env, folders?.()) === undefined
  const required = (process.env.AFTERSHOCK_REQUIRE_REAL ?? '').split(',')
  if (lacks && required.includes(uses))
    throw new Error(`AFTERSHOCK_REQUIRE_REAL asks for ${uses}, and there is no ${binaries[0]}`)
  return lacks ? [virtual] : [virtual, new ServersArm()]
}
