// Calls take longer: time is added to them, or a time of their own replaces the network's.
import { z } from 'zod'
import { compileDistribution } from '../base/distribution.ts'
import { distribution } from '../base/fields.ts'
import { formatDuration } from '../base/units.ts'
import { defineFault, timing } from './fault.ts'
import { draw, often, selected, selection } from './often.ts'

const options = z
  .strictObject({
    kind: z.literal('latency'),
    ...timing,
    ...selection,
    add: distribution.optional().meta({ description: 'Added to the time of the call' }),
    replace: distribution.optional().meta({
      description:
        'The call takes this long from its start, or as long as it needs, whichever is more',
    }),
    on: z.enum(['request', 'reply']).default('reply').meta({ description: 'Which way is slow' }),
  })
  .refine((o) => (o.add === undefined) !== (o.replace === undefined), {
    error: 'needs either `add` or `replace`',
  })

export const latency = defineFault({
  kind: 'latency',
  help: 'calls take longer, by any distribution',
  options,
  describe(o) {
    const spec = o.add ?? o.replace
    const mean = spec === undefined ? 0 : compileDistribution(spec).meanMs
    return `${o.to ?? 'calls'} slower: ${o.add === undefined ? '' : '+'}${formatDuration(mean)} on average`
  },
  targets: selected,
  meets: (o) => o,
  rule(o, random) {
    const time = compileDistribution(o.add ?? o.replace ?? { dist: 'constant', value: 0 })
    return often(o, random, o.on, (call) => {
      const ms = time.sample(draw(random, call, 'latency'))
      return { do: 'delay', ms: o.add === undefined ? Math.max(0, ms - call.elapsedMs()) : ms }
    })
  },
})
