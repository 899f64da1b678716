// How the real world does to hosts and the wire what faults ask for, and on which systems it can.
import type { Hand } from '../world.ts'

export interface Ability {
  readonly how: string
  /** Empty: on none. */
  readonly on: readonly NodeJS.Platform[]
}

const EVERYWHERE: readonly NodeJS.Platform[] = ['linux', 'darwin', 'win32']

/** What acts on calls acts in our own proxies, whatever the system. */
export const ON_THE_WIRE: Ability = { how: 'on the wire', on: EVERYWHERE }

/** The pipeline's hosts share our process: what befalls them is acted out, and needs nothing of the system. */
export const HANDS: Readonly<Record<Hand, Ability>> = {
  clock: { how: "the hosts' own clocks", on: EVERYWHERE },
  capacity: { how: 'slots of the mocks', on: EVERYWHERE },
  work: { how: "the hosts' own work", on: EVERYWHERE },
  // A server that is not ours cannot be made to lose it; the wire shows when it might, and what it answers then.
  putRace: { how: 'on the wire, for the store', on: EVERYWHERE },
  host: { how: 'the hosts, in this process', on: EVERYWHERE },
  part: { how: 'Redis and the way to it', on: EVERYWHERE },
  stopLoad: { how: 'the generator', on: EVERYWHERE },
}

/** The same fault in a process that is not ours; a hand that is not here cannot reach one. */
export const OF_ANOTHER_PROCESS: Readonly<Partial<Record<Hand, Ability>>> = {
  // libfaketime by LD_PRELOAD; Go asks the kernel itself, past every library.
  clock: { how: 'by faketime; Go ignores it', on: ['linux'] },
}
