// The arms of a contract: one body of hosts and faults, played in the virtual world and over sockets on real stores.
import * as minio from 'minio'
import * as undici from 'undici'
import { Random } from '../../src/base/random.ts'
import { Ledger } from '../../src/metrics/ledger.ts'
import { Recorder } from '../../src/metrics/recorder.ts'
import { Trace } from '../../src/metrics/trace.ts'
import { Windows } from '../../src/metrics/windows.ts'
import { Timeline } from '../../src/run/timeline.ts'
import { LOOPBACK_ALONE } from '../../src/worlds/real/exposure.ts'
import { Facts } from '../../src/worlds/real/facts.ts'
import { Dates } from '../../src/worlds/real/interposer/dates.ts'
import { Interposers } from '../../src/worlds/real/interposer/index.ts'
import { PartLinks } from '../../src/worlds/real/interposer/part-links.ts'
import { resign } from '../../src/worlds/real/resign.ts'
import { Routes } from '../../src/worlds/real/routes.ts'
import { startS3Server } from '../../src/worlds/real/s3/server.ts'
import { Site } from '../../src/worlds/real/site.ts'
import { CallStages } from '../../src/worlds/real/stages.ts'
import { RealTime, steadyMs } from '../../src/worlds/real/time.ts'
import { type PartsFor, targetsOf, usedParts } from '../../src/worlds/real/used-parts.ts'
import {
  DATABASE_ROUTES,
  type PartGrip,
  REDIS_ROUTES,
  STORE_NAME,
  STORE_ROUTES,
} from '../../src/worlds/world.ts'
import { type Play, type Played, planned, play } from '../run/play.ts'
import { containerLacks, type Minio, minioLacks, startMinio, startMinioContainer } from './minio.ts'

export interface Contract extends Omit<Play, 'before' | 'seed'> {
  /** What it tells is told when all hosts have come to their end: over sockets nothing more is waited for. */
  readonly endsWithHosts?: boolean
}
export type Outcome = Pick<Played, 'told' | 'faults'>

export interface Arm {
  readonly name: string
  play(contract: Contract): Promise<Outcome>
  close?(): Promise<void>
}

interface StoreAccess {
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
  readonly region: string
}

/** Fast enough for a test, slow enough for a busy machine. */
const SPEED = 3
const KEYS = { accessKey: 'aftershock', secretKey: 'aftershock-secret', region: 'us-east-1' }

