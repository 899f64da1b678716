// The hands by which faults grip the hosts of one thread.
import { BadInputError } from '../../base/errors.ts'
import { clockOf, holdCapacity, hostOf, namesIn, processIn } from '../process-hands.ts'
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
  readonly stopLoad: Hands['stopLoad']
}

export function handsOf(site: Gripped): Hands {
  return {
    hosts: namesIn(site.processes),
    clock: (host) => clockOf(processIn(site.processes, host)),
    capacity: (service, factor) => {
      const process = processIn(site.processes, service)
      const slots = () => process.life?.server?.slots ?? []
      const changed = () => slots().reduce((sum, one) => sum + one.changed, 0)
      return holdCapacity(process, factor, changed, () => {
        for (const one of slots()) one.factor = process.capacityFactor
      })
    },
    host: (name) => {
      const process = processIn(site.processes, name)
      return hostOf(
        process,
        () => crash(process),
        (isFrozen) => site.freeze(name, isFrozen),
      )
    },
    every: (ms, tick) => every(site.time, ms, tick),
    work: (host, factor) => processIn(site.processes, host).slowdowns.hold(factor),
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
