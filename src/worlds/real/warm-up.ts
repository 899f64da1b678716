// Calls made before a run's time begins: code that runs for the first time is slow, and at a speed that would be measured.
import type { Agent } from 'undici'
import { CallError } from '../world.ts'
import { type Calling, send } from './calls.ts'
import { type Resign, type StoreAccess, StoreClient } from './objects.ts'
import { Life, RealProcess } from './process.ts'

export interface WarmUpSetup {
  readonly minio: typeof import('minio')
  readonly agent: Agent
  readonly calling: Calling
  /** Behind a link of its own, so that no caller's calls are counted. */
  readonly access: StoreAccess
  readonly resign: Resign
  /** Where upstreams are reached: asked for a path that nobody serves. */
  readonly upstreams: readonly string[]
}

/** Who makes these calls, as links name it. */
export const WARM_UP = 'warm-up'

/** At most so long, on the wall, and so often. */
const LONGEST_MS = 700
const MOST_ROUNDS = 200
const AT_A_TIME = 4
const SIZE_BYTES = 30_000

/** Leaves nothing behind, in the store or in the books. */
export async function warmUp(setup: WarmUpSetup): Promise<void> {
  const { minio, agent, access, resign, upstreams } = setup
  const calling: Calling = { ...setup.calling, tell: () => {} }
  const process = new RealProcess(WARM_UP, () => {})
  const life = new Life()
  const store = new StoreClient(minio, process, life, calling, access, () => -1, resign)
  const ask = async (url: URL, isStore: boolean) => {
    const about = { from: WARM_UP, to: url.host, route: '', item: -1, key: '' }
    const plain = { method: 'GET', headers: {}, body: null, timeouts: {}, isStore }
    await (await send(agent, life, calling, about, { ...plain, url })).body()
  }
  const untilMs = performance.now() + LONGEST_MS
  let rounds = 0
  const user = async () => {
    while (rounds < MOST_ROUNDS && performance.now() < untilMs) {
      const round = rounds++
      const key = `${WARM_UP}/${round}`
      await store.put(key, SIZE_BYTES)
      await store.head(key)
      await ask(new URL(await store.presignGet(key, 3_600)), true)
      const upstream = upstreams[round % Math.max(1, upstreams.length)]
      if (upstream !== undefined) await ask(new URL(`/${WARM_UP}`, upstream), false)
      if (round % AT_A_TIME === 0) await store.list(`${WARM_UP}/`)
      await store.remove(key)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_A_TIME }, user))
  } catch (error) {
    // What fails here fails in the run as well, and is measured there.
    if (!(error instanceof CallError)) throw error
  } finally {
    life.die()
  }
}
