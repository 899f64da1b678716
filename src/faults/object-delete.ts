// Objects vanish from the store: right before or after an operation on them, or some time later.
import { z } from 'zod'
import { duration } from '../base/fields.ts'
import { type Call, pass, type Stage } from '../worlds/world.ts'
import { defineFault, timing } from './fault.ts'
import { concerning, often, selected, selection } from './often.ts'

/** The trigger, and where on the wire it is seen. */
const TRIGGERS = {
  before: ['fetch', 'head'],
  after: ['put', 'head', 'post', 'fetch'],
} as const

const { route: _route, ...which } = selection
const options = z
  .strictObject({
    kind: z.literal('object.delete'),
    ...timing,
    ...which,
    before: z
      .enum(TRIGGERS.before)
      .optional()
      .meta({ description: 'Deleted before this operation reaches the store' }),
    after: z.enum(TRIGGERS.after).optional().meta({
      description: 'Deleted after this operation took effect, before its caller is answered',
    }),
    delay: duration.default(0).meta({ description: 'How long after the trigger' }),
    perObject: z.boolean().default(true).meta({ description: 'One draw per object, not per call' }),
  })
  .refine((o) => (o.before === undefined) !== (o.after === undefined), {
    error: 'needs either `before` or `after`',
  })

type Options = z.output<typeof options>

export const objectDelete = defineFault({
  kind: 'object.delete',
  help: 'objects vanish from the store, triggered by an operation on them',
  options,
  describe: (o) =>
    `objects deleted ${o.before === undefined ? `after ${o.after}` : `before ${o.before}`}`,
  targets: (o) => selected(o),
  meets: (o) => (o.after === 'post' ? undefined : { ...o, route: o.before ?? o.after }),
  rule(o, random) {
    const trigger = o.before ?? o.after
    const stage: Stage = o.before === undefined ? 'reply' : 'request'
    const isTrigger = triggerOf(o)
    const { probability, ...rest } = o
    const inner = often(o.perObject ? rest : { ...rest, probability }, random, stage, (call) =>
      o.perObject && probability !== undefined && random.at('object', call.key) >= probability
        ? pass
        : { do: 'remove', afterMs: o.delay },
    )
    return concerning(
      (link, at) =>
        (trigger === 'post' ? link.op === 'http' : link.op === trigger) &&
        inner.concerns?.(link, at) !== false,
      (call, at) => (isTrigger(call) ? inner(call, at) : pass),
    )
  },
})

function triggerOf(o: Options): (call: Call) => boolean {
  const trigger = o.before ?? o.after
  if (trigger === 'post') return (call) => call.op === 'http' && call.key !== ''
  return (call) => call.op === trigger
}
