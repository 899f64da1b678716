// Connections are cut: before a request arrives, or after it took effect.
import { z } from 'zod'
import { defineFault, timing } from './fault.ts'
import { often, selected, selection } from './often.ts'

const options = z.strictObject({
  kind: z.literal('reset'),
  ...timing,
  ...selection,
  lost: z.enum(['request', 'reply']).default('request'),
})

export const reset = defineFault({
  kind: 'reset',
  help: 'connections are reset, the request or the reply lost',
  options,
  describe: (o) => `connections to ${o.to ?? 'everything'} reset, ${o.lost} lost`,
  targets: selected,
  meets: (o) => o,
  rule: (o, random) => often(o, random, o.lost, () => ({ do: 'fail', class: 'reset' })),
})
