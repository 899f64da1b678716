// Closed model over HTTP: so many connections to the pipeline's entry, each asking again as soon as it is answered.
import { z } from 'zod'
import { count, positiveDuration } from '../base/fields.ts'
import { formatDuration } from '../base/units.ts'
import { defineLoad } from './load.ts'

const options = z.strictObject({
  kind: z.literal('saturate'),
  connections: count.max(10_000).meta({
    description: 'Each has one request under way: as many as the entry ever sees at once',
  }),
  for: positiveDuration,
})

export const saturate = defineLoad({
  kind: 'saturate',
  help: 'closed model: connections to an HTTP entry, each asking for the next item as soon as it is answered',
  options,
  describe: (o) => `${o.connections} connections that are never idle for ${formatDuration(o.for)}`,
  durationMs: (o) => o.for,
  expected: () => Number.NaN,
  // An answer that takes long holds back the requests that would have waited behind it.
  thinkMs: () => 0,
  asksByHttp: true,
  // Not before the hosts are there, which come first.
  start: (o, driver) => driver.at(0, () => driver.saturate(o.connections, o.for)),
})
