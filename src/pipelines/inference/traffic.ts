// The calls that this system makes on a good day. Listings are at least those of the scanner.
import { STORE_NAME } from '../../worlds/world.ts'
import type { Traffic } from '../pipeline.ts'
import type { Options } from './options.ts'

const HEADS = { none: 0, stat: 1, 'precheck+stat': 2 } as const

export function traffic(o: Options, services: readonly string[]): Traffic[] {
  const [from, to] = ['analyser', STORE_NAME]
  const found = o.service.detections
  return [
    { route: 'put', from, to, perItem: 1 },
    { route: 'list', from, to, perSecond: 1_000 / o.scan.every },
    { route: 'head', from, to, perItem: HEADS[o.checks] },
    { route: 'fetch', from, to, perItem: 1 },
    { route: 'publish', from, to: 'sink', perItem: found },
    { route: 'delete', from, to, perItem: 1 - found },
    { route: 'deleteMany', from, to },
    ...services.flatMap((service) => [
      { route: 'register', from: service, to: from },
      { route: 'infer', from, to: service, perItem: 1 / services.length },
      { route: 'heartbeat', from: service, to: from, perSecond: 1_000 / o.heartbeat.every },
    ]),
    // Nobody here asks for these.
    ...['unregister', 'services', 'inference_stats'].map((route) => ({
      route,
      from: '',
      to: 'analyser',
      perItem: 0,
    })),
  ]
}
