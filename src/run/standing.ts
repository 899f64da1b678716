// What `up` leaves standing: a scenario's mocks behind their interposers, for a system that is somebody else's.
import { Random } from '../base/random.ts'
import type { Observer } from '../metrics/history.ts'
import { Trace } from '../metrics/trace.ts'
import type { Resolved } from '../scenario/schema.ts'
import { foreignIn, outwardFor } from '../worlds/real/egress/setup.ts'
import type { Exposure } from '../worlds/real/exposure.ts'
import type { LinkAddress } from '../worlds/real/interposer/index.ts'
import type { TcpTarget } from '../worlds/real/interposer/tcp.ts'
import { pairsOf } from '../worlds/real/pairs.ts'
import type { StoreFor } from '../worlds/real/protocol.ts'
import { CallStages } from '../worlds/real/stages.ts'
import { InterposerThread } from '../worlds/real/thread.ts'
import { RealTime, steadyMs } from '../worlds/real/time.ts'
import { type Hands, NOTHING_GONE, type PartGrip } from '../worlds/world.ts'
import { planOf } from './plan.ts'
import { THREAD_ENTRY } from './thread-entry.ts'
import { type FaultReport, Timeline } from './timeline.ts'

export interface StandingOptions {
  readonly scenario: Resolved
  readonly seed: number
  readonly speed: number
  readonly store: StoreFor
  /** Redis and the database, where the scenario's system uses them. */
  readonly parts: Readonly<Record<string, TcpTarget>>
  /** Where the system's own hosts listen, by name. */
  readonly hosts: ReadonlyMap<string, string>
  readonly exposure: Exposure
  /** Told of each fault that comes and goes; without it none does. */
  readonly onFault?: Observer
  readonly onTrouble: (error: unknown) => void
}

export interface Standing extends AsyncDisposable {
  readonly links: readonly LinkAddress[]
  /** PEM: what processes have to trust, where the scenario has any. */
  readonly authority: string | undefined
  /** Mocks run from now on, and faults come; to be called once. */
  begin(): void
  /** What the faults have done so far. */
  report(): Promise<readonly FaultReport[]>
}

/** All of it listens when it resolves. */
export async function standUp(options: StandingOptions): Promise<Standing> {
  const { scenario, seed, speed, store, parts, hosts, exposure, onFault, onTrouble } = options
  const plan = planOf(scenario)
  const own = plan.hosts.filter((host) => host.isUpstream !== true).map(({ name }) => name)
  const { egress, authority } = await outwardFor(plan.hosts, foreignIn(plan.hosts))
  const time = RealTime.beforeRun(speed, scenario.start)
  const thread = await InterposerThread.start(THREAD_ENTRY, {
    seed,
    speed,
    startMs: scenario.start,
    stages: new CallStages().buffer,
    store,
    scenario,
    pairs: pairsOf(plan.hosts),
    parts,
    partUsers: own,
    // All of them are the user's.
    witnessed: own,
    egress,
    exposure,
  })
  thread.listen(undefined, onTrouble)
  for (const [host, url] of hosts) thread.tell({ do: 'listening', host, url })
  const timeline = new Timeline(plan.faults)
  const timers = new Set<Disposable>()
  let injections = 0
  const stage = {
    hands: NO_HANDS,
    random: new Random(seed),
    get nowMs() {
      return time.nowMs
    },
    schedule: (atMs: number, fire: () => void) => void timers.add(time.schedule(atMs, fire)),
    asDue: (atMs: number, act: () => void) => time.asDue(atMs, act),
    addRule: () => ({ [Symbol.dispose]: () => {} }),
    elsewhere(fault: number) {
      const id = injections++
      thread.tell({ do: 'inject', id, fault, atMs: time.nowMs })
      return { [Symbol.dispose]: () => thread.tell({ do: 'heal', id, atMs: time.nowMs }) }
    },
  }
  return {
    links: thread.links,
    authority,
    begin() {
      const originMs = steadyMs()
      time.begin(originMs)
      thread.tell({ do: 'start', originMs })
      if (onFault !== undefined) timeline.start(stage, new Trace(onFault))
    },
    async report() {
      timeline.healAll()
      const { evidence } = await thread.finish('soon')
      for (const [fault, found] of evidence.entries()) timeline.add(fault, found)
      return timeline.report()
    },
    async [Symbol.asyncDispose]() {
      for (const timer of timers) timer[Symbol.dispose]()
      await thread[Symbol.asyncDispose]()
    },
  }
}

/** The system's own hosts are not here, nor is the load: faults grip what the other thread has. */
const NO_HANDS: Hands = {
  hosts: () => [],
  clock: gripped,
  capacity: gripped,
  work: gripped,
  putRace: gripped,
  host: gripped,
  every: () => ({ [Symbol.dispose]: () => {} }),
  part: () => NO_GRIP,
  stopLoad: () => ({ withheld: () => 0, [Symbol.dispose]: () => {} }),
}

/** What faults do to a part is done on the way to it, in the other thread. */
const NO_GRIP: PartGrip = {
  stop: () => ({
    gone: () => NOTHING_GONE,
    kept: () => 0,
    refused: () => 0,
    [Symbol.dispose]: () => {},
  }),
  flush: () => {},
  fill: () => ({ refused: () => 0, [Symbol.dispose]: () => {} }),
  slow: () => ({ slowed: () => 0, [Symbol.dispose]: () => {} }),
}

function gripped(): never {
  throw new Error('there is no host to grip: hosts() named none')
}
