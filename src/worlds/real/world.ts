// The real world, seen from the main thread: the pipeline's hosts, the books, and the thread of the interposers.
import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '../../base/random.ts'
import type { Ledger } from '../../metrics/ledger.ts'
import type { Saturation } from '../saturation.ts'
import type { Hands, Item } from '../world.ts'
import { STORE_NAME } from '../world.ts'
import { Agenda } from './agenda.ts'
import { AskedCalls } from './asked-calls.ts'
import { foreignIn, type Outward, outwardFor } from './egress/setup.ts'
import { HERE, LOOPBACK_ALONE, portHere } from './exposure.ts'
import { Facts } from './facts.ts'
import type { Finished } from './finished.ts'
import { ForeignHosts } from './foreign/index.ts'
import { LoopLag } from './lag.ts'
import { Lateness } from './lateness.ts'
import { ownLatencies } from './own-latency.ts'
import { type KeyWatch, watchKeys } from './redis/key-watch.ts'
import { Routes } from './routes.ts'
import { Site } from './site.ts'
import { CallStages, MAIN_THREAD_SLOTS } from './stages.ts'
import { InterposerThread } from './thread.ts'
import { RealTime, steadyMs } from './time.ts'
import { type UsedParts, usedParts } from './used-parts.ts'
import { type RealWorldSetup, warmUpCalls, warmUpPartsOf, workerSetup } from './world-setup.ts'

/** The end of a part is known this long after its connections broke, at the latest. */
const NEWS_WITHIN_MS = 500

/** Built, connected and waiting to begin. Throws what the other thread could not start. */
export class RealWorld implements AsyncDisposable {
  readonly random: Random
  readonly time: RealTime
  readonly ledger: Ledger
  readonly hands: Hands
  readonly #site: Site
  readonly #parts: UsedParts
  readonly #facts: Facts
  readonly #thread: InterposerThread
  readonly #foreign: ForeignHosts
  readonly #keys: KeyWatch | undefined
  readonly #lag = new LoopLag()
  readonly #lateness = new Lateness()
  readonly #agenda: Agenda
  readonly #lost: Promise<Error | undefined>
  readonly #asked: AskedCalls
  #injections = 0
  #end: (() => void) | undefined
  #trouble: { readonly error: unknown } | undefined

  private constructor(
    setup: RealWorldSetup,
    time: RealTime,
    facts: Facts,
    thread: InterposerThread,
    site: Site,
    parts: UsedParts,
    foreign: ForeignHosts,
    keys: KeyWatch | undefined,
    asked: AskedCalls,
  ) {
    this.random = new Random(setup.seed)
    this.time = time
    this.#agenda = new Agenda(time)
    this.ledger = setup.ledger
    this.#facts = facts
    this.#thread = thread
    this.#site = site
    this.#parts = parts
    this.#foreign = foreign
    this.#keys = keys
    this.#lost = setup.lost
    this.#asked = asked
    this.hands = {
      ...site.hands,
      hosts: (glob) => [...site.hands.hosts(glob), ...foreign.hosts(glob)],
      host: (name) => (foreign.has(name) ? foreign.host(name) : site.hands.host(name)),
      clock: (name) => (foreign.has(name) ? foreign.clock(name) : site.hands.clock(name)),
      stopLoad: () => this.stopLoad(),
    }
  }

  static async create(setup: RealWorldSetup): Promise<RealWorld> {
    const stages = new CallStages()
    await using stack = new AsyncDisposableStack()
    const outward = await outwardFor(setup.hosts, foreignIn(setup.hosts))
    const data = workerSetup(setup, stages, outward)
    const thread = stack.use(await InterposerThread.start(setup.interposer, data))
    const world = await RealWorld.#around(setup, thread, stages, outward)
    stack.move()
    return world
  }

