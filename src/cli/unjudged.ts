// What was asked for and did not come to its end, for reports that say so.
import { assertedBy } from '../run/asserted.ts'
import type { RunResult, Unjudged } from '../run/result.ts'
import type { Flags } from './flags.ts'
import type { Order } from './orders.ts'

/** `why`: what kept them; an error's message, or that nobody wanted them any more. */
export function unjudgedOf(
  { scenario, variants }: Order,
  runs: readonly RunResult[],
  { brief, seeds, world }: Flags,
  why: { readonly why: string; readonly isError: boolean },
): Unjudged[] {
  const worlds = world === 'both' ? (['virtual', 'real'] as const) : [world]
  return worlds.flatMap((where) =>
    variants.flatMap((variant): Unjudged[] => {
      const done = runs.filter(
        (r) => r.file === scenario.file && r.variant === variant && r.world === where,
      )
      if (done.length >= seeds) return []
      const asserted = assertedBy(scenario.resolve(variant, brief))
      return [
        {
          scenario: scenario.name,
          file: scenario.file,
          variant,
          brief,
          world: where,
          asserted,
          ...why,
        },
      ]
    }),
  )
}
