// The analyser: one process that holds frame extractor, scanner, queue, dispatcher, registry and cleanup.
import { Ticker } from '../../worlds/ticker.ts'
import { CallError, type Host, type Item, type Request } from '../../worlds/world.ts'
import { Cleanup } from './cleanup.ts'
import { Dispatcher } from './dispatcher.ts'
import { taskFolders } from './keys.ts'
import type { Options } from './options.ts'
import { Publisher } from './publisher.ts'
import { ImageQueue } from './queue.ts'
import { Registry } from './registry.ts'
import { Scanner } from './scanner.ts'
import { Statistics } from './statistics.ts'

const PUT_TIMEOUTS = { totalMs: 30_000 }

export async function analyser(host: Host, options: Options): Promise<void> {
  const statistics = new Statistics(host)
  const registry = new Registry(host, options.heartbeat)
  const queue = new ImageQueue(host, options.queue.max)
  const publisher = new Publisher(host, options.publish)
  const dispatcher = new Dispatcher(host, options, queue, registry, statistics, publisher, (key) =>
    scanner.deleted(key),
  )
  const cleanup = new Cleanup(
    host,
    options,
    (key) => dispatcher.isInUse(key),
    (key) => scanner.deleted(key),
  )
  const scanner: Scanner = new Scanner(host, options, (key) => dispatcher.enqueue(key))
  serveApi(host, registry, statistics)
  const folders = taskFolders(options)
  host.intake((item) => extract(host, options, folders, cleanup, item))
  await Promise.all([
    scanner.scanForever(() => statistics.publish()),
    dispatcher.dispatchForever(),
    publisher.sendForever(),
    sweepForever(host, registry, options.heartbeat.sweep),
    cleanup.work(),
    cleanup.everySoOften(),
  ])
}

/** The frame extractor: one image of one camera, put into the bucket. A burst comes from one camera. */
function extract(
  host: Host,
  options: Options,
  folders: readonly string[],
  cleanup: Cleanup,
  item: Item,
): Promise<void> {
  const draw = host.random.at('task', item.batch === undefined ? item.index : `batch ${item.batch}`)
  const task = Math.floor(draw * folders.length)
  const file = `${item.id}.jpg`
  const key = `${folders[task]}${file}`
  return upload(host, options, key, () => cleanup.uploaded(task), 1)
}

function upload(
  host: Host,
  options: Options,
  key: string,
  stored: () => void,
  attempt: number,
): Promise<void> {
  return host.objects.put(key, options.imageBytes, PUT_TIMEOUTS).then(stored, async (error) => {
    if (!(error instanceof CallError)) throw error
    if (attempt >= options.upload.attempts) {
      host.log('upload failed', key)
      return
    }
    await host.clock.sleep(options.upload.spacing)
    await upload(host, options, key, stored, attempt + 1)
  })
}

async function sweepForever(host: Host, registry: Registry, everyMs: number): Promise<never> {
  const ticker = new Ticker(host.clock, everyMs)
  for (;;) {
    await ticker.next()
    registry.sweep()
  }
}

function serveApi(host: Host, registry: Registry, statistics: Statistics): void {
  host.serve('register', ({ body }) => {
    const { service_id: id, name, endpoint } = body as { readonly [field: string]: string }
    if (id === undefined || name === undefined || endpoint === undefined)
      return { status: 400, body: { error: 'service_id, name and endpoint are required' } }
    registry.register(id, name, endpoint)
    return { status: 200, body: { ok: true, service_id: id } }
  })
  host.serve('heartbeat', (request) => {
    if (registry.beat(idOf(request))) return { status: 200, body: { ok: true } }
    return { status: 400, body: { error: `service not found by endpoint: ${idOf(request)}` } }
  })
  host.serve('unregister', (request) => {
    registry.unregister(idOf(request))
    return { status: 200, body: { ok: true } }
  })
  host.serve('services', () => ({
    status: 200,
    body: { services: registry.names(), total: registry.size },
  }))
  host.serve('inference_stats', () => ({ status: 200, body: statistics.snapshot() }))
}

function idOf({ params }: Request): string {
  return params.id ?? ''
}
