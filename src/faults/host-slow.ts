// The work of hosts takes longer: a hot accelerator, a noisy neighbour, a model that is too big.
import { z } from 'zod'
import { glob } from '../base/fields.ts'
import { defineFault, timing } from './fault.ts'

const options = z.strictObject({
  kind: z.literal('host.slow'),
  ...timing,
  host: glob,
  factor: z
    .number()
    .gt(1)
    .max(100_000)
    .meta({ description: 'Multiplies the time of the work that is begun: 100 makes 0.2 s 20 s' }),
})

export const hostSlow = defineFault({
  kind: 'host.slow',
  help: 'the work of hosts takes longer, and keeps its slots as long',
  options,
  describe: (o) => `work of ${o.host} × ${o.factor}`,
  targets: (o) => ({ hosts: [o.host] }),
  hold(o, hands, evidence) {
    const held = hands.hosts(o.host).map((name) => hands.work(name, o.factor))
    return {
      [Symbol.dispose]() {
        for (const one of held) {
          const { times, addedMs } = one.slowed()
          evidence.touched = (evidence.touched ?? 0) + times
          evidence.addedMs = (evidence.addedMs ?? 0) + addedMs
          one[Symbol.dispose]()
        }
      },
    }
  },
})
