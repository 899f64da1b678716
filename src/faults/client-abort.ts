// Callers hang up before they are answered: their servers work on, and write into broken pipes.
import { z } from 'zod'
import { compileDistribution } from '../base/distribution.ts'
import { distribution } from '../base/fields.ts'
import { defineFault, timing } from './fault.ts'
import { draw, often, onHttp, selected, selection } from './often.ts'

const options = z.strictObject({
  kind: z.literal('client.abort'),
  ...timing,
  ...selection,
  after: distribution.prefault('1s').meta({ description: 'How long they wait' }),
})

export const clientAbort = defineFault({
  kind: 'client.abort',
  help: 'callers hang up before they are answered: BrokenPipe at the server',
  options,
  describe: (o) => `callers of ${o.to ?? 'every host'} hang up`,
  targets: selected,
  rule(o, random) {
    const time = compileDistribution(o.after)
    return onHttp(
      often(o, random, 'request', (call) => ({
        do: 'abort',
        afterMs: time.sample(draw(random, call, 'abort')),
      })),
    )
  },
})
