// The broker that detections are published to.
import type { Host } from '../src/worlds/world.ts'

export const PUBLISH = {
  method: 'POST',
  path: '/topics/easyai.alerts',
  key: 'body.image_path',
} as const

export const alertSink = {
  kind: 'alert-sink',
  main(host: Host): void {
    host.serve('publish', () => ({ status: 200 }))
  },
} as const
