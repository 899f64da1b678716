// What a fault is: options, a line that describes it, and either a rule for calls or a hold on the world.
import { z } from 'zod'
import { duration, positiveDuration, tagName } from '../base/fields.ts'
import type { Random } from '../base/random.ts'
import type { Evidence, Hands, Rule } from '../worlds/world.ts'

/** When a fault is there, in every fault's options. */
export const timing = {
  name: tagName
    .optional()
    .meta({ description: 'For the tag {fault:name}, and the key of its draws' }),
  at: duration
    .optional()
    .meta({ description: 'From the start of the run; default: the end of the warm-up' }),
  for: positiveDuration
    .optional()
    .meta({ description: 'Until it heals; default: to the end of the load' }),
  every: positiveDuration.optional().meta({ description: 'Injected again after each such period' }),
  mayMiss: z
    .boolean()
    .default(false)
    .meta({ description: 'A run in which it touched nothing still counts' }),
}

export interface Timing {
  readonly name?: string | undefined
  readonly at?: number | undefined
  readonly for?: number | undefined
  readonly every?: number | undefined
  readonly mayMiss: boolean
}

/** Which calls a fault acts on, and on how many of them. */
export interface Selection {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly route?: string | undefined
  readonly key?: string | undefined
  readonly probability?: number | undefined
  readonly nth?: number | undefined
  readonly first?: number | undefined
  readonly attempt?: number | undefined
}

/** Names in a scenario that a fault relies on: each must match something that is there. */
export interface Targets {
  readonly hosts?: readonly string[]
  readonly routes?: readonly string[]
  readonly keys?: readonly string[]
}

export interface FaultDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly kind: string
  readonly help: string
  readonly options: Schema
  describe(options: z.output<Schema>): string
  targets?(options: z.output<Schema>): Targets
  /** How far off it puts the dates of presigned URLs, ms. */
  presignSkewMs?(options: z.output<Schema>): number
  /** What it touches, each once, where that can be told beforehand: calls, or the items of the load. */
  meets?(options: z.output<Schema>): Selection | 'items' | undefined
  /** Over at once: it has no duration of its own unless `for` is given. */
  readonly instant?: boolean
  /** Injected again before it is healed, it adds to itself: it may come `every` so often without a `for`. */
  addsUp?(options: z.output<Schema>): boolean
  /** Grips hosts that are running: at 0 s it comes when they have started, any other fault before that. */
  readonly needsHosts?: boolean
  /** Acts on calls while injected. `random` is the fault's own. */
  rule?(options: z.output<Schema>, random: Random): Rule
  /** Holds something down until disposed of. Counts what it touched into `evidence`; `random` is its own. */
  hold?(options: z.output<Schema>, hands: Hands, evidence: Evidence, random: Random): Disposable
}

export function defineFault<Schema extends z.ZodType>(
  definition: FaultDefinition<Schema>,
): FaultDefinition<Schema> {
  return definition
}
