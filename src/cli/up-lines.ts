// What `up` prints: the addresses of everything that stands, and the store's as settings for a shell.
import { columns, type Paint } from '../reporters/text.ts'
import type { Given } from '../run/parts-up.ts'
import type { Plan } from '../run/plan.ts'
import type { StoreUp } from '../run/real-executor.ts'
import { PROXY_NAME } from '../worlds/foreign.ts'
import type { Exposure } from '../worlds/real/exposure.ts'
import { partAddresses } from '../worlds/real/foreign/part-addresses.ts'
import type { LinkAddress } from '../worlds/real/interposer/index.ts'
import type { StoreFor } from '../worlds/real/protocol.ts'
import { STORE_NAME } from '../worlds/world.ts'

export interface StandingTold {
  readonly name: string
  readonly variant: string
  readonly speed: number
  readonly plan: Plan
  readonly hosts: ReadonlyMap<string, string>
  readonly faults: boolean
  readonly links: readonly LinkAddress[]
  readonly store: StoreUp
  readonly bucket: StoreFor
  /** Redis and the database, where the system uses them. */
  readonly given: Given
  readonly exposure: Exposure
  /** Where what processes have to trust stands. */
  readonly caFile: string | undefined
  readonly paint: Paint
}

export function standingLines(told: StandingTold): string[] {
  const { name, variant, speed, plan, store, given, faults, paint } = told
  const own = systemOf(plan)
  const [first] = own
  return [
    paint('bold', `${name}, ${variant}: parts, mocks and interposers, ×${speed}`),
    paint('dim', `object store: ${store.describe}`),
    ...Object.entries(given.describe).map(([part, told]) => paint('dim', `${part}: ${told}`)),
    '',
    ...columns([
      ['from', 'to', 'address', 'calls'].map((text) => paint('dim', text)),
      ...own.flatMap((host) => waysOf(host.name, told)),
      ...own.flatMap(({ name }) => rowsOf(['mocks', name, addressOf(name, told)], name, told)),
      ['', STORE_NAME, store.endpoint, 'itself, past all faults'],
    ]),
    ...own.flatMap(({ name: host }) => missing(host, told)),
    '',
    ...settings(first?.name ?? '', told).map((line) => paint('cyan', line)),
    '',
    faults
      ? 'The faults come as the scenario has them, counted from now:'
      : `No fault comes by itself; --faults plays the scenario's timeline.`,
    'Ctrl-C ends all of it.',
  ]
}

/** The ways of one of the system's own hosts, each through its interposer. */
function waysOf(from: string, told: StandingTold): string[][] {
  return told.links
    .filter((link) => link.from === from && link.to !== loadOf(told.plan))
    .flatMap(({ to, port }) => rowsOf([from, to, addressAt(to, port, told)], to, told))
}

/** The user's own: of a scenario with processes those alone, not what offers its load. */
export function systemOf({ hosts }: Plan): Plan['hosts'] {
  const foreign = hosts.filter((host) => host.foreign !== undefined)
  return foreign.length > 0 ? foreign : hosts.filter(({ isUpstream }) => isUpstream !== true)
}

/** Nothing listens there: it only offers the load of somebody else's system. */
function loadOf({ hosts, pipeline }: Plan): string | undefined {
  return hosts.some(({ foreign }) => foreign !== undefined) ? pipeline.entry : undefined
}

function addressAt(to: string, port: number, { exposure, given }: StandingTold): string {
  const place = `${exposure.name}:${port}`
  return to in given.parts ? place : `http://${place}`
}

/** A row, and one more for each further call that is usual there. */
function rowsOf(row: readonly string[], to: string, { plan }: StandingTold): string[][] {
  const { pipeline, scenario } = plan
  const usual = pipeline.traffic?.(scenario.pipeline) ?? []
  const calls = new Set(
    usual.flatMap(({ route, to: called, perItem }) => {
      const spec = called === to && perItem !== 0 ? pipeline.routes[route] : undefined
      return spec === undefined ? [] : [`${spec.method} ${spec.path}`]
    }),
  )
  const [first = '', ...more] = calls
  return [[...row, first], ...more.map((call) => ['', '', '', call])]
}

function addressOf(name: string, { hosts }: StandingTold): string {
  return hosts.get(name) ?? 'nobody there'
}

function missing(host: string, { hosts, paint }: StandingTold): string[] {
  if (hosts.has(host)) return []
  const line = `The ${host} is yours: --host ${host}=http://127.0.0.1:PORT says where the mocks find it.`
  return ['', paint('yellow', line)]
}

/** Through the interposer, where faults act. */
function settings(from: string, told: StandingTold): string[] {
  const { bucket, caFile } = told
  const at = (to: string) => placeOf(from, to, told)
  return [
    `export AFTERSHOCK_OBJECTS_URL=http://${at(STORE_NAME)}`,
    `export AFTERSHOCK_OBJECTS_ACCESS_KEY=${bucket.accessKey}`,
    `export AFTERSHOCK_OBJECTS_SECRET_KEY=${bucket.secretKey}`,
    `export AFTERSHOCK_OBJECTS_BUCKET=${bucket.bucket}`,
    ...partSettings(from, told),
    ...(caFile === undefined
      ? []
      : [`export HTTPS_PROXY=http://${at(PROXY_NAME)}`, `export SSL_CERT_FILE=${caFile}`]),
  ]
}

/** Where a host reaches another. */
function placeOf(from: string, to: string, { links, exposure }: StandingTold): string {
  const link = links.find((l) => l.from === from && l.to === to)
  return `${exposure.name}:${link?.port ?? ''}`
}

function partSettings(from: string, { given, links, exposure }: StandingTold): string[] {
  const portOf = (to: string) => links.find((l) => l.from === from && l.to === to)?.port ?? 0
  const { 'redis.url': redis, 'database.url': database } = partAddresses(
    given.parts,
    portOf,
    exposure.name,
  )
  return [
    ...(redis === undefined ? [] : [`export REDIS_URL=${redis}`]),
    ...(database === undefined ? [] : [`export DATABASE_URL=${database}`]),
  ]
}
