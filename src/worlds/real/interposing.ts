// The other thread's side of a run: interposers, the upstreams' hosts, and the faults' grip on both.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { AftershockError, ExitCode, messageOf } from '../../base/errors.ts'
import type { Evidence, Hands, Host, Rule } from '../world.ts'
import { STORE_NAME } from '../world.ts'
import { openDoors } from './egress/doors.ts'
import { portHere } from './exposure.ts'
import type { Fact } from './fact.ts'
import { Dates } from './interposer/dates.ts'
import { Interposers } from './interposer/index.ts'
import { PartLinks } from './interposer/part-links.ts'
import { LoopLag } from './lag.ts'
import type { Resign } from './objects.ts'
import type { FromInterposer, ToInterposer, WorkerSetup } from './protocol.ts'
import { type RouteSpec, Routes } from './routes.ts'
import { Site } from './site.ts'
import { CallStages, WORKER_THREAD_SLOTS } from './stages.ts'
import { RealTime } from './time.ts'

/** What is rebuilt from the scenario there. */
export interface Rebuilt {
  readonly routes: Readonly<Record<string, RouteSpec>>
  readonly itemOf: (key: string) => number
  readonly upstreams: readonly { readonly name: string; main(host: Host): void | Promise<void> }[]
  readonly resign: Resign
  /** Injects the fault of that number. */
  inject(
    fault: number,
    hands: Hands,
    addRule: (rule: Rule, evidence: Evidence) => Disposable,
    evidence: Evidence,
  ): Disposable
  readonly faults: number
}

/** Runs until the thread is ended. */
export async function interpose(
  port: MessagePort,
  setup: WorkerSetup,
  rebuilt: Rebuilt,
): Promise<void> {
  const say = (message: FromInterposer) => port.postMessage(message)
  const onTrouble = (error: unknown) => say({ trouble: sent(error) })
  process.on('uncaughtException', onTrouble)
  process.on('unhandledRejection', onTrouble)
  const time = RealTime.beforeRun(setup.speed, setup.startMs)
  const stages = new CallStages(setup.stages)
  const tell = batched((facts) => say({ facts }))
  const routes = new Routes(rebuilt.routes)
  const [undici, minio] = await Promise.all([import('undici'), import('minio')])
  const listening = new Map<string, string>([[STORE_NAME, setup.store.endpoint]])
  const links = new Map<string, string>()
  const signers = new Map<string, string>()
  const { hostname, port: storePort } = new URL(setup.store.endpoint)
  const store = new minio.Client({
    endPoint: hostname,
    port: Number(storePort),
    useSSL: false,
    accessKey: setup.store.accessKey,
    secretKey: setup.store.secretKey,
    region: setup.store.region,
    pathStyle: true,
  })
  const { bucket } = setup.store
  let site: Site | undefined
  let obey: (message: ToInterposer) => void = () => {}
  const interposers = new Interposers({
    // A message and a connection that come at once may be seen in either order.
    catchUp: () => {
      for (
        let next = receiveMessageOnPort(port);
        next !== undefined;
        next = receiveMessageOnPort(port)
      )
        obey(next.message as ToInterposer)
    },
    time,
    stages,
    routes,
    agent: new undici.Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 60_000 }),
    tell: tell.tell,
    itemOf: rebuilt.itemOf,
    dates: new Dates(setup.egress.callers, tell.tell, time),
    addressOf: (to) => listening.get(to),
    serverOf: (to) => site?.serverOf(to),
    remove: async (key) => {
      const found = await store.statObject(bucket, key).then(
        () => true,
        () => false,
      )
      if (found) await store.removeObject(bucket, key)
      return found
    },
    onTrouble,
  })
  const partLinks = new PartLinks(time, onTrouble)
  const opened = await interposers.open(setup.pairs, setup.exposure)
  const openedParts = await partLinks.open(
    setup.partUsers,
    setup.parts,
    setup.witnessed,
    setup.exposure,
  )
  const openedDoors = await openDoors(setup.egress, setup.exposure, (from) => ({
    entranceTo: (to) => interposers.entranceTo(from, to),
    tell: tell.tell,
    time,
  }))
  for (const link of opened) {
    links.set(`${link.from} ${link.to}`, `http://127.0.0.1:${link.port}`)
    if (link.to === STORE_NAME) signers.set(String(link.port), link.from)
  }
  const upstreams = new Site({
    seed: setup.seed,
    calling: { time, tell: tell.tell, stages, slotOffset: WORKER_THREAD_SLOTS },
    routes,
    itemOf: rebuilt.itemOf,
    store: setup.store,
    undici,
    minio,
    resign: rebuilt.resign,
    addressOf: (from, to) => links.get(`${from} ${to}`),
    signerOf: (url) => signers.get(portHere(url)),
    gripOf: (part) => partLinks.grip(part),
    onListening: undefined,
    onTrouble,
  })
  site = upstreams
  for (const { name, main } of rebuilt.upstreams) upstreams.addHost(name, main)
  await upstreams.prepare()
  const lag = new LoopLag()
  // What came in the same turn of the loop was there when it was asked for, too.
  const tellAll = (andSay: () => FromInterposer) =>
    setImmediate(() => {
      tell.flush()
      say(andSay())
    })
  const evidence: Evidence[] = Array.from({ length: rebuilt.faults }, () => ({}))
  const held = new Map<number, Disposable>()
  obey = (message) => {
    switch (message.do) {
      case 'start':
        time.begin(message.originMs)
        upstreams.start()
        return
      case 'listening':
        listening.set(message.host, message.url)
        return
      case 'inject': {
        const addRule = (rule: Rule, of: Evidence) => interposers.addRule(rule, of)
        const { fault } = message
        const hands: Hands = {
          ...upstreams.hands,
          putRace: (withinMs, refuses) => interposers.vanishedFolders.hold(withinMs, refuses),
        }
        time.asDue(message.atMs, () =>
          held.set(message.id, rebuilt.inject(fault, hands, addRule, evidence[fault] ?? {})),
        )
        return
      }
      case 'heal':
        time.asDue(message.atMs, () => held.get(message.id)?.[Symbol.dispose]())
        held.delete(message.id)
        return
      case 'freeze':
        partLinks.freeze(message.host, message.isFrozen)
        return
      case 'tell': {
        const { atMs } = message
        const seenMs = time.nowMs
        tellAll(() => ({ told: { atMs, seenMs } }))
        return
      }
      case 'finish':
        tellAll(() => ({
          finished: {
            evidence,
            lagP99Ms: lag.p99Ms(),
            store: interposers.storeTimes.medians(),
            slotUse: upstreams.slotUse(),
          },
        }))
        return
    }
  }
  port.on('message', (message: ToInterposer) => obey(message))
  say({ ready: [...opened, ...openedParts, ...openedDoors] })
}

/** Facts go in one message for all that so long brings, unless they are asked for before. */
const BATCH_MS = 20

function batched(send: (facts: readonly Fact[]) => void) {
  let waiting: Fact[] = []
  const flush = () => {
    if (waiting.length === 0) return
    const facts = waiting
    waiting = []
    send(facts)
  }
  return {
    flush,
    tell: (fact: Fact) => {
      if (waiting.push(fact) === 1) setTimeout(flush, BATCH_MS)
    },
  }
}

function sent(error: unknown): Extract<FromInterposer, { trouble: unknown }>['trouble'] {
  if (!(error instanceof AftershockError))
    return { message: messageOf(error), code: 'internal', exitCode: ExitCode.ourBug }
  const { message, hint, code, exitCode } = error
  return { message, code, exitCode, ...(hint === undefined ? {} : { hint }) }
}
