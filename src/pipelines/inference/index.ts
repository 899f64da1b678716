// The inference pipeline of seeds 000, 001 and 003: cameras → bucket → scanner → queue → dispatcher → service → alert.

import { alertSink, PUBLISH } from '../../../mocks/alert-sink.ts'
import { algorithmService, INFER } from '../../../mocks/algorithm-service.ts'
import { definePipeline, type HostPlan } from '../pipeline.ts'
import { analyser } from './analyser.ts'
import { itemOf, keys } from './keys.ts'
import { type Options, options } from './options.ts'
import { REPORTS } from './statistics.ts'
import { traffic } from './traffic.ts'

const API = '/api/v1/ai_analysis'
const FIRST_PORT = 7901

export const inference = definePipeline({
  kind: 'inference',
  describe:
    'cameras → object store → scanner → bounded queue → dispatcher → algorithm services → alerts',
  options,
  entry: 'analyser',
  routes: {
    infer: INFER,
    publish: PUBLISH,
    register: { method: 'POST', path: `${API}/register` },
    heartbeat: { method: 'POST', path: `${API}/heartbeat/:id` },
    unregister: { method: 'DELETE', path: `${API}/unregister/:id` },
    services: { method: 'GET', path: `${API}/services` },
    inference_stats: { method: 'GET', path: `${API}/inference_stats` },
  },
  hosts: (o) => [
    { name: 'analyser', main: (host) => analyser(host, o) },
    { name: 'sink', isUpstream: true, main: (host) => alertSink.main(host, {}) },
    ...services(o),
  ],
  traffic: (o) =>
    traffic(
      o,
      services(o).map(({ name }) => name),
    ),
  itemOf,
  keys,
  presigns: ({ presign }) => [Math.floor(presign.expiry / 1_000)],
  outcomes: [
    { on: 'reply', route: 'infer', result: 'ok', body: { success: true }, fate: 'succeeded' },
    {
      on: 'reply',
      route: 'infer',
      result: 'ok',
      stage: 'infer',
      class: 'unsuccessful',
      fate: 'failed',
    },
    { on: 'log', line: 'upload failed', object: 'never', fate: 'failed' },
    { on: 'reply', route: 'head', result: 'failed', fate: 'skipped' },
    {
      on: 'log',
      line: 'queue full: oldest image dropped',
      stage: 'queue',
      class: 'dropped-oldest',
    },
    { on: 'log', line: 'no algorithm for task type', stage: 'dispatch', class: 'no-service' },
    { on: 'reply', route: 'delete', after: { infer: 'failed' }, fate: 'failed' },
    { on: 'reply', route: 'delete', after: { infer: 'none' }, fate: 'discarded' },
    { on: 'offer', stage: 'offer', class: 'refused', fate: 'rejected' },
    { on: 'end', object: 'never', stage: 'put', class: 'aborted', fate: 'failed' },
    { on: 'end', object: 'gone', stage: 'store', class: 'removed', fate: 'discarded' },
  ],
  metrics: {
    services_registered: { type: 'gauge', help: 'Algorithm services in the registry' },
    queue_depth: { type: 'gauge', help: 'Images in the bounded queue' },
    alerts_lost: {
      type: 'counter',
      help: 'Detections whose publication failed: only a log line tells',
    },
    alerts_waiting: { type: 'gauge', help: 'Detections that wait in the outbox' },
  },
  reports: REPORTS,
  parts: ['queue', 'dispatcher'],
  books: {
    processed_total: { metric: 'item_succeeded', aggregation: 'count' },
    failed_inferences: { metric: 'item_failed', aggregation: 'count' },
    dropped_total: { metric: 'item_discarded', aggregation: 'count' },
    avg_inference_ms: { metric: 'attempt_duration', tags: { route: 'infer' }, aggregation: 'avg' },
  },
  lines: [
    'scan found new images',
    'scan failed',
    'upload failed',
    'queue full: oldest image dropped',
    'no algorithm for task type',
    'algorithm service unregistered: heartbeat timeout',
    'context canceled',
    'publish failed',
    'delete failed',
    'cleanup failed',
  ],
})

function services(o: Options): HostPlan[] {
  return Array.from({ length: o.services }, (_, i) => service(FIRST_PORT + i, o))
}

function service(port: number, o: Options): HostPlan {
  const settings = {
    ...o.service,
    id: `yolo11x_head_detector_${port}`,
    registry: 'analyser',
    taskType: o.taskType,
    heartbeat: { every: o.heartbeat.every, spread: o.heartbeat.spread ?? o.heartbeat.every },
    onUnknownHeartbeat: o.onUnknownHeartbeat,
  }
  return {
    name: `service-${port}`,
    isUpstream: true,
    main: (host) => algorithmService.main(host, settings),
  }
}
