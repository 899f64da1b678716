// A host of the virtual world: the ports that one life of a process sees.
import { UserCodeError } from '../../base/errors.ts'
import type { Random } from '../../base/random.ts'
import type { RouteStats } from '../../metrics/attempts.ts'
import { TraceEvent } from '../../metrics/trace.ts'
import type {
  CallOptions,
  Capacity,
  Clock,
  Counter,
  Gauge,
  Handle,
  Host,
  Http,
  Item,
  ObjectInfo,
  ObjectStore,
  PartMeter,
  Reply,
} from '../world.ts'
import type { StoreEdge } from './edge.ts'
import { Exchange, NO_TIMEOUTS } from './exchange.ts'
import { NETWORK } from './profile.ts'
import type { Life, Process } from './process.ts'
import { Station } from './station.ts'
import type { VirtualWorld } from './world.ts'
import type { TableListing } from './objects.ts'

const networkUs = (u: number) => NETWORK.sample(u) * 1_000

export class VirtualHost implements Host {
  readonly name: string
  readonly clock: Clock
  readonly random: Random
  readonly objects: ObjectStore
  readonly http: Http
  readonly report: { set(name: string, value: number): void }
  readonly #world: VirtualWorld
  readonly #life: Life
  readonly #logs = new Map<string, (key: string | undefined) => void>()

  constructor(world: VirtualWorld, process: Process, life: Life) {
    this.name = process.name
    this.#world = world
    this.#life = life
    this.random = world.random.fork(process.name)
    this.clock = clockOf(world, process, life)
    this.objects = objectsOf(world.edge, process, life)
    this.http = {
      call: (to, route, options) => this.#call(to, route, options),
      fetch: (url, timeouts) => world.edge.fetch(process, life, url, timeouts),
    }
    this.report = { set: (name, value) => world.recorder.reportedGauge(name).set(world.clock.nowUs, value) }
  }

  #call(to: string, route: string, options: CallOptions = {}): Promise<Reply> {
    const { wire } = this.#world
    const { stats, keyOf } = this.#world.route(this.name, route)
    if (!wire.processes.has(to)) throw new UserCodeError(`${this.name}, call of ${route},`, new Error(`there is no host '${to}'`))
    const key = keyOf(options)
    return new Promise<Reply>((resolve, reject) => {
      const x = this.#exchange(to, stats, key, options)
      x.resolve = resolve as (value: never) => void
      x.reject = reject
      wire.send(x, networkUs)
    })
  }

  #exchange(to: string, stats: RouteStats, key: string, options: CallOptions): Exchange {
    const { wire } = this.#world
    const item = key === '' ? -1 : this.#world.itemOf(key)
    const timeouts = options.timeouts ?? NO_TIMEOUTS
    const x = new Exchange(this.name, to, 'http', stats, key, item, timeouts, this.#life, wire.clock, wire.arriveAtHost)
    x.wantsReply = true
    if (options.params !== undefined) x.params = options.params
    if (options.body !== undefined) x.body = options.body
    return x
  }

  serve(route: string, handle: Handle, capacity?: Capacity): void {
    const { wire, recorder, processes } = this.#world
    const life = this.#life
    let station: Station | undefined
    if (capacity !== undefined) {
      station = new Station(capacity, recorder.part(this.name, capacity.concurrency), (x) => wire.work(x, life))
      station.factor = processes.get(this.name)?.capacityFactor ?? 1
      life.stations.push(station)
    }
    life.served.set(this.#world.route(this.name, route).stats.route, { handle, station })
  }

  intake(accept: (item: Item) => Promise<void> | void): void {
    this.#life.accept = accept
  }

  log(line: string, key?: string): void {
    let note = this.#logs.get(line)
    if (note === undefined) {
      note = this.#world.logLine(line)
      this.#logs.set(line, note)
    }
    note(key)
  }

  gauge(name: string): Gauge {
    const { recorder, clock } = this.#world
    const stats = recorder.gauge(name)
    return {
      set: (value) => {
        if (value === stats.value) return
        stats.set(clock.nowUs, value)
        recorder.trace.note(TraceEvent.gauge, clock.nowUs, value | 0, 0, 0)
      },
    }
  }

  counter(name: string): Counter {
    const { recorder, clock } = this.#world
    const stats = recorder.counter(name)
    return { add: (by = 1) => stats.add(clock.nowUs, by) }
  }

  part(name: string, concurrency: number): PartMeter {
    const { recorder, clock } = this.#world
    const part = recorder.part(name, concurrency)
    part.changeBusy(clock.nowUs, -part.busy.value)
    part.changeWaiting(clock.nowUs, -part.waiting.value)
    return {
      waiting: (by) => part.changeWaiting(clock.nowUs, by),
      busy: (by) => part.changeBusy(clock.nowUs, by),
      waited: (ms) => part.wait.record(ms),
    }
  }

  work(_label: string, costMs: number): Promise<void> {
    return this.clock.sleep(costMs)
  }
}

function clockOf(world: VirtualWorld, process: Process, life: Life): Clock {
  const { clock } = world
  return {
    now() {
      if (process.skewMs !== 0) process.wrongReads++
      return world.startMs + clock.nowUs / 1_000 + process.skewMs
    },
    monotonic: () => clock.nowUs / 1_000,
    sleep: (ms) =>
      new Promise<void>((resolve) => {
        clock.schedule(clock.nowUs + Math.max(0, ms) * 1_000, life.wake, resolve)
      }),
  }
}

function objectsOf(edge: StoreEdge, process: Process, life: Life): ObjectStore {
  return {
    put: (key, sizeBytes, timeouts) => edge.call<void>(process, life, 'put', key, sizeBytes, timeouts),
    head: (key, timeouts) => edge.call<ObjectInfo>(process, life, 'head', key, undefined, timeouts),
    presignGet: async (key, expirySeconds) => edge.presign(process, key, expirySeconds),
    remove: (key, timeouts) => edge.call<void>(process, life, 'delete', key, undefined, timeouts),
    removeMany: (keys, timeouts) => edge.call<void>(process, life, 'deleteMany', '', keys, timeouts),
    list: (prefix, timeouts) => edge.call<TableListing>(process, life, 'list', prefix, undefined, timeouts),
  }
}
