// What a fault's hands do to a host's process alike in every world.
import picomatch from 'picomatch'
import { BadInputError } from '../base/errors.ts'
import type { Hands } from './world.ts'

/** A host's process, as far as faults change what it holds itself. */
export interface HeldProcess {
  skewMs: number
  presignSkewMs: number
  readonly wrongReads: number
  /** Faults that hold it down, and that hold it still. */
  downs: number
  pauses: number
  capacityFactors: readonly { readonly factor: number }[]
  readonly start: () => void
  readonly life:
    | { dead: boolean; paused: boolean; readonly jobs: ReadonlySet<object>; resume(): void }
    | undefined
}

export function namesIn(processes: ReadonlyMap<string, unknown>): Hands['hosts'] {
  return (glob) => {
    const matches = picomatch(glob)
    return [...processes.keys()].filter((name) => matches(name))
  }
}

export function processIn<P>(processes: ReadonlyMap<string, P>, name: string): P {
  const process = processes.get(name)
  if (process === undefined) throw new BadInputError(`there is no host '${name}' in this scenario`)
  return process
}

export function clockOf(process: HeldProcess): ReturnType<Hands['clock']> {
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
}

/** `changed`: what its places have felt of it so far. `apply` makes them as many as the factors say. */
export function holdCapacity(
  process: HeldProcess,
  factor: number,
  changed: () => number,
  apply: () => void,
): ReturnType<Hands['capacity']> {
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
}

/** `crash` ends its life; `freeze` stops what of it lies outside its life. */
export function hostOf(
  process: HeldProcess,
  crash: () => number,
  freeze: (isFrozen: boolean) => void = () => {},
): ReturnType<Hands['host']> {
  return {
    alive: () => process.life !== undefined && !process.life.dead,
    running: () => process.life !== undefined && !process.life.dead && !process.life.paused,
    jobs: () => (process.life?.dead === false ? process.life.jobs.size : 0),
    crash: () => {
      process.downs++
      return crash()
    },
    start: () => {
      if (--process.downs === 0) process.start()
    },
    pause: () => {
      process.pauses++
      if (process.life !== undefined) process.life.paused = true
      freeze(true)
    },
    resume: () => {
      if (--process.pauses === 0) process.life?.resume()
      freeze(false)
    },
  }
}
