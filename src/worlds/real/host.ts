// A host of the real world: the ports that one life of a process sees, over sockets.
import { UserCodeError } from '../../base/errors.ts'
import { Random } from '../../base/random.ts'
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
  ObjectStore,
  PartMeter,
  PoolOptions,
  Reply,
  SharedRedis,
  Timeouts,
} from '../world.ts'
import { STORE_NAME } from '../world.ts'
import { type Calling, send } from './calls.ts'
import type { Life, RealProcess } from './process.ts'
import type { Routes } from './routes.ts'
import { type SlotMeter, Slots } from './slots.ts'
import type { RealTime } from './time.ts'
import type { HostParts } from './used-parts.ts'
import type { PartFact } from './write-part.ts'

/** What a host needs of the site it stands on. */
export interface HostSetup {
  readonly seed: number
  readonly calling: Calling
  readonly routes: Routes
  readonly agent: import('undici').Agent
  readonly objects: ObjectStore
  /** Redis and the database, where this life has them. */
  readonly parts: HostParts | undefined
  readonly itemOf: (key: string) => number
  /** Where this host reaches another; undefined where there is no such host. */
  readonly addressOf: (to: string) => string | undefined
  /** Where another reaches this host. */
  readonly reachedFrom: (caller: string) => string | undefined
  /** Who signed a URL, by the address that it names. */
  readonly signerOf: (url: URL) => string | undefined
}

export class RealHost implements Host {
  readonly name: string
  readonly clock: Clock
  readonly random: Random
  readonly objects: ObjectStore
  readonly http: Http
  readonly report: { set(name: string, value: number): void }
  readonly #process: RealProcess
  readonly #life: Life
  readonly #setup: HostSetup
  #works = 0

  constructor(process: RealProcess, life: Life, setup: HostSetup) {
    this.name = process.name
    this.#process = process
    this.#life = life
    this.#setup = setup
    this.random = new Random(setup.seed).fork(process.name)
    this.clock = clockOf(setup.calling, process, life)
    this.objects = setup.objects
    this.http = {
      call: (to, route, options) => this.#call(to, route, options),
      fetch: (url, timeouts) => this.#fetch(url, timeouts),
    }
    const { tell, time } = setup.calling
    this.report = {
      set: (name, value) => tell({ fact: 'report', atUs: time.nowUs, name, value }),
    }
  }

