// A run in the real world: starts what it needs, conducts, and gives everything back.

import type { Keeping } from '../worlds/real/foreign/process-host.ts'
import { overloaded } from '../worlds/real/own-latency.ts'
import type { StoreFor } from '../worlds/real/protocol.ts'
import { resign } from '../worlds/real/resign.ts'
import { unkept } from '../worlds/real/short-limits.ts'
import { capacityTaken, eaten } from '../worlds/real/slot-use.ts'
import type { PartsFor } from '../worlds/real/used-parts.ts'
import { RealWorld } from '../worlds/real/world.ts'
import { conduct } from './conduct.ts'
import { type Exposing, exposureOf } from './exposing.ts'
import type { Conductor } from './run.ts'
import { skewedIn } from './skewed.ts'
import { THREAD_ENTRY } from './thread-entry.ts'
import { uncorrelated } from './uncorrelated.ts'

export interface RealOptions {
  readonly exposing: Exposing
  readonly speed: number
  /** A fresh bucket on a store that is ready. */
  readonly store: StoreFor
  /** Beside it, where the pipeline uses them. */
  readonly used: PartsFor
  /** Per part: which provider, and its version. */
  readonly parts: Readonly<Record<string, string>>
  /** For processes that are not ours. */
  readonly keeping?: Keeping | undefined
  /** Why a part ended though nobody asked it to: nothing that is measured after that counts. */
  readonly lost: Promise<Error | undefined>
}

/** Beyond this the injected latency would measure our own lag. */
const MOST_LAG_MS = 20

/** Whoever watches sees it move. */
const TELL_EVERY_WALL_MS = 500

export function really({
  speed,
  exposing,
  store,
  used,
  parts,
  keeping,
  lost,
}: RealOptions): Conductor {
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
      watchedKeys: pipeline.outcomes.flatMap((rule) => (rule.on === 'redis' ? [rule.key] : [])),
      resign,
      scenario,
      interposer: THREAD_ENTRY,
      keeping,
      exposure: exposureOf(plan, exposing),
      skewed: skewedIn(plan),
      signal: run.signal,
      lost,
    })
    world.begin()
    await conduct(world, { ...run, tellEveryMs: TELL_EVERY_WALL_MS * speed })
    const finished = await world.finish(run.signal?.aborted === true ? 'soon' : 'done')
    const { evidence, lagP99Ms, measuredSkewMs, egress, outputs, ownLatency, slotUse } = finished
    // Later than anything that was told.
    const endUs = world.time.nowUs
    for (const [fault, found] of evidence.entries()) timeline.add(fault, found)
    const { sendLatenessP99Ms } = world
    const unfit = [
      ...Object.entries(lagP99Ms).flatMap(([thread, ms]) =>
        late(`the event loop of ${thread} ran`, ms, speed),
      ),
      ...late('items were sent', (sendLatenessP99Ms ?? 0) / speed, speed),
      ...overloaded(ownLatency, speed),
      ...eaten(slotUse, speed),
      ...unkept(finished.shortLimits, speed),
    ]
    return {
      world: 'real',
      endUs,
      unfit: [...uncorrelated(pipeline, finished.unidentified), ...unfit],
      environment: {
        speed,
        parts,
        unfit,
        lagP99Ms,
        sendLatenessP99Ms,
        ownLatency,
        capacityTaken: capacityTaken(slotUse, speed),
        ...(Object.keys(measuredSkewMs).length === 0 ? {} : { measuredSkewMs }),
        ...(egress.length === 0 ? {} : { egress }),
        ...(outputs.length === 0 ? {} : { outputs }),
      },
    }
  }
}

/** Beyond the most that injected latency can bear, wall ms. */
function late(what: string, ms: number, speed: number): string[] {
  if (ms <= MOST_LAG_MS) return []
  return [
    `${what} ${Math.round(ms)} ms late (p99), more than ${MOST_LAG_MS} ms: this machine cannot keep up at --speed ${speed}`,
  ]
}
