// The least pipeline that queueing theory speaks of: clients of one service with so many slots and a backlog.
import { z } from 'zod'
import { compileDistribution } from '../../src/base/distribution.ts'
import { count, distribution, positiveDuration } from '../../src/base/fields.ts'
import { definePipeline } from '../../src/pipelines/pipeline.ts'
import { CallError, type Host, type Item } from '../../src/worlds/world.ts'

/** Beside it the network's millisecond, of which the formulas know nothing, is a thousandth. */
export const SERVICE_MS = 1_000

const options = z.strictObject({
  slots: count.default(1),
  backlog: count.default(1_000_000),
  time: distribution,
  /** How long a client tries to be let in; for ever where it is left out. */
  patience: positiveDuration.optional(),
})
type Options = z.output<typeof options>

export const station = definePipeline({
  kind: 'station',
  describe: 'clients → a service with slots and a backlog',
  options,
  entry: 'clients',
  entryRoute: () => 'serve',
  routes: { serve: { method: 'POST', path: '/serve', key: 'body.item' } },
  hosts: (o) => [
    { name: 'clients', main: (host) => clients(host, o) },
    { name: 'service', main: (host) => service(host, o) },
  ],
  itemOf: Number,
  keys: () => [],
  outcomes: [
    { on: 'reply', route: 'serve', result: 'ok', fate: 'succeeded' },
    { on: 'reply', route: 'serve', result: 'failed', fate: 'rejected' },
  ],
  metrics: { found_busy: { type: 'counter', help: 'Items that found every slot taken' } },
  reports: {},
  books: {},
  parts: [],
  lines: [],
})

function clients(host: Host, { slots, patience }: Options): void {
  const foundBusy = host.counter('found_busy')
  const timeouts = patience === undefined ? {} : { connectMs: patience }
  let inSystem = 0
  const accept = async ({ id }: Item) => {
    if (inSystem >= slots) foundBusy.add()
    inSystem++
    try {
      await host.http.call('service', 'serve', { body: { item: id }, timeouts })
    } catch (error) {
      if (!(error instanceof CallError)) throw error
    }
    inSystem--
  }
  host.intake(accept, {
    to: ['service'],
    route: 'serve',
    request: ({ id }) => ({ body: { item: id }, timeouts: { totalMs: 60_000 } }),
  })
}

function service(host: Host, { slots, backlog, time }: Options): void {
  const { sample } = compileDistribution(time)
  host.serve(
    'serve',
    async ({ body }) => {
      const { item } = body as { readonly item: string }
      await host.work('serve', sample(host.random.at('time', Number(item))))
      return { status: 200 }
    },
    { concurrency: slots, backlog },
  )
}
