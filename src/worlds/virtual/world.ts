// The virtual world: hosts, network, store and parts on one clock.

import { must } from '../../base/assert.ts'
import { AftershockError, UserCodeError } from '../../base/errors.ts'
import { hashText, Random } from '../../base/random.ts'
import type { RouteStats } from '../../metrics/attempts.ts'
import { ruleOnLog } from '../../metrics/compiled-rules.ts'
import { about } from '../../metrics/history.ts'
import type { Ledger } from '../../metrics/ledger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import { TraceEvent } from '../../metrics/trace.ts'
import { type CallKey, callKey } from '../call-key.ts'
import { ActiveRule } from '../rules.ts'
import type { Saturation } from '../saturation.ts'
import type { Evidence, Hands, Host, Item, PartsUsed, Rule } from '../world.ts'
import { Broker } from './broker.ts'
import { VirtualClock } from './clock.ts'
import { StoreEdge } from './edge.ts'
import type { Exchange } from './exchange.ts'
import { handsOf } from './hands.ts'
import { VirtualHost } from './host.ts'
import { Life, Process } from './process.ts'
import { saturate } from './saturate.ts'
import { Serving } from './serving.ts'
import { Tables } from './tables.ts'
import { Wire } from './wire.ts'

/** Where a route's calls carry the key of the item they are about: `body.image_path`, `params.id`. */
export interface RouteKey {
  readonly route: string
  readonly key?: string
}

export interface WorldSetup {
  readonly seed: number
  readonly startMs: number
  readonly recorder: Recorder
  readonly ledger: Ledger
  readonly routes: readonly RouteKey[]
  readonly itemOf: (key: string) => number
  readonly uses?: PartsUsed
}

interface RoutePlan {
  readonly stats: RouteStats
  readonly keyOf: CallKey
}

export class VirtualWorld {
  readonly clock = new VirtualClock()
  readonly random: Random
  readonly startMs: number
  readonly recorder: Recorder
  readonly ledger: Ledger
  readonly processes = new Map<string, Process>()
  readonly wire: Wire
  readonly serving: Serving
  readonly edge: StoreEdge
  /** Of a system that uses them. */
  readonly redis: Broker | undefined
  readonly tables: Tables | undefined
  readonly itemOf: (key: string) => number
  readonly #routes = new Map<string, RoutePlan>()

  constructor(setup: WorldSetup) {
    this.random = new Random(setup.seed)
    this.startMs = setup.startMs
    this.recorder = setup.recorder
    this.ledger = setup.ledger
    this.itemOf = setup.itemOf
    this.wire = new Wire(
      this.clock,
      setup.recorder,
      setup.ledger,
      this.random.fork('network'),
      ({ key }, afterMs, rule) => {
        const remove = () => {
          if (!this.edge.removeByFault(key)) return
          rule.touch('removed', 1)
        }
        if (afterMs === 0) remove()
        else this.clock.schedule(this.clock.nowUs + afterMs * 1_000, remove, undefined)
      },
    )
    this.serving = new Serving(this.wire)
    this.edge = new StoreEdge(this.wire, setup.startMs, setup.itemOf)
    const { redis, database } = setup.uses ?? {}
    this.redis = redis === undefined ? undefined : new Broker(this.wire, redis, setup.itemOf)
    this.tables = database === undefined ? undefined : new Tables(this.wire, setup.itemOf)
    for (const { route, key } of setup.routes) {
      const stats = setup.recorder.routes.find((r) => r.route === route)
      if (stats !== undefined) this.#routes.set(route, { stats, keyOf: callKey(key) })
    }
  }

  route(host: string, route: string): RoutePlan {
    const plan = this.#routes.get(route)
    if (plan === undefined)
      throw new UserCodeError(
        `${host},`,
        new Error(`route '${route}' is not declared by the pipeline`),
      )
    return plan
  }

  /** Adds a host; `main` runs at every start of it, on ports of its own. */
  addHost(name: string, main: (host: Host) => void | Promise<void>): void {
    const process = new Process(name, () => {
      const life = new Life()
      process.life = life
      life.paused = process.pauses > 0
      const crash = (error: unknown) => {
        if (!life.dead) this.clock.fail(asUserCode(name, error))
      }
      try {
        const done = main(new VirtualHost(this, process, life))
        if (done instanceof Promise) done.catch(crash)
      } catch (error) {
        crash(error)
      }
    })
    this.processes.set(name, process)
  }

  startHosts(): void {
    for (const process of this.processes.values()) if (process.downs === 0) process.start()
  }

  schedule(atMs: number, fire: () => void): void {
    this.clock.schedule(Math.round(atMs * 1_000), fire, undefined)
  }

  /** Lets time pass until `stop`, or until code of the pipeline throws. */
  run(): Promise<void> {
    return this.clock.run()
  }

  stop(): void {
    this.clock.stop()
  }

  fail(error: unknown): void {
    this.clock.fail(error)
  }

  get nowMs(): number {
    return this.clock.nowUs / 1_000
  }

  /** Hands an item to the entry host, which may be down. */
  offer(entry: string, item: Item): void {
    const { nowUs } = this.clock
    this.ledger.offer(item.index, Math.round(item.intendedMs * 1_000), nowUs)
    const life = this.processes.get(entry)?.life
    if (life === undefined || life.dead || life.accept === undefined)
      this.ledger.refuse(item.index, nowUs)
    else if (life.paused) life.wake(() => this.#accept(entry, life, item))
    else this.#accept(entry, life, item)
  }

  saturate(entry: string, load: Saturation): void {
    const process = must(this.processes.get(entry), 'the entry is one of the hosts')
    saturate(this, load, new VirtualHost(this, process, new Life()), () => process.entry)
  }

  #accept(entry: string, life: Life, item: Item): void {
    try {
      // A promise that it returns and that fails is an unhandled rejection, which ends the run.
      void life.accept?.(item)
    } catch (error) {
      this.clock.fail(asUserCode(entry, error))
    }
  }

  /** Counts a log line and applies the outcome rule that waits for it. */
  logLine(host: string, line: string): (key: string | undefined) => void {
    const stats = this.recorder.log(line)
    // A small integer, as all else that is noted.
    const hash = hashText(line) | 0
    const rule = ruleOnLog(this.ledger.rules, line)
    return (key) => {
      const { nowUs } = this.clock
      stats.add(nowUs, 1)
      const item = key === undefined ? -1 : this.itemOf(key)
      if (rule !== undefined && item >= 0) this.ledger.logged(rule, item, nowUs)
      const { trace } = this.recorder
      trace.note(TraceEvent.log, nowUs, item, hash, 0)
      trace.observer?.({ event: 'log', atMs: nowUs / 1_000, host, line, ...about(item) })
    }
  }

  /** Puts a rule on the wire until it is disposed of; what it does is counted in `evidence`. */
  addRule(rule: Rule, evidence: Evidence): Disposable {
    const active = new ActiveRule<Exchange>(rule, evidence)
    this.wire.rules.active = [...this.wire.rules.active, active]
    return { [Symbol.dispose]: () => this.wire.release(active) }
  }

  readonly hands: Hands = handsOf(this)

  /** Set by the load driver. */
  stopLoad: Hands['stopLoad'] = () => ({ withheld: () => 0, [Symbol.dispose]: () => {} })
}

function asUserCode(host: string, error: unknown): unknown {
  return error instanceof AftershockError ? error : new UserCodeError(host, error)
}
