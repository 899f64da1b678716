// Connections are narrow: what is large takes its time.
import { z } from 'zod'
import { count } from '../base/fields.ts'
import { pass } from '../worlds/world.ts'
import { defineFault, timing } from './fault.ts'
import { concerning, often, selected, selection } from './often.ts'

const options = z.strictObject({
  kind: z.literal('bandwidth'),
  ...timing,
  ...selection,
  bytesPerSecond: count.max(1_000_000_000).meta({ description: 'Of each connection, each way' }),
})

export const bandwidth = defineFault({
  kind: 'bandwidth',
  help: 'each connection carries at most so many bytes a second',
  options,
  describe: (o) => `${o.to ?? 'connections'} at ${o.bytesPerSecond.toLocaleString('en')} B/s`,
  targets: selected,
  rule(o, random) {
    const ways = (['request', 'reply'] as const).map((way) =>
      often(o, random, way, (call, at) => {
        const ms = (call.sizeBytes(at) * 1_000) / o.bytesPerSecond
        return ms > 0 ? { do: 'delay', ms } : pass
      }),
    )
    return concerning(
      (link, at) => ways.some((way) => way.concerns?.(link, at) !== false),
      (call, at) => {
        for (const way of ways) {
          const ruling = way(call, at)
          if (ruling.do !== 'pass') return ruling
        }
        return pass
      },
    )
  },
})
