// The arms of the contracts of queues and the database: the parts that each world has.
import { play } from '../run/play.ts'
import type { Arm } from './arms.ts'

export const partArms: readonly Arm[] = [
  { name: 'the virtual world', play: (contract) => play(contract) },
]
