// The hands by which faults grip the hosts of one thread.
import picomatch from 'picomatch'
import { BadInputError } from '../../base/errors.ts'
import type { Hands, PartGrip } from '../world.ts'
import type { RealProcess } from './process.ts'
import type { RealTime } from './time.ts'

/** What of a thread's hosts faults can get hold of. */
export interface Gripped {
  readonly processes: ReadonlyMap<string, RealProcess>
  readonly time: RealTime
  /** Of Redis and the database: a host that stands still stops on the way to them, too. */
  freeze(host: string, isFrozen: boolean): void
  readonly gripOf: ((part: string) => PartGrip) | undefined
  /** Throws where there is no such host. */
  process(name: string): RealProcess
  readonly stopLoad: Hands['stopLoad']
}

export function handsOf(site: Gripped): Hands {
  return {
    hosts: (glob) => {
      const matches = picomatch(glob)
      return [...site.processes.keys()].filter((name) => matches(name))
    },
    clock: (host) => {
      const process = site.process(host)
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
      const process = site.process(service)
      const slots = () => process.life?.server?.slots ?? []
      const changed = () => slots().reduce((sum, one) => sum + one.changed, 0)
      const apply = () => {
        for (const one of slots()) one.factor = process.capacityFactor
      }
      const earlier = changed()
      const own = { factor }
      process.capacityFactors = [...process.capacityFactors, own]
      apply()
      return {
        changed: () => (factor === 1 ? 0 : Math.max(0, changed() - earlier)),
        [Symbol.dispose]: () => {
          process.capacityFactors = process.capacityFactors.filter((other) => other !== own)
          apply()
        },
      }
    },
    host: (name) => {
      const process = site.process(name)
      return {
        alive: () => process.life !== undefined && !process.life.dead,
        jobs: () => (process.life?.dead === false ? process.life.jobs.size : 0),
        running: () => process.life !== undefined && !process.life.dead && !process.life.paused,
        crash: () => {
          process.downs++
          return crash(process)
        },
        start: () => {
          if (--process.downs === 0) process.start()
        },
        pause: () => {
          process.pauses++
          if (process.life !== undefined) process.life.paused = true
          site.freeze(name, true)
        },
        resume: () => {
          if (--process.pauses === 0) process.life?.resume()
          site.freeze(name, false)
        },
      }
    },
    every: (ms, tick) => every(site.time, ms, tick),
    work: (host, factor) => site.process(host).slowdowns.hold(factor),
    part: (name) => {
      const { gripOf } = site
      if (gripOf !== undefined) return gripOf(name)
      throw new BadInputError(`this run has no ${name}`)
    },
    // The interposers answer what has lost; where there are none, nothing is held.
    putRace: () => ({ [Symbol.dispose]: () => {} }),
    stopLoad: () => site.stopLoad(),
  }
}

/** Now, and after each `ms`. */
function every(time: RealTime, ms: number, tick: (elapsedMs: number) => void): Disposable {
  const fromMs = time.nowMs
  let timer: Disposable | undefined
  const next = () => {
    const elapsedMs = time.nowMs - fromMs
    tick(elapsedMs)
    timer = time.schedule(time.nowMs + ms, next)
  }
  next()
  return { [Symbol.dispose]: () => timer?.[Symbol.dispose]() }
}

/** Kills the process: callers that wait for it see their connections reset. The number of those. */
export function crash({ life }: RealProcess): number {
  if (life === undefined || life.dead) return 0
  const cut = life.server?.kill() ?? 0
  life.die()
  return cut
}
