// What a real world is made from, and what of it the thread of the interposers needs.
import type { Ledger } from '../../metrics/ledger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import type { ForeignProcess } from '../foreign.ts'
import type { Host } from '../world.ts'
import { STORE_NAME } from '../world.ts'
import type { Keeping } from './foreign/process-host.ts'
import type { Resign } from './objects.ts'
import { pairsOf } from './pairs.ts'
import type { StoreFor, WorkerSetup } from './protocol.ts'
import type { RouteSpec } from './routes.ts'
import type { CallStages } from './stages.ts'
import { WARM_UP } from './warm-up.ts'

export interface RealWorldSetup {
  readonly seed: number
  readonly startMs: number
  readonly speed: number
  readonly recorder: Recorder
  readonly ledger: Ledger
  readonly routes: Readonly<Record<string, RouteSpec>>
  readonly itemOf: (key: string) => number
  /** Of the pipeline; its upstreams run in the other thread. */
  readonly hosts: readonly {
    readonly name: string
    readonly isUpstream?: boolean
    readonly foreign?: ForeignProcess
    main(host: Host): void | Promise<void>
  }[]
  readonly store: StoreFor
  readonly resign: Resign
  /** Resolved; the other thread rebuilds the upstreams from it. */
  readonly scenario: unknown
  /** The module that the other thread runs. */
  readonly interposer: URL
  /** Where processes that are not ours are kept, where there are any. */
  readonly keeping?: Keeping | undefined
  /** Gives their start up. */
  readonly signal?: AbortSignal | undefined
  /** Why a part ended during the run. */
  readonly lost: Promise<Error | undefined>
}

export function workerSetup(setup: RealWorldSetup, stages: CallStages): WorkerSetup {
  const { seed, speed, startMs, store, scenario } = setup
  return {
    seed,
    speed,
    startMs,
    stages: stages.buffer,
    store,
    scenario,
    pairs: [[WARM_UP, STORE_NAME], ...pairsOf(setup.hosts)],
  }
}
