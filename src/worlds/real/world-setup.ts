// What a real world is made from, and what of it the thread of the interposers needs.
import type { Ledger } from '../../metrics/ledger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import type { ForeignProcess } from '../foreign.ts'
import type { Host } from '../world.ts'
import { STORE_NAME } from '../world.ts'
import type { Calling } from './calls.ts'
import type { Outward } from './egress/setup.ts'
import { type Exposure, LOOPBACK_ALONE } from './exposure.ts'
import type { Keeping } from './foreign/process-host.ts'
import type { Resign } from './objects.ts'
import { pairsOf } from './pairs.ts'
import type { StoreFor, WorkerSetup } from './protocol.ts'
import type { RouteSpec } from './routes.ts'
import type { CallStages } from './stages.ts'
import { type PartsFor, targetsOf, usedParts } from './used-parts.ts'
import { WARM_UP, warmUp } from './warm-up.ts'
import { warmUpParts } from './warm-up-parts.ts'

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
    readonly standsInFor?: readonly string[]
    main(host: Host): void | Promise<void>
    prepare?(): Promise<unknown>
  }[]
  readonly store: StoreFor
  /** Beside the store, where the pipeline uses them. */
  readonly parts: PartsFor
  /** Globs of keys in Redis that are told of when they change. */
  readonly watchedKeys: readonly string[]
  readonly resign: Resign
  /** Resolved; the other thread rebuilds the upstreams from it. */
  readonly scenario: unknown
  /** The module that the other thread runs. */
  readonly interposer: URL
  /** Where processes that are not ours are kept, where there are any. */
  readonly keeping?: Keeping | undefined
  /** Default: free ports of loopback. */
  readonly exposure?: Exposure | undefined
  /** Those of them whose clocks faults will skew. */
  readonly skewed?: readonly string[]
  /** Gives their start up. */
  readonly signal?: AbortSignal | undefined
  /** Why a part ended during the run. */
  readonly lost: Promise<Error | undefined>
}

export function workerSetup(
  setup: RealWorldSetup,
  stages: CallStages,
  { egress }: Outward,
): WorkerSetup {
  const { seed, speed, startMs, store, scenario } = setup
  return {
    seed,
    speed,
    startMs,
    stages: stages.buffer,
    store,
    scenario,
    pairs: [[WARM_UP, STORE_NAME], ...pairsOf(setup.hosts)],
    ...partsOf(setup),
    egress,
    exposure: setup.exposure ?? LOOPBACK_ALONE,
  }
}

/** Work, and calls to the store and the upstreams, before time begins and in no books. */
export async function warmUpCalls(
  { hosts, store, resign }: RealWorldSetup,
  links: ReadonlyMap<string, string>,
  calling: Calling,
): Promise<void> {
  // Several hosts may share what they prepare.
  for (const prepare of new Set(hosts.flatMap((host) => host.prepare ?? []))) await prepare()
  const [undici, minio] = await Promise.all([import('undici'), import('minio')])
  const [own] = hosts.filter((host) => host.isUpstream !== true)
  const agent = new undici.Agent()
  const endpoint = links.get(`${WARM_UP} ${STORE_NAME}`) ?? store.endpoint
  await warmUp({
    minio,
    agent,
    calling,
    access: { ...store, endpoint },
    resign,
    // A process that is not ours would count what it is asked.
    upstreams: hosts
      .filter(({ foreign }) => foreign === undefined)
      .flatMap((host) => links.get(`${own?.name} ${host.name}`) ?? []),
  })
  await agent.destroy()
}

/** On connections and keys of its own, and in no books. */
export async function warmUpPartsOf(
  { parts, hosts }: RealWorldSetup,
  calling: Calling,
  portOf: (from: string, to: string) => number,
): Promise<void> {
  const { redis } = parts
  // What processes that are not ours use is left as they expect it: empty.
  if (Object.keys(parts).length === 0 || hosts.some(({ foreign }) => foreign !== undefined)) return
  const prefix = `${redis?.prefix ?? ''}-${WARM_UP}`
  const own = { ...parts, ...(redis === undefined ? {} : { redis: { ...redis, prefix } }) }
  await using used = await usedParts({
    parts: own,
    calling: { ...calling, tell: () => {} },
    itemOf: () => -1,
    portOf,
    freeze: () => {},
    onTrouble: () => {},
  })
  await warmUpParts(used, own)
}

/** Upstreams are others' systems: they use none of ours. */
function partsOf({
  parts,
  hosts,
}: RealWorldSetup): Pick<WorkerSetup, 'parts' | 'partUsers' | 'witnessed'> {
  return {
    parts: targetsOf(parts),
    partUsers: [
      WARM_UP,
      ...hosts.filter((host) => host.isUpstream !== true).map(({ name }) => name),
    ],
    witnessed: hosts.filter(({ foreign }) => foreign !== undefined).map(({ name }) => name),
  }
}
