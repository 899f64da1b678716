// Whether real calls' own time ate of a host's capacity: a slot is kept while its request fetches something.

/** Of a host that has slots, in all its lives, times in ms of the world. */
export interface SlotUse {
  /** Its own answered calls, without what was asked for of their time. */
  readonly ownMs: number
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
 * Per host, the share of its capacity that calls' own time took where somebody waited for it: so much more of the load
 * than in the virtual world may have been lost there. None at the wall's own speed.
 */
export function capacityTaken(
  uses: Readonly<Record<string, SlotUse>>,
  speed: number,
): Readonly<Record<string, number>> {
  if (speed === 1) return {}
  const shares = Object.entries(uses).map(([host, { ownMs, askedMs, served, waited }]) => {
    const share = (ownMs / (askedMs + ownMs)) * (waited / served)
    return [host, Math.round(share * 1_000) / 1_000] as const
  })
  return Object.fromEntries(shares.filter(([, share]) => share >= LEAST_TAKEN))
}

/** Of which hosts the capacity was less than it was to be, and counted. */
export function eaten(uses: Readonly<Record<string, SlotUse>>, speed: number): string[] {
  // At the wall's own speed nothing shrinks beside them: they take what they take.
  if (speed === 1) return []
  return Object.entries(uses).flatMap(([host, { ownMs, askedMs, served, waited }]) => {
    const [longer, waiting] = [ownMs / askedMs, waited / served]
    if (!(longer > MOST_EATEN && waiting >= FEWEST_WAITING)) return []
    const percent = (share: number) => `${(100 * share).toFixed(0)} %`
    return [
      `${host} kept its slots ${percent(longer)} longer than its work was to take, by its calls' own time, and ${percent(waiting)} of its requests waited for one: it cannot keep up at --speed ${speed}`,
    ]
  })
}
