// The call takes effect, but its answer never comes back.
import { z } from 'zod'
import { defineFault, timing } from './fault.ts'
import { often, selected, selection } from './often.ts'

const options = z.strictObject({ kind: z.literal('lost-replies'), ...timing, ...selection })

export const lostReplies = defineFault({
  kind: 'lost-replies',
  help: 'calls take effect, but their answers never come back',
  options,
  describe: (o) => `replies from ${o.to ?? 'everything'} lost`,
  targets: selected,
  meets: (o) => o,
  rule: (o, random) => often(o, random, 'reply', () => ({ do: 'hang' })),
})
