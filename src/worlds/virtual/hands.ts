// The hands by which faults grip the virtual world: its hosts, their clocks and capacity, and its parts.
import { must } from '../../base/assert.ts'
import { clockOf, holdCapacity, hostOf, namesIn, processIn } from '../process-hands.ts'
import { DATABASE_NAME, type Hands, REDIS_NAME } from '../world.ts'
import type { Timer } from './clock.ts'
import type { Part } from './part.ts'
import type { Process } from './process.ts'
import type { VirtualWorld } from './world.ts'

export function handsOf(world: VirtualWorld): Hands {
  return {
    hosts: namesIn(world.processes),
    clock: (host) => clockOf(processOf(world, host)),
    capacity: (service, factor) => {
      const process = processOf(world, service)
      const changed = () =>
        (process.life?.stations ?? []).reduce((sum, station) => sum + station.changed, 0)
      return holdCapacity(process, factor, changed, () => applyCapacity(world, process))
    },
    putRace: (withinMs, refuses) => world.edge.vanishedFolders.hold(withinMs, refuses),
    work: (host, factor) => processOf(world, host).slowdowns.hold(factor),
    every: (ms, tick) => every(world, ms, tick),
    part: (name) =>
      must(partOf(world, name), `faults are checked to name parts that are there: ${name}`).grip,
    host: (name) => {
      const process = processOf(world, name)
      return hostOf(process, () => crash(world, process))
    },
    stopLoad: () => world.stopLoad(),
  }
}

/** Kills the process: callers that wait for it see their connections reset. The number of those. */
function crash(world: VirtualWorld, process: Process): number {
  const { life } = process
  if (life === undefined || life.dead) return 0
  life.dead = true
  for (const end of life.onDeath) end()
  for (const { job, lease } of life.jobs) if (lease === undefined) world.redis?.lost(job)
  for (const station of life.stations) station.abandon(world.clock.nowUs)
  const cut = life.inbound.takeAll().filter((x) => !x.over)
  for (const x of cut) world.wire.fail(x, 'reset')
  return cut.length
}

function partOf(world: VirtualWorld, name: string): Part | undefined {
  return name === REDIS_NAME ? world.redis : name === DATABASE_NAME ? world.tables : undefined
}

function every(world: VirtualWorld, ms: number, tick: (elapsedMs: number) => void): Disposable {
  const { clock } = world
  const fromUs = clock.nowUs
  let timer: Timer | undefined
  const next = () => {
    tick((clock.nowUs - fromUs) / 1_000)
    timer = clock.scheduleTimer(clock.nowUs + ms * 1_000, next, undefined)
  }
  next()
  return { [Symbol.dispose]: () => timer !== undefined && clock.cancel(timer) }
}

function applyCapacity(world: VirtualWorld, process: Process): void {
  for (const station of process.life?.stations ?? []) {
    station.factor = process.capacityFactor
    station.part.concurrency = station.bears
    process.life?.wake(() => station.fill(world.clock.nowUs))
  }
}

const processOf = (world: VirtualWorld, name: string): Process => processIn(world.processes, name)
