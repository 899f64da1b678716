// The real world, seen from the main thread: the pipeline's hosts, the books, and the thread of the interposers.
import { Worker } from 'node:worker_threads'
import { Random } from '../../base/random.ts'
import type { Ledger } from '../../metrics/ledger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import type { Evidence, Hands, Host, Item } from '../world.ts'
import { STORE_NAME } from '../world.ts'
import { Facts } from './facts.ts'
import { LoopLag } from './lag.ts'
import type { Resign } from './objects.ts'
import { environmental, firstWord, received } from './other-thread.ts'
import { type OwnLatency, ownLatencies } from './own-latency.ts'
import type { FromInterposer, StoreFor, ToInterposer, WorkerSetup } from './protocol.ts'
import { type RouteSpec, Routes } from './routes.ts'
import { Site } from './site.ts'
import type { SlotUse } from './slot-use.ts'
import { CallStages, MAIN_THREAD_SLOTS } from './stages.ts'
import { RealTime, steadyMs } from './time.ts'
import { WARM_UP, warmUp } from './warm-up.ts'

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
    main(host: Host): void | Promise<void>
  }[]
  readonly store: StoreFor
  readonly resign: Resign
  /** Resolved; the other thread rebuilds the upstreams from it. */
  readonly scenario: unknown
  /** The module that the other thread runs. */
  readonly interposer: URL
}

export interface Finished {
  /** What each fault did in the other thread, by its number. */
  readonly evidence: readonly Evidence[]
  readonly lagP99Ms: { readonly main: number; readonly interposers: number }
  /** Per host whose clock was seen to be off. */
  readonly measuredSkewMs: Readonly<Record<string, number>>
  /** Per route. */
  readonly ownLatency: Readonly<Record<string, OwnLatency>>
  /** Per host that has a capacity. */
  readonly slotUse: Readonly<Record<string, SlotUse>>
}

/** Built, connected and waiting to begin. Throws what the other thread could not start. */
export class RealWorld implements AsyncDisposable {
  readonly random: Random
  readonly time: RealTime
  readonly ledger: Ledger
  readonly hands: Hands
  readonly #site: Site
  readonly #facts: Facts
  readonly #worker: Worker
  readonly #lag = new LoopLag()
  readonly #lateness: number[] = []
  readonly #timers = new Set<Disposable>()
  #injections = 0
  #end: (() => void) | undefined
  #trouble: { readonly error: unknown } | undefined
  #finished:
    | ((finished: Extract<FromInterposer, { finished: unknown }>['finished']) => void)
    | undefined

  private constructor(
    setup: RealWorldSetup,
    time: RealTime,
    facts: Facts,
    worker: Worker,
    site: Site,
  ) {
    this.random = new Random(setup.seed)
    this.time = time
    this.ledger = setup.ledger
    this.#facts = facts
    this.#worker = worker
    this.#site = site
    this.hands = { ...site.hands, stopLoad: () => this.stopLoad() }
  }

  static async create(setup: RealWorldSetup): Promise<RealWorld> {
    const time = new RealTime(setup.speed, setup.startMs)
    const stages = new CallStages()
    const links = new Map<string, string>()
    const signers = new Map<string, string>()
    const worker = new Worker(setup.interposer, {
      workerData: workerSetup(setup, stages),
      stdout: false,
      stderr: false,
    })
    const ready = await firstWord(worker)
    for (const link of ready) {
      const address = `http://127.0.0.1:${link.port}`
      links.set(`${link.from} ${link.to}`, address)
      if (link.to === STORE_NAME) signers.set(`127.0.0.1:${link.port}`, link.from)
    }
    const facts = new Facts(setup, time)
    const [undici, minio] = await Promise.all([import('undici'), import('minio')])
    let world: RealWorld | undefined
    const site = new Site({
      seed: setup.seed,
      calling: { time, tell: facts.tell, stages, slotOffset: MAIN_THREAD_SLOTS },
      routes: new Routes(setup.routes),
      itemOf: setup.itemOf,
      store: setup.store,
      undici,
      minio,
      resign: setup.resign,
      addressOf: (from, to) => links.get(`${from} ${to}`),
      signerOf: (url) => signers.get(url.host),
      onListening: (host, port) => world?.tell({ do: 'listening', host, port }),
      onTrouble: (error) => world?.fail(error),
    })
    for (const host of setup.hosts)
      if (host.isUpstream !== true) site.addHost(host.name, (ports) => host.main(ports))
    world = new RealWorld(setup, time, facts, worker, site)
    world.#listen()
    await site.prepare()
    await world.#warmUp(setup, links, stages)
    return world
  }

