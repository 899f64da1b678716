// The broker that detections are published to.
import { defineUpstream, noOptions } from './upstream.ts'

export const PUBLISH = {
  method: 'POST',
  path: '/topics/easyai.alerts',
  key: 'body.image_path',
  // Nobody is paid by the message, and by then its image has ended: it is no call again.
  isFree: true,
} as const

export const alertSink = defineUpstream({
  kind: 'alert-sink',
  options: noOptions,
  main(host) {
    host.serve('publish', () => ({ status: 200 }))
  },
})
