// `--baseline FILE`: the runs that these must not be worse than.
import { BadInputError } from '../base/errors.ts'
import type { RunResult } from '../run/result.ts'
import type { Flags } from './flags.ts'
import type { Order } from './orders.ts'
import { readSummary } from './summary-file.ts'

/** Throws where it has nothing of what is going to be run: a gate that compares nothing is always green. */
export async function readBaseline(
  { baseline: file = '', brief, world }: Flags,
  orders: readonly Order[],
): Promise<readonly RunResult[]> {
  const { runs } = await readSummary(file)
  const shared = runs.filter(
    (r) =>
      r.brief === brief &&
      (world === 'both' || r.world === world) &&
      orders.some(
        ({ scenario, variants }) => scenario.name === r.scenario && variants.includes(r.variant),
      ),
  )
  if (shared.length > 0) return shared
  const has = [
    ...new Set(runs.map((r) => `${r.scenario} · ${r.variant}${r.brief ? ' · brief' : ''}`)),
  ]
  throw new BadInputError(
    `${file}: holds none of the variants that are to be run; it has ${has.join(', ') || 'no runs'}`,
  )
}