  #listen(): void {
    this.#worker.on('message', (message: FromInterposer) => {
      if ('facts' in message) for (const fact of message.facts) this.#facts.tell(fact)
      else if ('trouble' in message) this.fail(received(message.trouble))
      else if ('finished' in message) this.#finished?.(message.finished)
    })
    this.#worker.on('error', (error) => this.fail(error))
    this.#worker.on('exit', (code) => {
      if (this.#end !== undefined)
        this.fail(environmental(`the interposers' thread ended with code ${code} during the run`))
    })
  }

  async #warmUp(
    { hosts, store, resign }: RealWorldSetup,
    links: ReadonlyMap<string, string>,
    stages: CallStages,
  ): Promise<void> {
    const [undici, minio] = await Promise.all([import('undici'), import('minio')])
    const [own] = hosts.filter((host) => host.isUpstream !== true)
    const agent = new undici.Agent()
    const endpoint = links.get(`${WARM_UP} ${STORE_NAME}`) ?? store.endpoint
    const { time } = this
    await warmUp({
      minio,
      agent,
      calling: { time, tell: () => {}, stages, slotOffset: MAIN_THREAD_SLOTS },
      access: { ...store, endpoint },
      resign,
      upstreams: hosts.flatMap((host) => links.get(`${own?.name} ${host.name}`) ?? []),
    })
    await agent.destroy()
  }

  tell(message: ToInterposer): void {
    this.#worker.postMessage(message)
  }

  get nowMs(): number {
    return this.time.nowMs
  }

  schedule(atMs: number, fire: () => void): void {
    const timer = this.time.schedule(atMs, () => {
      this.#timers.delete(timer)
      if (this.#end !== undefined) fire()
    })
    this.#timers.add(timer)
  }

  startHosts(): void {
    this.#site.start()
  }

  offer(entry: string, item: Item): void {
    const { nowUs } = this.time
    this.#lateness.push(nowUs / 1_000 - item.intendedMs)
    this.ledger.offer(item.index, Math.round(item.intendedMs * 1_000), nowUs)
    if (!this.#site.accept(entry, item))
      this.#facts.tell({ fact: 'refuse', atUs: nowUs, item: item.index })
  }

  /** Rules act on the wire, which is the other thread's. */
  addRule(): Disposable {
    return { [Symbol.dispose]: () => {} }
  }

  elsewhere(fault: number): Disposable {
    const id = this.#injections++
    this.tell({ do: 'inject', id, fault })
    return { [Symbol.dispose]: () => this.tell({ do: 'heal', id }) }
  }

  stopLoad: Hands['stopLoad'] = () => ({ withheld: () => 0, [Symbol.dispose]: () => {} })

  /** Time begins when this is called. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#end = () => {
        this.#end = undefined
        for (const timer of this.#timers) timer[Symbol.dispose]()
        this.#timers.clear()
        if (this.#trouble === undefined) resolve()
        else reject(this.#trouble.error)
      }
      if (this.#trouble !== undefined) this.#end()
    })
  }

  /** Time begins now, in both threads: to be called before anything is scheduled. */
  begin(): void {
    const originMs = steadyMs()
    this.time.begin(originMs)
    this.tell({ do: 'start', originMs })
  }

  stop(): void {
    this.#end?.()
  }

  fail(error: unknown): void {
    this.#trouble ??= { error }
    this.#end?.()
  }

  /** Takes what the other thread has left to tell, and writes all facts into the books. */
  async finish(): Promise<Finished> {
    const main = this.#lag.p99Ms()
    const told = new Promise<Extract<FromInterposer, { finished: unknown }>['finished']>(
      (resolve) => {
        this.#finished = resolve
      },
    )
    this.tell({ do: 'finish' })
    const { evidence, lagP99Ms, store, slotUse } = await told
    this.#facts.flush()
    return {
      evidence,
      lagP99Ms: { main, interposers: lagP99Ms },
      measuredSkewMs: Object.fromEntries(this.#facts.measuredSkewMs),
      slotUse: { ...slotUse, ...this.#site.slotUse() },
      ownLatency: ownLatencies(this.#facts.answered, store, this.time.speed),
    }
  }

  /** How late items were offered, p99 in ms of the world; null where there were none. */
  get sendLatenessP99Ms(): number | null {
    const sorted = this.#lateness.toSorted((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end = undefined
    for (const timer of this.#timers) timer[Symbol.dispose]()
    this.#facts[Symbol.dispose]()
    this.#lag[Symbol.dispose]()
    await this.#site[Symbol.asyncDispose]()
    await this.#worker.terminate()
  }
}

function workerSetup(setup: RealWorldSetup, stages: CallStages): WorkerSetup {
  const { seed, speed, startMs, store, scenario } = setup
  return { seed, speed, startMs, stages: stages.buffer, store, scenario, pairs: pairsOf(setup) }
}

/** Who may call whom: the pipeline's own hosts everything, upstreams the pipeline's hosts, all of them the store. */
function pairsOf({ hosts }: RealWorldSetup): (readonly [string, string])[] {
  const pairs = hosts.flatMap((from) => [
    [from.name, STORE_NAME] as const,
    ...hosts
      .filter(
        (to) => to.name !== from.name && !(from.isUpstream === true && to.isUpstream === true),
      )
      .map((to) => [from.name, to.name] as const),
  ])
  return [[WARM_UP, STORE_NAME], ...pairs]
}
