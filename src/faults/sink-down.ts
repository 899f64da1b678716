// The alert sink is down: publications are refused.
import { z } from 'zod'
import { glob } from '../base/fields.ts'
import { defineFault, timing } from './fault.ts'
import { often } from './often.ts'

const options = z.strictObject({
  kind: z.literal('sink.down'),
  ...timing,
  sink: glob.default('sink'),
})

export const sinkDown = defineFault({
  kind: 'sink.down',
  help: 'the alert sink refuses connections',
  options,
  describe: (o) => `${o.sink} down`,
  targets: (o) => ({ hosts: [o.sink] }),
  meets: (o) => ({ to: o.sink }),
  rule: (o, random) =>
    often({ to: o.sink }, random, 'connect', () => ({ do: 'fail', class: 'refused' })),
})
