// A host of the virtual world: the ports that one life of a process sees.
import { UserCodeError } from '../../base/errors.ts'
import type { Random } from '../../base/random.ts'
import type { CallKey } from '../call-key.ts'
import type { TableListing } from '../store/objects.ts'
import type {
  CallOptions,
  Capacity,
  Clock,
  Counter,
  Database,
  Gauge,
  Handle,
  Host,
  Http,
  HttpEntry,
  Item,
  JobQueue,
  ObjectInfo,
  ObjectStore,
  PartMeter,
  PoolOptions,
  Reply,
  SharedRedis,
} from '../world.ts'
import { VirtualQueue } from './consumer.ts'
import { VirtualDatabase } from './database.ts'
import type { StoreEdge } from './edge.ts'
import { Exchange } from './exchange.ts'
import { Lane } from './lane.ts'
import type { Life, Process } from './process.ts'
import { NETWORK } from './profile.ts'
import { Station } from './station.ts'
import type { VirtualWorld } from './world.ts'

interface HttpLane {
  readonly lane: Lane
  readonly keyOf: CallKey
}

const networkUs = (u: number) => NETWORK.sample(u) * 1_000

export class VirtualHost implements Host {
  readonly name: string
  readonly clock: Clock
  readonly random: Random
  readonly objects: ObjectStore
  readonly http: Http
  readonly report: { set(name: string, value: number): void }
  readonly #world: VirtualWorld
  readonly #process: Process
  readonly #life: Life
  readonly #logs = new Map<string, (key: string | undefined) => void>()
  readonly #lanes = new Map<string, Map<string, HttpLane>>()

  constructor(world: VirtualWorld, process: Process, life: Life) {
    this.name = process.name
    this.#world = world
    this.#process = process
    this.#life = life
    this.random = world.random.fork(process.name)
    this.clock = clockOf(world, process, life)
    this.objects = objectsOf(world.edge, process, life)
    this.http = {
      call: (to, route, options) => this.#call(to, route, options),
      fetch: (url, timeouts) => world.edge.fetch(process, life, url, timeouts),
    }
    this.report = {
      set: (name, value) => world.recorder.reportedGauge(name).set(world.clock.nowUs, value),
    }
  }

  #call(to: string, route: string, options: CallOptions = {}): Promise<Reply> {
    const { wire } = this.#world
    const { lane, keyOf } = this.#lane(to, route)
    const key = keyOf(options.params, options.body ?? null, options.headers)
    const item = key === '' ? -1 : this.#world.itemOf(key)
    const x = new Exchange(lane, key, item, this.#life, wire.clock)
    if (options.timeouts !== undefined) x.timeouts = options.timeouts
    if (options.params !== undefined) x.unusual().params = options.params
    x.arg = options.body ?? null
    return wire.send<Reply>(x)
  }

  #lane(to: string, route: string): HttpLane {
    let routes = this.#lanes.get(to)
    if (routes === undefined) {
      if (!this.#world.processes.has(to))
        throw new UserCodeError(
          `${this.name}, call of ${route},`,
          new Error(`there is no host '${to}'`),
        )
      routes = new Map()
      this.#lanes.set(to, routes)
    }
    let found = routes.get(route)
    if (found === undefined) {
      const { stats, keyOf } = this.#world.route(this.name, route)
      const lane = new Lane({
        from: this.name,
        to,
        op: 'http',
        stats,
        target: this.#world.processes.get(to),
        isUpstream: this.#world.recorder.upstreams.isUpstream(to, route),
        latencyUs: networkUs,
        arrive: this.#world.serving.arrive,
      })
      found = { lane, keyOf }
      routes.set(route, found)
    }
    return found
  }

  addressFor(): string {
    return `http://${this.name}`
  }

  serve(route: string, handle: Handle, capacity?: Capacity): void {
    const { serving, recorder, processes } = this.#world
    const life = this.#life
    let station: Station | undefined
    if (capacity !== undefined) {
      station = new Station(
        capacity,
        recorder.part(this.name, capacity.bears ?? capacity.concurrency),
        (x) => serving.work(x, life),
      )
      station.factor = processes.get(this.name)?.capacityFactor ?? 1
      life.stations.push(station)
    }
    life.served[this.#world.route(this.name, route).stats.index] = { handle, station }
  }

  queue(name: string): JobQueue {
    const { redis, wire } = this.#world
    if (redis === undefined) throw this.#unused('redis')
    return new VirtualQueue(this, this.#life, wire, redis, name)
  }

  database(pool: PoolOptions): Database {
    const { tables, wire } = this.#world
    if (tables === undefined) throw this.#unused('database')
    return new VirtualDatabase(this, this.#life, wire, tables, pool)
  }

  sharedRedis(): SharedRedis {
    const why = 'Redis is shared with other processes in the real world only'
    throw new UserCodeError(`${this.name},`, new Error(why))
  }

  #unused(part: string): UserCodeError {
    return new UserCodeError(`${this.name},`, new Error(`the pipeline's \`uses\` has no ${part}`))
  }

  intake(accept: (item: Item) => Promise<void> | void, entry?: HttpEntry): void {
    this.#life.accept = accept
    this.#process.entry = entry
  }

  log(line: string, key?: string): void {
    let note = this.#logs.get(line)
    if (note === undefined) {
      note = this.#world.logLine(this.name, line)
      this.#logs.set(line, note)
    }
    note(key)
  }

  gauge(name: string): Gauge {
    const { recorder, clock } = this.#world
    const stats = recorder.gauge(name)
    return { set: (value) => stats.set(clock.nowUs, value) }
  }

  counter(name: string): Counter {
    const { recorder, clock } = this.#world
    const stats = recorder.counter(name)
    return { add: (by = 1) => stats.add(clock.nowUs, by) }
  }

  part(name: string, concurrency: number, waitingGauge?: string): PartMeter {
    const { recorder, clock } = this.#world
    const part = recorder.part(name, concurrency, waitingGauge)
    part.changeBusy(clock.nowUs, -part.busy.value)
    part.changeWaiting(clock.nowUs, -part.waiting.value)
    return {
      waiting: (by) => part.changeWaiting(clock.nowUs, by),
      busy: (by) => part.changeBusy(clock.nowUs, by),
      waited: (ms) => part.waited(clock.nowUs, ms),
    }
  }

  work(_label: string, costMs: number): Promise<void> {
    return this.clock.sleep(this.#process.slowdowns.workMs(costMs))
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
  const lanes = edge.lanes(process.name)
  return {
    put: (key, sizeBytes, timeouts) =>
      edge.call<void>(process, life, lanes.put, key, sizeBytes, timeouts),
    head: (key, timeouts) =>
      edge.call<ObjectInfo>(process, life, lanes.head, key, undefined, timeouts),
    presignGet: (key, expirySeconds) => Promise.resolve(edge.presign(process, key, expirySeconds)),
    remove: (key, timeouts) =>
      edge.call<void>(process, life, lanes.delete, key, undefined, timeouts),
    removeMany: (keys, timeouts) =>
      edge.call<void>(process, life, lanes.deleteMany, '', keys, timeouts),
    list: (prefix, timeouts) =>
      edge.call<TableListing>(process, life, lanes.list, prefix, undefined, timeouts),
  }
}
