// A run in the real world: starts what it needs, conducts, and gives everything back.
import type { StoreFor } from '../worlds/real/protocol.ts'
import { resign } from '../worlds/real/resign.ts'
import type { PartsFor } from '../worlds/real/used-parts.ts'
import { RealWorld } from '../worlds/real/world.ts'
import { conduct } from './conduct.ts'
import type { Conductor } from './run.ts'

export interface RealOptions {
  readonly speed: number
  /** A fresh bucket on a store that is ready. */
  readonly store: StoreFor
  /** Beside it, where the pipeline uses them. */
  readonly used: PartsFor
  /** Per part: which provider, and its version. */
  readonly parts: Readonly<Record<string, string>>
}

/** Beyond this the injected latency would measure our own lag. */
const MOST_LAG_MS = 20
/** Beside this module, compiled or not. */
const INTERPOSER = new URL(
  import.meta.url.endsWith('.ts') ? './interposer.ts' : './interposer.js',
  import.meta.url,
)

export function really({ speed, store, used, parts }: RealOptions): Conductor {
  return async (run, seed) => {
    const { plan, books, timeline } = run
    const { pipeline, scenario } = plan
    await using world = await RealWorld.create({
      seed,
      startMs: scenario.start,
      speed,
      recorder: books.recorder,
      ledger: books.ledger,
      routes: pipeline.routes,
      itemOf: (key) => pipeline.itemOf(key),
      hosts: plan.hosts,
      store,
      parts: used,
      resign,
      scenario,
      interposer: INTERPOSER,
    })
    world.begin()
    await conduct(world, run)
    const { evidence, lagP99Ms, measuredSkewMs } = await world.finish()
    // Later than anything that was told.
    const endUs = world.time.nowUs
    for (const [fault, found] of evidence.entries()) timeline.add(fault, found)
    const late = Object.entries(lagP99Ms).filter(([, ms]) => ms > MOST_LAG_MS)
    return {
      world: 'real',
      endUs,
      unfit: late.map(
        ([thread, ms]) =>
          `the event loop of ${thread} ran ${Math.round(ms)} ms late (p99), more than ${MOST_LAG_MS} ms: this machine cannot keep up at --speed ${speed}`,
      ),
      environment: {
        speed,
        parts,
        lagP99Ms,
        sendLatenessP99Ms: world.sendLatenessP99Ms,
        ...(Object.keys(measuredSkewMs).length === 0 ? {} : { measuredSkewMs }),
      },
    }
  }
}
