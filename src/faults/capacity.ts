// A service can work on fewer requests at once.
import { z } from 'zod'
import { glob } from '../base/fields.ts'
import { defineFault, timing } from './fault.ts'

const options = z.strictObject({
  kind: z.literal('capacity'),
  ...timing,
  service: glob,
  factor: z
    .number()
    .min(0)
    .max(100)
    .meta({ description: 'Multiplies its concurrency: 0.25 leaves a quarter' }),
})

export const capacity = defineFault({
  kind: 'capacity',
  help: 'services work on fewer, or more, requests at once',
  options,
  needsHosts: true,
  hands: ['capacity'],
  describe: (o) => `capacity of ${o.service} × ${o.factor}`,
  targets: (o) => ({ hosts: [o.service] }),
  hold(o, hands, evidence) {
    const held = hands.hosts(o.service).map((name) => hands.capacity(name, o.factor))
    return {
      [Symbol.dispose]() {
        for (const one of held) {
          evidence.touched = (evidence.touched ?? 0) + one.changed()
          one[Symbol.dispose]()
        }
      },
    }
  },
})
