// Connections are refused.
import { z } from 'zod'
import { defineFault, timing } from './fault.ts'
import { often, selected, selection } from './often.ts'

const options = z.strictObject({ kind: z.literal('refuse'), ...timing, ...selection })

export const refuse = defineFault({
  kind: 'refuse',
  help: 'connections are refused',
  options,
  describe: (o) => `connections to ${o.to ?? 'everything'} refused`,
  targets: selected,
  meets: (o) => o,
  rule: (o, random) => often(o, random, 'connect', () => ({ do: 'fail', class: 'refused' })),
})