  static async #around(
    setup: RealWorldSetup,
    thread: InterposerThread,
    stages: CallStages,
    { authority }: Outward,
  ): Promise<RealWorld> {
    const time = RealTime.beforeRun(setup.speed, setup.startMs)
    const signers = new Map(
      thread.links
        .filter(({ to }) => to === STORE_NAME)
        .map(({ from, port }) => [String(port), from]),
    )
    const links = new Map(
      thread.links.map(({ from, to, port }) => [`${from} ${to}`, `http://127.0.0.1:${port}`]),
    )
    const { exposure = LOOPBACK_ALONE } = setup
    const facts = new Facts(setup, time, (atMs) => thread.tell({ do: 'tell', atMs }))
    const [undici, minio] = await Promise.all([import('undici'), import('minio')])
    let world: RealWorld | undefined
    const calling = { time, tell: facts.tell, stages, slotOffset: MAIN_THREAD_SLOTS }
    const portOf = (from: string, to: string) =>
      thread.links.find((link) => link.from === from && link.to === to)?.port ?? 0
    await warmUpPartsOf(setup, calling, portOf)
    const parts = await usedParts({
      parts: setup.parts,
      calling,
      itemOf: setup.itemOf,
      portOf,
      freeze: (host, isFrozen) => thread.tell({ do: 'freeze', host, isFrozen }),
      onTrouble: (error) => world?.fail(error),
    })
    const routes = new Routes(setup.routes)
    const addressOf = (from: string, to: string) => links.get(`${from} ${to}`)
    const site = new Site({
      seed: setup.seed,
      calling,
      routes,
      itemOf: setup.itemOf,
      store: setup.store,
      undici,
      minio,
      resign: setup.resign,
      addressOf,
      signerOf: (url) => signers.get(portHere(url)),
      parts: Object.keys(setup.parts).length === 0 ? undefined : parts,
      gripOf: (part) => parts.grip(part),
      onListening: (host, port) =>
        thread.tell({ do: 'listening', host, url: `http://127.0.0.1:${port}` }),
      onTrouble: (error) => world?.fail(error),
    })
    for (const host of setup.hosts)
      if (host.isUpstream !== true && host.foreign === undefined)
        site.addHost(host.name, (ports) => host.main(ports))
    await using stack = new AsyncDisposableStack()
    stack.use(facts)
    stack.use(parts)
    const keys = stack.use(await watchKeys(setup, time, facts.tell))
    stack.use(site)
    const foreign = stack.use(
      await ForeignHosts.start({
        ...setup,
        time,
        tell: facts.tell,
        addressOf: (from, to) => addressOf(from, to)?.replace(HERE, exposure.name),
        portOf,
        name: exposure.name,
        onListening: (host, url) => thread.tell({ do: 'listening', host, url }),
        keeping: setup.keeping,
        authority,
        skewed: setup.skewed ?? [],
        wrongDates: (host) => facts.wrongDates.get(host) ?? 0,
      }),
    )
    const entryOf = (host: string) => site.processes.get(host)?.entry
    const asked = new AskedCalls({ ...setup, calling, routes, entryOf, addressOf })
    world = new RealWorld(setup, time, facts, thread, site, parts, foreign, keys, asked)
    world.#listen()
    await site.prepare()
    await warmUpCalls(setup, links, { ...calling, tell: () => {} })
    stack.move()
    return world
  }

  #listen(): void {
    this.#thread.listen(this.#facts, (error) => this.fail(error))
    void this.#lost.then((error) => error !== undefined && this.fail(error))
  }

  get nowMs(): number {
    return this.time.nowMs
  }

  schedule(atMs: number, fire: () => void): void {
    this.#agenda.plan(atMs, fire)
  }

  asDue(atMs: number, act: () => void): void {
    this.time.asDue(atMs, act)
  }

  startHosts(): void {
    this.#site.start()
  }

  offer(entry: string, item: Item): void {
    const { nowUs } = this.time
    this.#lateness.add(nowUs / 1_000 - item.intendedMs)
    this.ledger.offer(item.index, Math.round(item.intendedMs * 1_000), nowUs)
    if (!this.#site.accept(entry, item))
      this.#facts.tell({ fact: 'refuse', atUs: nowUs, item: item.index })
  }

  saturate(entry: string, load: Saturation): void {
    this.#asked.start(entry, load)
  }

  /** Rules act on the wire, which is the other thread's. */
  addRule(): Disposable {
    return { [Symbol.dispose]: () => {} }
  }

  elsewhere(fault: number): Disposable {
    const id = this.#injections++
    const now = () => this.time.nowMs
    this.#thread.tell({ do: 'inject', id, fault, atMs: now() })
    return { [Symbol.dispose]: () => this.#thread.tell({ do: 'heal', id, atMs: now() }) }
  }

  stopLoad: Hands['stopLoad'] = () => ({ withheld: () => 0, [Symbol.dispose]: () => {} })

  /** Time begins when this is called. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#end = () => {
        this.#end = undefined
        this.#agenda[Symbol.dispose]()
        if (this.#trouble === undefined) resolve()
        else this.#causeOf(this.#trouble.error).then(reject)
      }
      if (this.#trouble !== undefined) this.#end()
    })
  }

  /** What goes wrong first may be no more than what a part left when it ended. */
  async #causeOf(error: unknown): Promise<unknown> {
    return (await Promise.race([this.#lost, sleep(NEWS_WITHIN_MS)])) ?? error
  }

  /** Time begins now, in both threads: to be called before anything is scheduled. */
  begin(): void {
    const originMs = steadyMs()
    this.time.begin(originMs)
    this.#thread.tell({ do: 'start', originMs })
  }

  stop(): void {
    this.#end?.()
  }

  fail(error: unknown): void {
    this.#trouble ??= { error }
    this.#end?.()
  }

  /** Takes what the other thread has left to tell, and writes all facts into the books. */
  async finish(how: 'soon' | 'done'): Promise<Finished> {
    const main = this.#lag.p99Ms()
    this.#asked[Symbol.dispose]()
    await this.#parts.settled()
    const { evidence, lagP99Ms, store, slotUse } = await this.#thread.finish(how)
    await this.#keys?.settled()
    this.#foreign.look()
    this.#facts.flush()
    return {
      evidence,
      lagP99Ms: { main, interposers: lagP99Ms },
      measuredSkewMs: Object.fromEntries(this.#facts.measuredSkewMs),
      egress: this.#facts.egress.list(),
      outputs: this.#foreign.outputs(),
      unidentified: this.#facts.identified.never(),
      shortLimits: this.#facts.shortLimits.list(),
      slotUse: { ...slotUse, ...this.#site.slotUse() },
      ownLatency: ownLatencies(this.#facts.answered, store, this.time.speed),
    }
  }

  get sendLatenessP99Ms(): number | null {
    return this.#lateness.p99Ms
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end = undefined
    this.#agenda[Symbol.dispose]()
    this.#asked[Symbol.dispose]()
    this.#facts[Symbol.dispose]()
    this.#lag[Symbol.dispose]()
    await this.#foreign[Symbol.asyncDispose]()
    await this.#keys?.[Symbol.asyncDispose]()
    await this.#site[Symbol.asyncDispose]()
    await this.#parts[Symbol.asyncDispose]()
    await this.#thread[Symbol.asyncDispose]()
  }
}
