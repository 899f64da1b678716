// A virtual world with hosts of a test's own: plays them, with faults on a timeline, and keeps what they tell.

import { must } from '../../src/base/assert.ts'
import type { FaultDefinition } from '../../src/faults/fault.ts'
import * as family from '../../src/faults/index.ts'
import { Ledger } from '../../src/metrics/ledger.ts'
import type { OutcomeRule } from '../../src/metrics/outcomes.ts'
import { Recorder } from '../../src/metrics/recorder.ts'
import { Trace } from '../../src/metrics/trace.ts'
import { Windows } from '../../src/metrics/windows.ts'
import type { PlannedFault } from '../../src/run/plan.ts'
import { type FaultReport, Timeline } from '../../src/run/timeline.ts'
import { VirtualWorld } from '../../src/worlds/virtual/world.ts'
import {
  CallError,
  DATABASE_ROUTES,
  type Host,
  type PartsUsed,
  REDIS_ROUTES,
  STORE_ROUTES,
} from '../../src/worlds/world.ts'

export const faults = Object.values(family) as unknown as readonly FaultDefinition[]

/** Notes a line with the host's name and the time, in whole milliseconds. */
export type Tell = (what: string) => void
export type Main = (host: Host, tell: Tell) => void | Promise<void>

/** A fault's raw options, as a scenario has them, and when it is there. */
export interface Injected {
  readonly options: { readonly kind: string; readonly [option: string]: unknown }
  readonly fromMs: number
  readonly toMs: number
}

export function inject(fromMs: number, toMs: number, options: Injected['options']): Injected {
  return { fromMs, toMs, options }
}

export interface Play {
  readonly hosts: Readonly<Record<string, Main>>
  readonly faults?: readonly Injected[]
  /** HTTP routes; a key is read from `params.key`. Items are the numbers that keys end in. */
  readonly routes?: readonly string[]
  readonly rules?: readonly OutcomeRule[]
  /** Parts beside the object store. */
  readonly uses?: PartsUsed
  /** How long, ms. */
  readonly forMs?: number
  readonly seed?: number
  /** Called when all is set up, before time runs. */
  readonly before?: (world: VirtualWorld, timeline: Timeline) => void
}

export interface Played {
  /** `<ms> <host>: <what>` */
  readonly told: readonly string[]
  readonly world: VirtualWorld
  readonly faults: readonly FaultReport[]
}

export async function play(plan: Play): Promise<Played> {
  const world = emptyWorld(plan)
  const told: string[] = []
  for (const [name, main] of Object.entries(plan.hosts)) {
    const tell = (what: string) => told.push(`${Math.round(world.nowMs)} ${name}: ${what}`)
    world.addHost(name, (host) => main(host, tell))
  }
  const timeline = new Timeline((plan.faults ?? []).map(planned))
  world.schedule(0, () => world.startHosts())
  timeline.start(world, world.recorder.trace)
  plan.before?.(world, timeline)
  world.schedule(plan.forMs ?? 60_000, () => world.clock.stop())
  await world.clock.run()
  return { told, world, faults: timeline.report() }
}

export function emptyWorld({
  seed = 1,
  routes = [],
  rules = [],
  uses = {},
}: Omit<Play, 'hosts'>): VirtualWorld {
  const windows = new Windows(0, [])
  const trace = new Trace()
  const names = [
    ...STORE_ROUTES,
    ...routes,
    ...(uses.redis === undefined ? [] : REDIS_ROUTES),
    ...(uses.database === undefined ? [] : DATABASE_ROUTES),
  ]
  return new VirtualWorld({
    seed,
    startMs: Date.UTC(2025, 0, 1),
    recorder: new Recorder(windows, trace, names),
    ledger: new Ledger(windows, trace, names, rules),
    routes: routes.map((route) => ({ route, key: 'params.key' })),
    uses,
    itemOf: (key) => Number(/(\d+)(?:\.jpg)?$/.exec(key)?.[1] ?? -1),
  })
}

export function faultOf(kind: string): FaultDefinition {
  return must(
    faults.find((fault) => fault.kind === kind),
    `there is a fault ${kind}`,
  )
}

export function planned({ options: raw, fromMs, toMs }: Injected): PlannedFault {
  const definition = faultOf(raw.kind)
  const options = definition.options.parse(raw) as PlannedFault['options']
  return { definition, options, injections: [{ fromMs, toMs }], key: JSON.stringify(options) }
}

/** How long a call takes on the network is a draw: what is told is worth more without its times. */
export function withoutTimes(told: readonly string[]): string[] {
  return told.map((line) => line.replace(/^\d+ /, ''))
}

/** How a call ended: `ok`, what it brought, or the class and code of its failure. */
export async function ended(call: Promise<unknown>): Promise<string> {
  try {
    const brought = await call
    if (typeof brought !== 'object' || brought === null) return 'ok'
    return 'status' in brought ? String(brought.status) : 'ok'
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    return error.code === undefined ? error.class : `${error.class} ${error.code}`
  }
}
