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
import type { PartsUsed } from '../../src/worlds/world.ts'
import { play } from '../run/play.ts'
import { type Arm, type Contract, type Outcome, playReally } from './arms.ts'

const KEYS = { accessKey: 'aftershock', secretKey: 'aftershock-secret', region: 'us-east-1' }

/** The fastest first: each that a busy machine does not bear is followed by a slower one. */
const SPEEDS = [5, 2, 1, 0.5]
/** As in a run. */
const MOST_LAG_MS = 20

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
      const outcome = await playReally(contract, store, given.parts, speed)
      // What was told by a machine that could not keep up is not what the parts do.
      if (lag.p99Ms() <= MOST_LAG_MS || speed === SPEEDS.at(-1)) return outcome
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
