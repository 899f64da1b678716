// Writes down what was seen of a place where work waits or is done.
import type { PartStats } from '../../metrics/recorder.ts'

export interface PartFact {
  readonly fact: 'part'
  readonly atUs: number
  readonly name: string
  readonly concurrency: number
  readonly waitingGauge?: string
  /** `waited` and `gave up`, which is no longer a wait: `by` so many ms. */
  readonly what: 'declare' | 'waiting' | 'busy' | 'waited' | 'gave up' | 'concurrency'
  readonly by: number
}

export function writePart(part: PartStats, { what, by, atUs, concurrency }: PartFact): void {
  switch (what) {
    case 'declare':
      part.changeBusy(atUs, -part.busy.value)
      part.changeWaiting(atUs, -part.waiting.value)
      break
    case 'waiting':
      part.changeWaiting(atUs, by)
      break
    case 'busy':
      part.changeBusy(atUs, by)
      break
    case 'concurrency':
      part.concurrency = concurrency
      break
    case 'waited':
      part.waited(atUs, by)
      break
    case 'gave up':
      break
  }
}
