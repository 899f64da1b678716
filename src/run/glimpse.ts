// What can be seen of a run while it goes on: totals so far, levels now, thresholds as they stand.
import { catalogOf } from '../metrics/catalog.ts'
import { LOST } from '../metrics/outcomes.ts'
import type { WindowFilter } from '../metrics/windows.ts'
import type { Hands } from '../worlds/world.ts'
import type { Books } from './books.ts'
import { judgeAll } from './judge.ts'
import type { Plan } from './plan.ts'
import type { Judged } from './result.ts'

export interface Glimpse {
  readonly nowMs: number
  readonly loadEndMs: number
  readonly offered: number
  readonly succeeded: number
  readonly lost: number
  readonly levels: Readonly<Record<string, number>>
  readonly thresholds: readonly Judged[]
  /** Whose breach is expected. */
  readonly breach: readonly string[]
  readonly faults: readonly {
    readonly name: string
    readonly spans: readonly (readonly [fromMs: number, toMs: number])[]
  }[]
  readonly hosts: Readonly<Record<string, HostState>>
  readonly parts: readonly {
    readonly name: string
    readonly busy: number
    readonly waiting: number
  }[]
}

export type HostState = 'up' | 'paused' | 'down'

/** More spans than these are one anyway, on a line. */
const MOST_SPANS = 50

interface Watched {
  readonly nowMs: number
  readonly hands: Hands
}

/** A function that looks, with what does not change looked up once. */
export function watcher(plan: Plan, { ledger, recorder }: Books, world: Watched): () => Glimpse {
  const catalog = catalogOf(plan.pipeline)
  const { thresholds, expect } = plan.scenario
  const faults = plan.faults.map(({ options, injections }) => ({
    name: options.name ?? options.kind,
    spans: injections.slice(0, MOST_SPANS).map(({ fromMs, toMs }) => [fromMs, toMs] as const),
  }))
  return () => {
    const { nowMs, hands } = world
    const measured = { ledger, recorder, endUs: Math.round(nowMs * 1_000) }
    return {
      nowMs,
      loadEndMs: plan.loadEndMs,
      offered: whole((filter) => ledger.offered(filter)),
      succeeded: whole((filter) => ledger.ended(filter, ['succeeded'])),
      lost: whole((filter) => ledger.ended(filter, LOST)),
      levels: Object.fromEntries(
        [...recorder.gauges].flatMap(([name, { value }]) =>
          Number.isNaN(value) ? [] : [[name, value]],
        ),
      ),
      thresholds: judgeAll(thresholds, measured, catalog),
      breach: expect.breach,
      faults,
      hosts: Object.fromEntries(hands.hosts('*').map((name) => [name, stateOf(hands, name)])),
      parts: [...recorder.parts].map(([name, { busy, waiting }]) => ({
        name,
        busy: busy.value,
        waiting: waiting.value,
      })),
    }
  }
}

function stateOf(hands: Hands, name: string): HostState {
  const host = hands.host(name)
  if (!host.alive()) return 'down'
  return host.running() ? 'up' : 'paused'
}

function whole(count: (filter: WindowFilter) => number): number {
  return count({}) + count({ phase: 'warmup' })
}
