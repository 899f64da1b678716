// A small inference system in a world of its own, watched on the wire: who called whom, when, and how it ended.
import { Ledger } from '../../../src/metrics/ledger.ts'
import { Recorder } from '../../../src/metrics/recorder.ts'
import { Trace } from '../../../src/metrics/trace.ts'
import { Windows } from '../../../src/metrics/windows.ts'
import { inference } from '../../../src/pipelines/inference/index.ts'
import { Timeline } from '../../../src/run/timeline.ts'
import { VirtualWorld } from '../../../src/worlds/virtual/world.ts'
import { type Host, pass, STORE_ROUTES } from '../../../src/worlds/world.ts'
import { type Injected, planned } from '../../run/play.ts'

export interface Seen {
  readonly atMs: number
  readonly from: string
  readonly to: string
  readonly route: string
  readonly key: string
  /** `request` when it was sent, `reply` when it was answered. */
  readonly stage: string
  readonly nth: number
}

export interface Small {
  readonly options?: Readonly<Record<string, unknown>>
  /** Hosts beside the analyser and the sink, instead of the services. */
  readonly instead?: Readonly<Record<string, (host: Host) => void | Promise<void>>>
  readonly beside?: Readonly<Record<string, (host: Host) => void | Promise<void>>>
  readonly faults?: readonly Injected[]
  /** When items are due, ms. */
  readonly items?: readonly number[]
  readonly forMs: number
  readonly seed?: number
}

export interface Watched {
  readonly world: VirtualWorld
  readonly seen: readonly Seen[]
  /** When the number of registered services changed, and to what, from the start. */
  readonly registered: readonly (readonly [atMs: number, services: number])[]
  readonly keys: readonly string[]
  readonly reported: Readonly<Record<string, number>>
  lines(line: string): number
  fates(): Readonly<Record<string, number>>
}

const routes = [...STORE_ROUTES, ...Object.keys(inference.routes)]

/** Services answer alike and at once unless told otherwise; every image shows something, so it stays. */
const DEFAULTS = { services: 3, tasks: 1, service: { inference: '50ms', detections: 1 } }

export async function watch({
  options = {},
  instead,
  beside = {},
  faults = [],
  items = [],
  forMs,
  seed = 1,
}: Small): Promise<Watched> {
  const parsed = inference.options.parse({ ...DEFAULTS, ...options })
  const trace = new Trace()
  const windows = new Windows(0, [])
  const recorder = new Recorder(windows, trace, routes)
  const ledger = new Ledger(windows, trace, routes, inference.outcomes)
  const specs = Object.entries(inference.routes).map(([route, { key }]) =>
    key === undefined ? { route } : { route, key },
  )
  const setup = {
    seed,
    startMs: Date.UTC(2025, 0, 1),
    recorder,
    ledger,
    routes: specs,
  }
  const world = new VirtualWorld({ ...setup, itemOf: (key) => inference.itemOf(key) })
  const own = inference
    .hosts(parsed)
    .filter(({ name }) => instead === undefined || !name.startsWith('service-'))
  for (const { name, main } of own) world.addHost(name, main)
  for (const [name, main] of Object.entries({ ...instead, ...beside })) world.addHost(name, main)

  const seen: Seen[] = []
  world.addRule(({ from, to, route, key, nth }, stage) => {
    if (stage !== 'connect') seen.push({ atMs: world.nowMs, from, to, route, key, stage, nth })
    return pass
  }, {})
  const registered: [number, number][] = []
  const everySecond = () => {
    const services = recorder.gauge('services_registered').value
    if (registered.at(-1)?.[1] !== services) registered.push([world.nowMs, services])
    world.schedule(world.nowMs + 100, everySecond)
  }
  world.schedule(0, () => world.startHosts())
  new Timeline(faults.map(planned)).start(world, trace)
  world.schedule(0, everySecond)
  for (const [index, intendedMs] of items.entries())
    world.schedule(intendedMs, () =>
      world.offer('analyser', {
        index,
        id: String(index).padStart(8, '0'),
        batch: undefined,
        intendedMs,
      }),
    )
  world.schedule(forMs, () => world.clock.stop())
  await world.clock.run()
  return {
    world,
    seen,
    registered,
    keys: world.edge.store.table
      .list('')
      .entries()
      .map(({ key }) => key),
    reported: Object.fromEntries(
      [...recorder.reported].map(([name, gauge]) => [name, gauge.value]),
    ),
    lines: (line) => recorder.logs.get(line)?.total ?? 0,
    fates: () =>
      Object.fromEntries(
        ledger
          .causes({}, ['succeeded', 'failed', 'skipped', 'rejected', 'discarded'])
          .map((c) => [`${c.fate} ${c.stage} ${c.class}`, c.count]),
      ),
  }
}

/** The number in a key's name. */
export const numberOf = ({ key }: Pick<Seen, 'key'>): number => inference.itemOf(key)

export function requests(seen: readonly Seen[], route: string): Seen[] {
  return seen.filter((call) => call.route === route && call.stage === 'request')
}

export function replies(seen: readonly Seen[], route: string): Seen[] {
  return seen.filter((call) => call.route === route && call.stage === 'reply')
}

export const HOUR_MS = 3_600_000
export const seconds = (n: number): number => n * 1_000
/** n items at once. */
export const atOnce = (n: number, atMs = 5_000): number[] => new Array<number>(n).fill(atMs)
/** n items, one every so many ms. */
export const every = (n: number, gapMs: number, fromMs = 5_000): number[] =>
  Array.from({ length: n }, (_, i) => fromMs + i * gapMs)

/** A fault that is there all the time. */
export function always(options: Injected['options']): Injected {
  return { fromMs: 0, toMs: HOUR_MS, options }
}
