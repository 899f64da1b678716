// Services behind each other, each of which calls the next and tries again when that fails.
import { z } from 'zod'
import { count } from '../../src/base/fields.ts'
import { definePipeline } from '../../src/pipelines/pipeline.ts'
import type { Host, Json } from '../../src/worlds/world.ts'

const NAMES = ['edge', 'middle', 'depths'] as const
type Name = (typeof NAMES)[number]

const route = (name: Name) => ({ method: 'POST', path: `/${name}`, key: 'body.item' })

/** Clients call the edge, that the middle, and that the depths, each up to so many times. */
const options = z.strictObject({ clients: count, edge: count, middle: count })

export const tiers = definePipeline({
  kind: 'tiers',
  describe: 'clients → edge → middle → depths, each trying again',
  options,
  entry: 'clients',
  routes: { edge: route('edge'), middle: route('middle'), depths: route('depths') },
  hosts: (o) => [
    { name: 'clients', main: (host) => clients(host, o.clients) },
    { name: 'edge', main: (host) => passesOn(host, 'edge', 'middle', o.edge) },
    { name: 'middle', main: (host) => passesOn(host, 'middle', 'depths', o.middle) },
    { name: 'depths', main: (host) => host.serve('depths', () => ({ status: 200 })) },
  ],
  itemOf: Number,
  keys: () => [],
  outcomes: [
    { on: 'reply', route: 'edge', result: 'ok', fate: 'succeeded' },
    { on: 'log', line: 'gave up', fate: 'failed' },
  ],
  metrics: {},
  reports: {},
  books: {},
  parts: [],
  lines: ['gave up'],
})

function clients(host: Host, tries: number): void {
  host.intake(async ({ id }) => {
    if (!(await succeeds(host, 'edge', tries, { item: id }))) host.log('gave up', id)
  })
}

function passesOn(host: Host, own: Name, next: Name, tries: number): void {
  host.serve(own, async ({ body }) => ({
    status: (await succeeds(host, next, tries, body)) ? 200 : 503,
  }))
}

async function succeeds(host: Host, to: Name, tries: number, body: Json): Promise<boolean> {
  for (let attempt = 1; attempt <= tries; attempt++)
    if ((await host.http.call(to, to, { body })).status < 400) return true
  return false
}
