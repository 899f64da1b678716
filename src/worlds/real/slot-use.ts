// Whether real calls' own time ate of a host's capacity: a slot is kept while its request fetches something, and not all
// requests have work that makes up for it.
import { WORTH_TELLING_MS } from './own-latency.ts'

/** Of a host that has slots, in all its lives, times in ms of the world. */
export interface SlotUse {
  /** For how much longer than asked for slots were kept while others waited, and no work made up for it. */
  readonly lostMs: number
  /** By how much longer that let the last of them wait: what one slot is kept too long the others can make good. */
  readonly delayMs: number
  /** What its work was to take. */
  readonly askedMs: number
  readonly served: number
  /** Those that had to wait for a slot. */
  readonly waited: number
}

/** Capacity is what the scenario says, give or take so much. */
const MOST_EATEN = 0.1
/** Where fewer wait, there is capacity enough. */
const FEWEST_WAITING = 0.1

/** Less than a hundredth is noise of the measuring. */
const LEAST_TAKEN = 0.01

/**
 * Per host, the share of its time that calls' own took while somebody waited for it: so much more of the load than in the
 * virtual world may have been lost there. None at the wall's own speed.
 */
export function capacityTaken(
  uses: Readonly<Record<string, SlotUse>>,
  speed: number,
): Readonly<Record<string, number>> {
  if (speed === 1) return {}
  const shares = Object.entries(uses).map(([host, { lostMs, delayMs, askedMs }]) => {
    const share = delayMs <= WORTH_TELLING_MS ? 0 : lostMs / (askedMs + lostMs)
    return [host, Math.round(share * 1_000) / 1_000] as const
  })
  return Object.fromEntries(shares.filter(([, share]) => share >= LEAST_TAKEN))
}

/** Of which hosts the capacity was less than it was to be, and counted. */
export function eaten(uses: Readonly<Record<string, SlotUse>>, speed: number): string[] {
  // At the wall's own speed nothing shrinks beside them: they take what they take.
  if (speed === 1) return []
  return Object.entries(uses).flatMap(([host, { lostMs, delayMs, askedMs, served, waited }]) => {
    const waiting = waited / served
    const longer = lostMs / (askedMs * waiting)
    const counts = longer > MOST_EATEN && waiting >= FEWEST_WAITING && delayMs > WORTH_TELLING_MS
    if (!counts) return []
    const percent = (share: number) => `${(100 * share).toFixed(0)} %`
    return [
      `${host} kept its slots ${percent(longer)} longer than its work was to take, by its calls' own time, and ${percent(waiting)} of its requests waited for one: it cannot keep up at --speed ${speed}`,
    ]
  })
}
