// Requests are accepted and nothing more happens.
import { z } from 'zod'
import { defineFault, timing } from './fault.ts'
import { often, selected, selection } from './often.ts'

const options = z.strictObject({ kind: z.literal('hang'), ...timing, ...selection })

export const hang = defineFault({
  kind: 'hang',
  help: 'requests are accepted and never served; cut when it heals',
  options,
  describe: (o) => `requests to ${o.to ?? 'everything'} hang`,
  targets: selected,
  meets: (o) => o,
  rule: (o, random) => often(o, random, 'request', () => ({ do: 'hang' })),
})
