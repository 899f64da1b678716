// The hands by which faults grip the virtual world: its hosts, their clocks and capacity, and its parts.
import picomatch from 'picomatch'
import { must } from '../../base/assert.ts'
import { BadInputError } from '../../base/errors.ts'
import { DATABASE_NAME, type Hands, REDIS_NAME } from '../world.ts'
import type { Timer } from './clock.ts'
import type { Part } from './part.ts'
import type { Process } from './process.ts'
import type { VirtualWorld } from './world.ts'

export function handsOf(world: VirtualWorld): Hands {
  return {
    hosts: (glob) => {
      const matches = picomatch(glob)
      return [...world.processes.keys()].filter((name) => matches(name))
    },
    clock: (host) => {
      const process = processOf(world, host)
      return {
        wrongReads: () => process.wrongReads,
        skew: (ms, affects) => {
          const shift = (by: number) => {
            if (affects === 'all') process.skewMs += by
            else process.presignSkewMs += by
          }
          shift(ms)
          return { [Symbol.dispose]: () => shift(-ms) }
        },
      }
    },
    capacity: (service, factor) => {
      const process = processOf(world, service)
      const changed = () =>
        (process.life?.stations ?? []).reduce((sum, station) => sum + station.changed, 0)
      const earlier = changed()
      const own = { factor }
      process.capacityFactors = [...process.capacityFactors, own]
      applyCapacity(world, process)
      return {
        changed: () => (factor === 1 ? 0 : Math.max(0, changed() - earlier)),
        [Symbol.dispose]: () => {
          process.capacityFactors = process.capacityFactors.filter((other) => other !== own)
          applyCapacity(world, process)
        },
      }
    },
    putRace: (withinMs, refuses) => world.edge.vanishedFolders.hold(withinMs, refuses),
    work: (host, factor) => processOf(world, host).slowdowns.hold(factor),
    every: (ms, tick) => every(world, ms, tick),
    part: (name) =>
      must(partOf(world, name), `faults are checked to name parts that are there: ${name}`).grip,
    host: (name) => {
      const process = processOf(world, name)
      return {
        alive: () => process.life !== undefined && !process.life.dead,
        running: () => process.life !== undefined && !process.life.dead && !process.life.paused,
        jobs: () => (process.life?.dead === false ? process.life.jobs.size : 0),
        crash: () => {
          process.downs++
          return crash(world, process)
        },
        start: () => {
          if (--process.downs === 0) process.start()
        },
        pause: () => {
          process.pauses++
          if (process.life !== undefined) process.life.paused = true
        },
        resume: () => {
          if (--process.pauses === 0) process.life?.resume()
        },
      }
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

function processOf(world: VirtualWorld, name: string): Process {
  const process = world.processes.get(name)
  if (process === undefined) throw new BadInputError(`there is no host '${name}' in this scenario`)
  return process
}
