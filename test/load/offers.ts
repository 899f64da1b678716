// Plays a load model against a driver that only keeps the time: what it offers, and when.
import type { z } from 'zod'
import { Random } from '../../src/base/random.ts'
import type { Driver, LoadDefinition } from '../../src/load/load.ts'

export interface Offer {
  readonly intendedMs: number
  /** When it was offered: never before it was due. */
  readonly atMs: number
  readonly batch: number | undefined
}

interface Due {
  readonly atMs: number
  readonly seq: number
  readonly fire: () => void
}

export interface Played {
  readonly offers: readonly Offer[]
  /** Items offered and not ended, at most. */
  readonly mostOpen: number
  readonly durationMs: number
  readonly expected: number
  readonly describe: string
}

export interface Behaviour {
  readonly seed?: number
  /** How long item n lives. */
  endsAfterMs?(n: number): number
  /** False where the driver refuses an item. */
  isTaken?(atMs: number): boolean
}

/** All that a load model does, from its start until it has nothing more to do. */
export function playLoad<S extends z.ZodType>(
  load: LoadDefinition<S>,
  raw: Readonly<Record<string, unknown>>,
  { seed = 1, endsAfterMs = () => 0, isTaken = () => true }: Behaviour = {},
): Played {
  const options = load.options.parse({ kind: load.kind, ...raw })
  const due: Due[] = []
  const offers: Offer[] = []
  const waiting = new Map<number, () => void>()
  let nowMs = 0
  let seq = 0
  let open = 0
  let mostOpen = 0
  const at = (atMs: number, fire: () => void) =>
    due.push({ atMs: Math.max(atMs, nowMs), seq: seq++, fire })
  const driver: Driver = {
    random: new Random(seed),
    nowMs: () => nowMs,
    at,
    offer(intendedMs, batch) {
      if (!isTaken(nowMs)) return -1
      const index = offers.push({ intendedMs, atMs: nowMs, batch }) - 1
      mostOpen = Math.max(mostOpen, ++open)
      at(nowMs + endsAfterMs(index), () => {
        open--
        waiting.get(index)?.()
      })
      return index
    },
    whenEnded: (index, then) => void waiting.set(index, then),
    saturate: () => {},
  }
  load.start(options, driver)
  for (;;) {
    due.sort((a, b) => a.atMs - b.atMs || a.seq - b.seq)
    const next = due.shift()
    if (next === undefined) break
    nowMs = next.atMs
    next.fire()
  }
  return {
    offers,
    mostOpen,
    durationMs: load.durationMs(options),
    expected: load.expected(options),
    describe: load.describe(options),
  }
}

export const timesOf = ({ offers }: Played): number[] => offers.map(({ intendedMs }) => intendedMs)
