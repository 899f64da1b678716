// How many items a load offers, by what it says of itself.
import { loadOf, type Resolved } from '../../src/scenario/schema.ts'

/** A Poisson process strays further than this once in many millions of runs. */
const DEVIATIONS = 6

/** What is wrong with so many offers, in a sentence; empty where nothing is. */
export function faultsOfOffers({ load, faults }: Resolved, offers: number): string[] {
  const expected = loadOf({ load } as Resolved).expected(load)
  if (Number.isNaN(expected) || faults.some(({ kind }) => kind === 'load.stop')) return []
  const { process, bursts } = load as { process?: string; bursts?: { size: number } }
  const stray = process === 'poisson' ? DEVIATIONS * Math.sqrt(expected) + DEVIATIONS : 1
  // The last burst may reach beyond the end of the load.
  const least = expected - stray - (bursts?.size ?? 0)
  if (offers >= least && offers <= expected + stray) return []
  return [`${offers} items are offered where ${expected} are to be expected`]
}