/** The contract's body over sockets: interposers and hosts as in a run, in this thread. */
export async function playReally(
  contract: Contract,
  store: StoreAccess,
  parts: PartsFor = {},
  speed = SPEED,
  hosts: 'on ports' | 'next door' = 'on ports',
): Promise<Outcome> {
  const routes = Object.fromEntries(
    (contract.routes ?? []).map((route) => [
      route,
      { method: 'POST', path: `/${route}/:key`, key: 'params.key' },
    ]),
  )
  const names = [
    ...STORE_ROUTES,
    ...Object.keys(routes),
    ...(parts.redis === undefined ? [] : REDIS_ROUTES),
    ...(parts.database === undefined ? [] : DATABASE_ROUTES),
  ]
  const windows = new Windows(0, [])
  const trace = new Trace()
  const rules = contract.rules ?? []
  const ledger = new Ledger(windows, trace, names, rules)
  const recorder = new Recorder(windows, trace, names)
  const time = new RealTime(speed, Date.UTC(2025, 0, 1))
  await using stack = new AsyncDisposableStack()
  // Both sides are in this thread: what was seen by the next turn of its loop is told.
  const facts: Facts = stack.use(
    new Facts({ ledger, recorder }, time, (atMs) => setImmediate(() => facts.hasTold(atMs, atMs))),
  )
  const stages = new CallStages()
  const itemOf = (key: string) => Number(/(\d+)(?:\.jpg)?$/.exec(key)?.[1] ?? -1)
  const table = new Routes(routes)
  const listening = new Map([[STORE_NAME, store.endpoint]])
  const troubles: unknown[] = []
  const agent = new undici.Agent()
  stack.defer(() => agent.destroy())
  const direct = clientOf(store)
  const interposers = stack.use(
    new Interposers({
      time,
      stages,
      routes: table,
      agent,
      tell: facts.tell,
      catchUp: () => {},
      itemOf,
      addressOf: (to) => listening.get(to),
      serverOf: (to): ReturnType<Site['serverOf']> =>
        hosts === 'next door' ? site.serverOf(to) : undefined,
      remove: async (key) => {
        const found = await direct.statObject(store.bucket, key).then(
          () => true,
          () => false,
        )
        await direct.removeObject(store.bucket, key)
        return found
      },
      dates: new Dates([], facts.tell, time),
      onTrouble: (error) => troubles.push(error),
    }),
  )
  const hostNames = Object.keys(contract.hosts)
  const links = await interposers.open(
    hostNames.flatMap((from) =>
      [STORE_NAME, ...hostNames].filter((to) => to !== from).map((to) => [from, to] as const),
    ),
    LOOPBACK_ALONE,
  )
  const linkTo = new Map(links.map((l) => [`${l.from} ${l.to}`, `127.0.0.1:${l.port}`]))
  const onTrouble = (error: unknown) => void troubles.push(error)
  const calling = { time, tell: facts.tell, stages, slotOffset: 0 }
  const partLinks = stack.use(new PartLinks(time, onTrouble))
  const ways = await partLinks.open(hostNames, targetsOf(parts), [], LOOPBACK_ALONE)
  const used = stack.use(
    await usedParts({
      parts,
      calling,
      itemOf,
      portOf: (from, to) => ways.find((way) => way.from === from && way.to === to)?.port ?? 0,
      freeze: (host, isFrozen) => partLinks.freeze(host, isFrozen),
      onTrouble,
    }),
  )
  const site: Site = stack.use(
    new Site({
      seed: 1,
      calling,
      routes: table,
      itemOf,
      store,
      undici,
      minio,
      resign,
      addressOf: (from, to) => {
        const at = linkTo.get(`${from} ${to}`)
        return at === undefined ? undefined : `http://${at}`
      },
      signerOf: ({ host }) =>
        links.find((l) => l.to === STORE_NAME && host === `127.0.0.1:${l.port}`)?.from,
      parts: Object.keys(parts).length === 0 ? undefined : used,
      gripOf: (part) => together(used.grip(part), partLinks.grip(part)),
      onListening:
        hosts === 'next door'
          ? undefined
          : (host, port) => listening.set(host, `http://127.0.0.1:${port}`),
      onTrouble,
    }),
  )
  const told: string[] = []
  const running = new Set(Object.keys(contract.hosts))
  const allEnded = Promise.withResolvers<void>()
  for (const [name, main] of Object.entries(contract.hosts))
    site.addHost(name, async (host) => {
      await main(host, (what) => told.push(`${Math.round(time.nowMs)} ${name}: ${what}`))
      running.delete(name)
      if (running.size === 0 || troubles.length > 0) allEnded.resolve()
    })
  await site.prepare()
  const timeline = new Timeline((contract.faults ?? []).map(planned))
  time.begin(steadyMs())
  const random = new Random(1)
  site.start()
  const stage = {
    hands: {
      ...site.hands,
      putRace: interposers.vanishedFolders.hold.bind(interposers.vanishedFolders),
    },
    random,
    get nowMs() {
      return time.nowMs
    },
    schedule: (atMs: number, fire: () => void) => void time.schedule(atMs, fire),
    addRule: interposers.addRule.bind(interposers),
  }
  timeline.start(stage, trace)
  const timeIsUp = new Promise<void>((over) => time.schedule(contract.forMs ?? 60_000, over))
  await Promise.race([timeIsUp, ...(contract.endsWithHosts === true ? [allEnded.promise] : [])])
  await used.settled()
  if (troubles.length > 0) throw troubles[0]
  return { told: [...told], faults: timeline.report() }
}

