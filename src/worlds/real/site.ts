// The hosts of one thread: started, crashed, paused and skewed there, and the hands by which faults grip them.
import type { Agent } from 'undici'
import { AftershockError, UserCodeError } from '../../base/errors.ts'
import { Random } from '../../base/random.ts'
import type { Hands, Host, Item, PartGrip } from '../world.ts'
import { STORE_NAME } from '../world.ts'
import type { Calling } from './calls.ts'
import { lookUp } from './exposure.ts'
import { RealHost } from './host.ts'
import { type Resign, StoreClient } from './objects.ts'
import { Life, RealProcess } from './process.ts'
import type { Routes } from './routes.ts'
import { Server } from './serving.ts'
import { crash, type Gripped, handsOf } from './site-hands.ts'
import type { SlotUse } from './slot-use.ts'
import type { RealTime } from './time.ts'
import type { HostParts, SiteParts } from './used-parts.ts'

export interface SiteSetup {
  readonly seed: number
  readonly calling: Calling
  readonly routes: Routes
  readonly itemOf: (key: string) => number
  readonly store: {
    readonly accessKey: string
    readonly secretKey: string
    readonly bucket: string
    readonly region: string
  }
  readonly undici: typeof import('undici')
  readonly minio: typeof import('minio')
  readonly resign: Resign
  /** Where a caller reaches a part: its own listener before it. */
  readonly addressOf: (from: string, to: string) => string | undefined
  /** Redis and the database; upstreams have none. */
  readonly parts?: SiteParts | undefined
  /** A fault's grip on those. */
  readonly gripOf?: (part: string) => PartGrip
  readonly signerOf: (url: URL) => string | undefined
  /** A host listens now. Undefined where nobody calls them but by `serverOf`: they have no ports then. */
  readonly onListening: ((host: string, port: number) => void) | undefined
  /** Something of the pipeline's threw, or could not be started. */
  readonly onTrouble: (error: unknown) => void
}

interface Born {
  readonly life: Life
  readonly agent: Agent
  readonly listening: Promise<void>
  readonly parts: HostParts | undefined
}

export class Site implements Gripped, AsyncDisposable {
  readonly processes = new Map<string, RealProcess>()
  readonly #setup: SiteSetup
  readonly #ports = new Map<string, number>()
  readonly #agents = new Set<Agent>()
  readonly #born = new Map<string, Born>()

  constructor(setup: SiteSetup) {
    this.#setup = setup
  }

  addHost(name: string, main: (host: Host) => void | Promise<void>): void {
    const process = new RealProcess(name, () => {
      const born = this.#born.get(name) ?? this.#bear(process)
      this.#born.delete(name)
      born.listening.catch((error) => this.#setup.onTrouble(error))
      void this.#live(born, process, main)
    })
    this.processes.set(name, process)
  }

  /** Its code runs at once, as a restart is to take no time of ours; callers that are quicker find nobody yet. */
  async #live(
    born: Born,
    process: RealProcess,
    main: (host: Host) => void | Promise<void>,
  ): Promise<void> {
    try {
      await main(this.#host(process, born))
    } catch (error) {
      this.#setup.onTrouble(asUserCode(process.name, error))
    }
  }

  /** Every host listens before time begins: none finds another not yet there. */
  async prepare(): Promise<void> {
    for (const [name, process] of this.processes) {
      const born = this.#bear(process)
      await Promise.all([born.listening, born.parts?.ready])
      this.#born.set(name, born)
    }
  }

  /** A new life of a host, about to listen where it always does. */
  #bear(process: RealProcess): Born {
    const { calling, routes, undici, onTrouble } = this.#setup
    const life = new Life()
    process.life = life
    life.paused = process.pauses > 0
    const server = new Server({
      host: process.name,
      life,
      time: calling.time,
      stages: calling.stages,
      routes,
      onBrokenPipe: () =>
        calling.tell({ fact: 'counter', atUs: calling.time.nowUs, name: 'broken_pipes', by: 1 }),
      onTrouble,
    })
    life.server = server
    const agent = new undici.Agent({
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 60_000,
      connect: { lookup: lookUp },
    })
    this.#agents.add(agent)
    life.onDeath.add(() => {
      this.#agents.delete(agent)
      void agent.destroy()
    })
    const random = new Random(this.#setup.seed).fork(process.name)
    const parts = this.#setup.parts?.host(process.name, life, random)
    return { life, agent, parts, listening: this.#listen(process.name, server, life) }
  }

  async #listen(name: string, server: Server, life: Life): Promise<void> {
    const { onListening } = this.#setup
    if (onListening === undefined) return
    const port = await server.listen(this.#ports.get(name))
    if (life.dead) server.kill()
    this.#ports.set(name, port)
    onListening(name, port)
  }

  /** For callers in the same thread; undefined where there is no such host. */
  serverOf(name: string): Server | 'down' | undefined {
    const process = this.processes.get(name)
    if (process === undefined) return undefined
    const { life } = process
    return life === undefined || life.dead ? 'down' : life.server
  }

  #host(process: RealProcess, { life, agent, parts }: Born): RealHost {
    const { seed, calling, routes, itemOf, minio, store, resign, addressOf, signerOf } = this.#setup
    const endpoint = addressOf(process.name, STORE_NAME) ?? ''
    const access = { ...store, endpoint }
    return new RealHost(process, life, {
      seed,
      calling,
      routes,
      agent,
      objects: new StoreClient(minio, process, life, calling, access, itemOf, resign),
      parts,
      itemOf,
      addressOf: (to) => addressOf(process.name, to),
      reachedFrom: (caller) => addressOf(caller, process.name),
      signerOf,
    })
  }

  get time(): RealTime {
    return this.#setup.calling.time
  }

  get gripOf(): Gripped['gripOf'] {
    return this.#setup.gripOf
  }

  freeze(host: string, isFrozen: boolean): void {
    this.#setup.parts?.freeze(host, isFrozen)
  }

  start(): void {
    for (const process of this.processes.values()) if (process.downs === 0) process.start()
  }

  /** False where the entry host is down. */
  accept(entry: string, item: Item): boolean {
    const life = this.processes.get(entry)?.life
    if (life === undefined || life.dead || life.accept === undefined) return false
    life.wake(() => {
      try {
        // A promise that it returns and that fails is an unhandled rejection, which ends the run.
        void life.accept?.(item)
      } catch (error) {
        this.#setup.onTrouble(asUserCode(entry, error))
      }
    })
    return true
  }

  /** Of the hosts that have a capacity. */
  slotUse(): Readonly<Record<string, SlotUse>> {
    const used = [...this.processes].filter(([, { slots }]) => slots.length > 0)
    return Object.fromEntries(used.map(([name, process]) => [name, process.slotUse()]))
  }

  readonly hands: Hands = handsOf(this)

  /** Set where the load is driven; elsewhere nothing is withheld. */
  stopLoad: Hands['stopLoad'] = () => ({ withheld: () => 0, [Symbol.dispose]: () => {} })

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.processes.values()) crash(process)
    await Promise.all([...this.#agents].map((agent) => agent.destroy()))
  }
}

function asUserCode(host: string, error: unknown): unknown {
  return error instanceof AftershockError ? error : new UserCodeError(host, error)
}