  #call(to: string, route: string, options: CallOptions = {}): Promise<Reply> {
    const { routes, addressOf, agent, calling, itemOf } = this.#setup
    const address = addressOf(to)
    const spec = routes.spec(route)
    if (address === undefined || spec === undefined)
      throw new UserCodeError(
        `${this.name}, call of ${route},`,
        new Error(
          address === undefined
            ? `there is no host '${to}'`
            : `route '${route}' is not declared by the pipeline`,
        ),
      )
    const { params = {}, body = null, headers = {}, timeouts = {}, text } = options
    const key = routes.keyOf(route, params, body, headers)
    const item = key === '' ? -1 : itemOf(key)
    const sent = body === null ? null : JSON.stringify(body)
    return send(
      agent,
      this.#life,
      calling,
      { from: this.name, to, route, item, key },
      {
        url: new URL(routes.path(route, params), address),
        method: spec.method,
        headers: sent === null ? headers : { 'content-type': 'application/json', ...headers },
        body: sent,
        timeouts,
        text,
        isStore: false,
      },
    )
  }

  #fetch(text: string, timeouts: Timeouts = {}): Promise<Reply> {
    const { agent, calling, itemOf, signerOf } = this.#setup
    const url = URL.parse(text)
    const signer = url === null ? undefined : signerOf(url)
    if (url === null || signer === undefined)
      throw new UserCodeError(
        `${this.name}, fetch(),`,
        new Error(`'${text}' is not a presigned URL of this world`),
      )
    const key = keyOf(url)
    return send(
      agent,
      this.#life,
      calling,
      { from: signer, to: STORE_NAME, route: 'fetch', item: itemOf(key), key },
      { url, method: 'GET', headers: {}, body: null, timeouts, isStore: true },
    )
  }

  addressFor(caller: string): string {
    return this.#setup.reachedFrom(caller) ?? `http://${this.name}`
  }

  serve(route: string, handle: Handle, capacity?: Capacity): void {
    const { time } = this.#setup.calling
    const slots =
      capacity === undefined
        ? undefined
        : new Slots(
            capacity,
            this.#process.capacityFactor,
            this.#meter(this.name, capacity.bears ?? capacity.concurrency),
            () => time.nowMs,
          )
    if (slots !== undefined) this.#process.slots.push(slots)
    this.#life.server?.serve(route, handle, slots)
  }

  queue(name: string): JobQueue {
    return this.#parts().queue(name)
  }

  sharedRedis(): SharedRedis {
    return this.#parts().sharedRedis()
  }

  database(pool: PoolOptions): Database {
    return this.#parts().database(pool)
  }

  /** Upstreams are others' systems: what they keep is none of ours. */
  #parts(): HostParts {
    const { parts } = this.#setup
    if (parts !== undefined) return parts
    throw new UserCodeError(
      `${this.name},`,
      new Error('it has neither queues nor a database: it is an upstream, or `uses` names none'),
    )
  }

  intake(accept: (item: Item) => Promise<void> | void, entry?: HttpEntry): void {
    this.#life.accept = accept
    this.#process.entry = entry
  }

  log(line: string, key?: string): void {
    const { calling, itemOf } = this.#setup
    const item = key === undefined ? -1 : itemOf(key)
    calling.tell({ fact: 'log', atUs: calling.time.nowUs, host: this.name, line, item })
  }

  gauge(name: string): Gauge {
    const { tell, time } = this.#setup.calling
    return { set: (value) => tell({ fact: 'gauge', atUs: time.nowUs, name, value }) }
  }

  counter(name: string): Counter {
    const { tell, time } = this.#setup.calling
    return { add: (by = 1) => tell({ fact: 'counter', atUs: time.nowUs, name, by }) }
  }

  part(name: string, concurrency: number, waitingGauge?: string): PartMeter {
    return this.#meter(name, concurrency, waitingGauge)
  }

  #meter(name: string, concurrency: number, waitingGauge?: string): PartMeter & SlotMeter {
    const { tell, time } = this.#setup.calling
    const note = (what: PartFact['what'], by: number, slots = concurrency) =>
      tell({
        fact: 'part',
        atUs: time.nowUs,
        name,
        concurrency: slots,
        ...(waitingGauge === undefined ? {} : { waitingGauge }),
        what,
        by,
      })
    note('declare', 0)
    return {
      waiting: (by) => note('waiting', by),
      busy: (by) => note('busy', by),
      waited: (ms) => note('waited', ms),
      slots: (count) => note('concurrency', 0, count),
    }
  }

  /**
   * Done for real where it can be; otherwise it takes its time, less what requests in slots have lost (`Arrears`). No
   * machine gets faster with the world's clock: at `--speed 10` every tenth is done for real, so that in all they ask
   * as much of it as they would at 1.
   */
  async work(_label: string, costMs: number, real?: () => Promise<unknown>): Promise<void> {
    const askedMs = this.#process.slowdowns.workMs(costMs)
    this.#process.askedMs += askedMs
    const { time } = this.#setup.calling
    const { speed } = time
    if (real === undefined || this.#works++ % Math.ceil(speed) !== 0) {
      const arrears = this.#life.inSlot.getStore()
      const madeUpMs = arrears?.madeUp(askedMs) ?? 0
      const lateMs = await sleep(time, this.#life, askedMs - madeUpMs)
      arrears?.lost(lateMs, speed)
      return
    }
    await real()
    await new Promise<void>((resolve) => this.#life.wake(resolve))
  }
}

function clockOf({ time }: Calling, process: RealProcess, life: Life): Clock {
  return {
    now() {
      if (process.skewMs !== 0) process.wrongReads++
      return time.startMs + time.nowMs + process.skewMs
    },
    monotonic: () => time.nowMs,
    sleep: (ms) => sleep(time, life, ms).then(() => {}),
  }
}

/** Resolves when the host runs, with how late its timer was, ms of the world. */
function sleep(time: RealTime, life: Life, ms: number): Promise<number> {
  return new Promise((resolve) => {
    const dueMs = time.nowMs + Math.max(0, ms)
    const timer = time.schedule(dueMs, () => {
      const lateMs = time.nowMs - dueMs
      life.onDeath.delete(end)
      life.wake(() => resolve(lateMs))
    })
    const end = () => timer[Symbol.dispose]()
    life.onDeath.add(end)
  })
}

/** Of `http://host/bucket/the/key?…`. */
function keyOf({ pathname }: URL): string {
  const path = pathname.slice(1)
  const slash = path.indexOf('/')
  try {
    return decodeURIComponent(path.slice(slash + 1))
  } catch {
    return path.slice(slash + 1)
  }
}