/** In a run one hand is in each thread: the server's and the way to it. */
function together(server: PartGrip, way: PartGrip): PartGrip {
  const hold = <H extends Disposable>(first: H, second: Disposable): H => ({
    ...first,
    [Symbol.dispose]() {
      first[Symbol.dispose]()
      second[Symbol.dispose]()
    },
  })
  return {
    stop: () => hold(server.stop(), way.stop()),
    slow: (ms) => hold(server.slow(ms), way.slow(ms)),
    fill: () => hold(server.fill(), way.fill()),
    flush: (counted) => server.flush(counted),
  }
}

function clientOf({ endpoint, accessKey, secretKey, region }: StoreAccess): minio.Client {
  const { hostname, port } = new URL(endpoint)
  return new minio.Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey,
    secretKey,
    region,
    pathStyle: true,
  })
}

const virtual: Arm = { name: 'the virtual world', play: (contract) => play(contract) }

/** Calls of every kind, told to nobody. */
const WARM_UP: Contract = {
  hosts: {
    server: (host) => host.serve('ask', () => ({ status: 200, body: {} })),
    client: async ({ clock, http, objects }) => {
      await clock.sleep(300)
      for (let i = 0; i < 20; i++) {
        await (await http.call('server', 'ask', { params: { key: String(i) } })).body()
        await objects.put(`warm/${i}.jpg`, 100)
        await http.fetch(await objects.presignGet(`warm/${i}.jpg`, 600))
      }
    },
  },
  routes: ['ask'],
  forMs: 3_000,
}

/** Over sockets, on a store that is started once, with a bucket of its own for every play. */
class SocketArm implements Arm {
  readonly name: string
  readonly #start: () => Promise<Minio>
  readonly #hosts: 'on ports' | 'next door'
  #started: Promise<Minio> | undefined
  #plays = 0

  constructor(
    store: string,
    start: () => Promise<Minio>,
    hosts: 'on ports' | 'next door' = 'on ports',
  ) {
    this.name = `sockets and ${store}, hosts ${hosts}`
    this.#start = start
    this.#hosts = hosts
  }

  async play(contract: Contract): Promise<Outcome> {
    this.#started ??= this.#start().then((store) => this.#warm(store))
    const { endpoint } = await this.#started
    return this.#playOn(endpoint, contract)
  }

  /** Code that runs for the first time is slow, and a play's deadlines are short. */
  async #warm(store: Minio): Promise<Minio> {
    await this.#playOn(store.endpoint, WARM_UP)
    return store
  }

  async #playOn(endpoint: string, contract: Contract): Promise<Outcome> {
    const store = { ...KEYS, endpoint, bucket: `contract-${++this.#plays}` }
    await clientOf(store).makeBucket(store.bucket)
    return playReally(contract, store, {}, SPEED, this.#hosts)
  }

  async close(): Promise<void> {
    await (await this.#started)?.[Symbol.asyncDispose]()
  }
}

async function startEmbedded(): Promise<Minio> {
  const server = await startS3Server({ clock: { now: () => Date.now() }, credentials: KEYS })
  return {
    endpoint: server.url,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** Where there is no MinIO, the embedded server stands in: hosts are to be seen over sockets everywhere. */
const lacks = minioLacks()
const onMinio =
  lacks === undefined
    ? new SocketArm('MinIO', () => startMinio(KEYS))
    : new SocketArm(`the embedded server (${lacks})`, startEmbedded)
const inContainer =
  containerLacks() === undefined
    ? [new SocketArm('MinIO in a container', () => startMinioContainer(KEYS))]
    : []

export const arms: readonly Arm[] = [virtual, onMinio, ...inContainer]
/** Upstreams share their interposers' thread, and are called without a socket between. */
export const hostArms: readonly Arm[] = [
  ...arms,
  new SocketArm('the embedded server', startEmbedded, 'next door'),
]
