// Requests arrive twice: a button is pressed twice, or something on the way sends again what it takes for lost.
import { z } from 'zod'
import { duration } from '../base/fields.ts'
import { defineFault, timing } from './fault.ts'
import { often, onHttp, selected, selection } from './often.ts'

const options = z.strictObject({
  kind: z.literal('duplicate-submit'),
  ...timing,
  ...selection,
  after: duration.default(0).meta({ description: 'How much later it arrives again' }),
})

export const duplicateSubmit = defineFault({
  kind: 'duplicate-submit',
  help: 'requests arrive twice, and nobody waits for the second answer',
  options,
  describe: (o) => `requests to ${o.to ?? 'every host'} arrive twice`,
  targets: selected,
  // Without a route some of its calls would be the store's own.
  meets: (o) => (o.route === undefined ? undefined : o),
  rule: (o, random) =>
    onHttp(often(o, random, 'request', () => ({ do: 'repeat', afterMs: o.after }))),
})
