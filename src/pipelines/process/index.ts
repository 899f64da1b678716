// Somebody else's system: processes in any language between interposed parts, judged by what is seen of them.
import { resolve } from 'node:path'
import { Random } from '../../base/random.ts'
import type { OutcomeRule } from '../../metrics/outcomes.ts'
import { EGRESS_UNMOCKED, type ForeignProcess } from '../../worlds/foreign.ts'
import { definePipeline, type HostPlan, type RouteSpec } from '../pipeline.ts'
import { check } from './check.ts'
import { load } from './load.ts'
import { copiesOf } from './names.ts'
import { type Options, options } from './options.ts'
import { traceparentOf } from './traceparent.ts'
import { standIn } from './upstream.ts'
import { uses } from './uses.ts'

/** Who offers the items, as links and faults name it. */
const LOAD = 'load'

export const process = definePipeline({
  kind: 'process',
  describe: 'any process, in any language: real world only',
  options,
  worlds: ['real'],
  mayBeUnexplained: true,
  entry: LOAD,
  entryRoute: ({ offer }) => (offer.kind === 'http' ? offer.route : undefined),
  uses,
  routes: {},
  outcomes: [],
  metrics: {
    process_exits: { type: 'counter', help: 'Processes that ended by themselves' },
    [EGRESS_UNMOCKED]: { type: 'counter', help: 'Calls to hosts that no upstream stands in for' },
  },
  itemOf: () => -1,
  // Of an object nothing is sent but its key and its bytes.
  traceparent: ({ offer }, item, seed) =>
    offer.kind === 'objects' || offer.kind === 'none'
      ? undefined
      : traceparentOf(new Random(seed).fork(LOAD), item),
  // Beside those that the load puts, its processes make some of their own, of which nothing is known.
  keys: () => [],
  hosts: (o) => [
    { name: LOAD, main: (host) => load(host, o) },
    ...Object.entries(o.processes).flatMap(([name, p]) => processes(name, p)),
    ...Object.entries(o.upstreams).flatMap(([name, upstream]) =>
      copiesOf(name, upstream.copies).map(
        (copy): HostPlan => ({
          name: copy,
          isUpstream: true,
          ...(upstream.hosts.length === 0 ? {} : { standsInFor: upstream.hosts }),
          main: (host) => standIn(host, upstream),
        }),
      ),
    ),
  ],
  place: (o, folder) => ({
    ...o,
    processes: Object.fromEntries(
      Object.entries(o.processes).map(([name, p]) => [name, { ...p, cwd: resolve(folder, p.cwd) }]),
    ),
  }),
  check,
  listen: (o) => o.listen,
  given: (o) => ({
    routes: Object.fromEntries(
      Object.entries(o.routes).map(([name, { method, path, key }]): [string, RouteSpec] => [
        name,
        key === undefined ? { method, path } : { method, path, key },
      ]),
    ),
    outcomes: o.outcomes as unknown as readonly OutcomeRule[],
    itemOf: itemReader(o.item),
    lines: [...new Set(Object.values(o.processes).flatMap(({ lines }) => Object.keys(lines)))],
    reports: Object.fromEntries(
      Object.entries(o.reports).map(([name, { of, route, field, metric }]) => [
        name,
        `${field ?? metric} of ${route}, as ${of} tells it`,
      ]),
    ),
    thresholds: { [EGRESS_UNMOCKED]: ['count==0'] },
  }),
})

function processes(name: string, o: Options['processes'][string]): HostPlan[] {
  const { ready } = o
  const foreign: ForeignProcess = {
    command: o.command ?? [],
    folder: o.cwd,
    environment: o.env,
    passEnv: o.passEnv,
    ...(o.config === undefined ? {} : { config: o.config }),
    ready:
      ready === 'port'
        ? { on: 'port' }
        : 'path' in ready
          ? { on: 'http', path: ready.path }
          : { on: 'log', pattern: ready.log },
    readyWithinMs: o.readyWithin,
    restart: o.restart,
    restartAfterMs: o.restartAfter,
    graceMs: o.grace,
    lines: Object.entries(o.lines).map(([line, pattern]) => ({ line, pattern })),
    ...(o.attach === undefined ? {} : { attach: o.attach }),
  }
  return copiesOf(name, o.copies).map((copy) => ({ name: copy, foreign, main: () => {} }))
}

function itemReader(pattern: string): (key: string) => number {
  const regex = new RegExp(pattern)
  return (key) => {
    const id = regex.exec(key)?.[1]
    return id !== undefined && /^\d+$/.test(id) ? Number(id) : -1
  }
}
