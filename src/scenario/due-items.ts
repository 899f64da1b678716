// When the items of an open load are due, without a run.
import { Random } from '../base/random.ts'
import type { LoadDefinition } from '../load/load.ts'

/** More would take longer to count than is worth the answer. */
const MOST = 2_000_000

/** Milliseconds from the start, in order; undefined where only a run can tell. */
export function dueItems(load: LoadDefinition, options: unknown): Float64Array | undefined {
  const expected = load.expected(options)
  if (Number.isNaN(expected) || expected > MOST) return undefined
  const due: number[] = []
  const next: (() => void)[] = []
  let nowMs = 0
  load.start(options, {
    random: new Random(1).fork('load'),
    nowMs: () => nowMs,
    at: (atMs, fire) =>
      next.push(() => {
        nowMs = atMs
        fire()
      }),
    offer: (intendedMs) => due.push(intendedMs) - 1,
    whenEnded: () => {},
    saturate: () => {},
  })
  // An open load is one that does not care which of its calls comes first.
  for (let call = next.pop(); call !== undefined && due.length <= MOST; call = next.pop()) call()
  return Float64Array.from(due).sort()
}
