// The real world, seen from the main thread: the pipeline's hosts, the books, and the thread of the interposers.
import { Worker } from 'node:worker_threads'
import { AftershockError, ExitCode } from '../../base/errors.ts'
import { Random } from '../../base/random.ts'
import type { Ledger } from '../../metrics/ledger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import type { Evidence, Hands, Host, Item } from '../world.ts'
import { STORE_NAME } from '../world.ts'
import { Facts } from './facts.ts'
import type { LinkAddress } from './interposer/index.ts'
import { LoopLag } from './lag.ts'
import type { Resign } from './objects.ts'
import type { FromInterposer, StoreFor, ToInterposer, WorkerSetup } from './protocol.ts'
import { type RouteSpec, Routes } from './routes.ts'
import { Site } from './site.ts'
import { CallStages, MAIN_THREAD_SLOTS } from './stages.ts'
import { RealTime, steadyMs } from './time.ts'
import { type PartsFor, type UsedParts, usedParts } from './used-parts.ts'

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
  /** Beside the store, where the pipeline uses them. */
  readonly parts: PartsFor
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
}

/** Built, connected and waiting to begin. Throws what the other thread could not start. */
export class RealWorld implements AsyncDisposable {
  readonly random: Random
  readonly time: RealTime
  readonly ledger: Ledger
  readonly hands: Hands
  readonly #site: Site
  readonly #parts: UsedParts
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
    parts: UsedParts,
  ) {
    this.random = new Random(setup.seed)
    this.time = time
    this.ledger = setup.ledger
    this.#facts = facts
    this.#worker = worker
    this.#site = site
    this.#parts = parts
    this.hands = { ...site.hands, stopLoad: () => this.stopLoad() }
  }

  static async create(setup: RealWorldSetup): Promise<RealWorld> {
    const time = new RealTime(setup.speed, setup.startMs)
    const stages = new CallStages()
    const links = new Map<string, string>()
    const ports = new Map<string, number>()
    const signers = new Map<string, string>()
    const worker = new Worker(setup.interposer, {
      workerData: workerSetup(setup, stages),
      stdout: false,
      stderr: false,
    })
    const ready = await firstWord(worker)
    for (const link of ready) {
      const address = `http://127.0.0.1:${link.port}`
      ports.set(`${link.from} ${link.to}`, link.port)
      links.set(`${link.from} ${link.to}`, address)
      if (link.to === STORE_NAME) signers.set(`127.0.0.1:${link.port}`, link.from)
    }
    const facts = new Facts(setup, time)
    const [undici, minio] = await Promise.all([import('undici'), import('minio')])
    let world: RealWorld | undefined
    const calling = { time, tell: facts.tell, stages, slotOffset: MAIN_THREAD_SLOTS }
    const parts = await usedParts({
      parts: setup.parts,
      calling,
      itemOf: setup.itemOf,
      portOf: (from, to) => ports.get(`${from} ${to}`) ?? 0,
      freeze: (host, isFrozen) => world?.tell({ do: 'freeze', host, isFrozen }),
      onTrouble: (error) => world?.fail(error),
    })
    const site = new Site({
      seed: setup.seed,
      calling,
      routes: new Routes(setup.routes),
      itemOf: setup.itemOf,
      store: setup.store,
      undici,
      minio,
      resign: setup.resign,
      addressOf: (from, to) => links.get(`${from} ${to}`),
      signerOf: (url) => signers.get(url.host),
      parts: Object.keys(setup.parts).length === 0 ? undefined : parts,
      gripOf: (part) => parts.grip(part),
      onListening: (host, port) => world?.tell({ do: 'listening', host, port }),
      onTrouble: (error) => world?.fail(error),
    })
    for (const host of setup.hosts)
      if (host.isUpstream !== true) site.addHost(host.name, (ports) => host.main(ports))
    world = new RealWorld(setup, time, facts, worker, site, parts)
    world.#listen()
    await site.prepare()
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
    await this.#parts.settled()
    const told = new Promise<Extract<FromInterposer, { finished: unknown }>['finished']>(
      (resolve) => {
        this.#finished = resolve
      },
    )
    this.tell({ do: 'finish' })
    const { evidence, lagP99Ms } = await told
    this.#facts.flush()
    return {
      evidence,
      lagP99Ms: { main, interposers: lagP99Ms },
      measuredSkewMs: Object.fromEntries(this.#facts.measuredSkewMs),
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
    await this.#parts[Symbol.asyncDispose]()
    await this.#worker.terminate()
  }
}

function workerSetup(setup: RealWorldSetup, stages: CallStages): WorkerSetup {
  const { seed, speed, startMs, store, scenario } = setup
  return {
    seed,
    speed,
    startMs,
    stages: stages.buffer,
    store,
    scenario,
    pairs: pairsOf(setup),
    ...partsOf(setup),
  }
}

/** Upstreams are others' systems: they use none of ours. */
function partsOf({ parts, hosts }: RealWorldSetup): Pick<WorkerSetup, 'parts' | 'partUsers'> {
  const targets = Object.entries(parts).map(([name, { host, port }]) => [name, { host, port }])
  return {
    parts: Object.fromEntries(targets),
    partUsers: hosts.filter((host) => host.isUpstream !== true).map(({ name }) => name),
  }
}

/** Who may call whom: the pipeline's own hosts everything, upstreams the pipeline's hosts, all of them the store. */
function pairsOf({ hosts }: RealWorldSetup): (readonly [string, string])[] {
  return hosts.flatMap((from) => [
    [from.name, STORE_NAME] as const,
    ...hosts
      .filter(
        (to) => to.name !== from.name && !(from.isUpstream === true && to.isUpstream === true),
      )
      .map((to) => [from.name, to.name] as const),
  ])
}

function firstWord(worker: Worker): Promise<readonly LinkAddress[]> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number) =>
      reject(environmental(`the interposers' thread ended with code ${code} before it was ready`))
    worker.once('error', reject)
    worker.once('exit', onExit)
    worker.once('message', (message: FromInterposer) => {
      worker.off('error', reject).off('exit', onExit)
      if ('ready' in message) resolve(message.ready)
      else if ('trouble' in message) reject(received(message.trouble))
    })
  })
}

function received({
  message,
  hint,
  code,
  exitCode,
}: Extract<FromInterposer, { trouble: unknown }>['trouble']): AftershockError {
  return new AftershockError(code, message, {
    exitCode: exitCode as ExitCode,
    ...(hint === undefined ? {} : { hint }),
  })
}

function environmental(message: string): AftershockError {
  return new AftershockError('environment', message, { exitCode: ExitCode.environment })
}
