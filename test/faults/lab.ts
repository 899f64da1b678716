// The laboratory of the fault kit: a client, two services, a sink and a store, load on them, and probes after it all.
import { Random } from '../../src/base/random.ts'
import { LoadDriver } from '../../src/run/drive.ts'
import type { VirtualWorld } from '../../src/worlds/virtual/world.ts'
import type { Call, Host, Item, Op, Stage } from '../../src/worlds/world.ts'
import { ended, type Injected, type Main, type Played, play } from '../run/play.ts'

export const ROUTES = ['infer', 'publish', 'heartbeat']
/** The load: two items at once for each service, every 400 ms until here. */
const LOAD_MS = 15_000
/** Long after every fault is healed, and every call of the load has ended. */
const PROBES_FROM_MS = 40_000
const FIRST_PROBE = 1_000
const CAPACITY = { concurrency: 2, backlog: 4 }

/** Every call is tried, whatever became of the one before: a fault changes how calls end, never which are made. */
const client: Main = (host, tell) => {
  const beats = new Set<string>()
  host.serve('heartbeat', ({ from }) => {
    beats.add(from)
    return { status: 200 }
  })
  host.intake(async (item) => {
    const key = `cam${item.index % 2}/${item.id}.jpg`
    const timeouts = { totalMs: 1_500 }
    const say = (what: string, how: string) => tell(`${item.id} ${what} ${how}`)
    say('clock', String(host.clock.now() - host.clock.monotonic()))
    say('put', await ended(host.objects.put(key, 1, timeouts)))
    say('head', await ended(host.objects.head(key, timeouts)))
    const body = { url: await host.objects.presignGet(key, 60) }
    const service = `service-${1 + (item.index % 2)}`
    say('infer', await infer(host, service, { params: { key }, body, timeouts }))
    say('publish', await ended(host.http.call('sink', 'publish', { params: { key }, timeouts })))
    say('still there', await ended(host.objects.head(key, timeouts)))
    say('delete', await ended(host.objects.remove(key, timeouts)))
    if (item.index % 2 === 1)
      say('add', await ended(host.queue('tasks').add(item.id, { key, timeoutMs: 1_500 })))
    if (item.index % 4 === 0) {
      say('beats', [...beats].sort().join())
      beats.clear()
    }
  })
}

async function infer(
  host: Host,
  to: string,
  options: Parameters<Host['http']['call']>[2],
): Promise<string> {
  const call = async () => {
    const reply = await host.http.call(to, 'infer', options)
    return { status: `${reply.status} ${JSON.stringify(await reply.body())}` }
  }
  return ended(call())
}

const service: Main = async (host, tell) => {
  const serve = async (url: string) => {
    const image = await host.http.fetch(url, { totalMs: 1_000 })
    await host.work('infer', 20)
    return { status: 200, body: { fetched: image.status } }
  }
  host.serve('infer', ({ body }) => serve((body as { readonly url: string }).url), CAPACITY)
  for (;;) {
    await host.clock.sleep(300)
    tell(
      `beat ${await ended(host.http.call('client', 'heartbeat', { timeouts: { totalMs: 250 } }))}`,
    )
  }
}

/** Always has jobs in hand, and some that wait, while there is load; done with all of them before 20 s. */
const worker: Main = (host, tell) => {
  host.queue('tasks').consume(
    async (data, { attempt, earlierDeliveries }) => {
      tell(`${data} job, try ${attempt}, delivery ${1 + earlierDeliveries}`)
      await host.clock.sleep(500)
      return 'done'
    },
    { concurrency: 2, acknowledge: 'late', visibilityTimeoutMs: 1_000 },
  )
}

const sink: Main = (host) => host.serve('publish', () => ({ status: 200 }))

export interface Observed extends Played {
  /** What the probes told, times included. */
  readonly probes: readonly string[]
  /** Items of the load that were offered. */
  readonly offered: number
}

export async function observe(faults: readonly Injected[], seed = 1): Promise<Observed> {
  let offered = 0
  const played = await play({
    hosts: { client, 'service-1': service, 'service-2': service, 'worker-1': worker, sink },
    uses: { redis: { persists: false } },
    routes: ROUTES,
    faults,
    seed,
    forMs: PROBES_FROM_MS + 10_000,
    before(world) {
      const driver = new LoadDriver(
        {
          nowMs: 0,
          schedule: (atMs, fire) => world.schedule(atMs, fire),
          offer: (item) => world.offer('client', item),
          saturate: () => {
            throw new Error('no load saturates here')
          },
        },
        new Random(seed),
      )
      world.stopLoad = () => driver.stop()
      for (let n = 0; n < LOAD_MS / 100; n++) {
        const atMs = Math.floor(n / 4) * 400 + 400
        world.schedule(atMs, () => {
          if (driver.offer(atMs) >= 0) offered++
        })
      }
      for (let i = 0; i < 20; i++)
        world.schedule(PROBES_FROM_MS + i * 400, () => world.offer('client', probe(i)))
    },
  })
  return { ...played, offered, probes: played.told.filter((line) => / client: 1\d{3} /.test(line)) }
}

function probe(i: number): Item {
  const index = FIRST_PROBE + i
  return { index, id: String(index), batch: undefined, intendedMs: PROBES_FROM_MS + i * 400 }
}

/** What of the world is not as it was; empty where all is. */
export function leftovers(world: VirtualWorld): string[] {
  return [
    ...world.wire.rules.active.map(() => 'a rule is active'),
    ...[...world.processes.values()].flatMap(
      ({ name, life, skewMs, presignSkewMs, capacityFactors, slowdowns }) => [
        ...(life === undefined || life.dead
          ? [`${name} is down`]
          : life.paused
            ? [`${name} is paused`]
            : []),
        ...(skewMs === 0 && presignSkewMs === 0 ? [] : [`${name}'s clock is off`]),
        ...(capacityFactors.length === 0 ? [] : [`${name} lacks capacity`]),
        ...(slowdowns.size === 0 ? [] : [`${name} is slow`]),
        ...(life?.stations ?? [])
          .filter(({ slots, part }) => slots !== CAPACITY.concurrency || part.concurrency !== slots)
          .map(({ slots }) => `${name} has ${slots} slots`),
      ],
    ),
  ]
}

/** The same calls for every instance of a rule: all routes, both services, some items and some calls about none. */
export function* someCalls(): Generator<[Call, Stage]> {
  const routes: readonly (readonly [Op, string, string])[] = [
    ['put', 'put', 'objects'],
    ['head', 'head', 'objects'],
    ['fetch', 'fetch', 'objects'],
    ['list', 'list', 'objects'],
    ['http', 'infer', 'service-1'],
    ['http', 'publish', 'sink'],
  ]
  for (let n = 0; n < 40; n++) {
    for (const [op, route, to] of routes)
      yield* stagesOf('client', to, op, route, route === 'list' ? -1 : n, n + 1)
    for (const from of ['service-1', 'service-2'])
      yield* stagesOf(from, 'client', 'http', 'heartbeat', -1, n + 1)
  }
}

function* stagesOf(
  from: string,
  to: string,
  op: Op,
  route: string,
  item: number,
  n: number,
): Generator<[Call, Stage]> {
  const key = item < 0 ? '' : `cam${item % 2}/${item}.jpg`
  const call = {
    from,
    to,
    op,
    route,
    key,
    item,
    nth: item < 0 ? n : 1,
    elapsedMs: () => 7,
    sizeBytes: () => 300,
  }
  for (const at of ['connect', 'request', 'reply'] as const) yield [call, at]
}
