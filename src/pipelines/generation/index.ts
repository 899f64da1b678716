// The image-generation pipeline of seed 002: front end → API → queue → workers → three upstreams → callback.

import { ASKED_AGAIN, CALLBACK, frontEnd, TOLD, TOLD_FAILURE } from '../../../mocks/front-end.ts'
import { GENERATE, seedream } from '../../../mocks/seedream.ts'
import { IMAGE, REMOVE_BACKGROUND, segmentation } from '../../../mocks/segmentation.ts'
import { DETECT, vision } from '../../../mocks/vision.ts'
import { definePipeline, type HostPlan } from '../pipeline.ts'
import { api, SUBMIT } from './api.ts'
import { CALLBACK_FAILED } from './callbacks.ts'
import { itemOf, keys } from './keys.ts'
import { type Options, options } from './options.ts'
import { relay } from './relay.ts'
import { resizer } from './resize.ts'
import { LINES } from './stages.ts'
import { QUEUE } from './tasks.ts'
import { traffic } from './traffic.ts'
import { TASK_AGAIN, TASK_FAILED, worker } from './worker.ts'

/** A row is written last: by a statement of its own, or with its callback in one transaction. */
const written = (status: 'succeeded' | 'failed') =>
  (['write', 'commit'] as const).map(
    (route) => ({ on: 'reply', route, result: 'ok', body: { status }, fate: status }) as const,
  )

export const generation = definePipeline({
  kind: 'generation',
  describe:
    'front end → API → job queue → workers → detection, text-to-image, background removal → callback',
  options,
  entry: 'front-end',
  entryRoute: () => 'submit',
  routes: {
    submit: SUBMIT,
    detect: DETECT,
    generate: GENERATE,
    remove_background: REMOVE_BACKGROUND,
    image: IMAGE,
    callback: CALLBACK,
  },
  hosts: (o) => [
    { name: 'front-end', main: (host) => frontEnd.main(host, o.frontEnd, 'api') },
    { name: 'api', main: (host) => api(host, o) },
    ...workerHosts(o),
    ...(o.callbackOutbox
      ? [{ name: 'relay', main: (host: Parameters<typeof relay>[0]) => relay(host, o) }]
      : []),
    { name: 'vision', isUpstream: true, main: (host) => vision.main(host, o.vision) },
    { name: 'seedream', isUpstream: true, main: (host) => seedream.main(host, o.seedream) },
    {
      name: 'segmentation',
      isUpstream: true,
      main: (host) => segmentation.main(host, o.segmentation),
    },
  ],
  uses: (o) => ({ redis: o.redis, database: {} }),
  traffic: (o) => traffic(o, workers(o)),
  itemOf,
  keys,
  outcomes: [
    ...written('succeeded'),
    ...written('failed'),
    { on: 'reply', route: 'enqueue', result: 'failed', fate: 'rejected' },
    { on: 'reply', route: 'submit', result: 'failed', fate: 'rejected' },
    { on: 'offer', stage: 'submit', class: 'refused', fate: 'rejected' },
    { on: 'log', line: TOLD, tells: 'success' },
    { on: 'log', line: TOLD_FAILURE, tells: 'failure' },
    { on: 'log', line: LINES.noPet, stage: 'detect', class: 'no-pet' },
    { on: 'log', line: LINES.breakerOpen, stage: 'worker', class: 'breaker-open' },
    { on: 'log', line: LINES.deadline, stage: 'worker', class: 'deadline-passed' },
    // Told, and its worker died before it had written so.
    { on: 'end', told: 'success', stage: 'write', class: 'aborted', fate: 'succeeded' },
    { on: 'end', object: 'never', stage: 'submit', class: 'aborted', fate: 'rejected' },
    { on: 'end', object: 'gone', stage: 'queue', class: 'job-lost', fate: 'discarded' },
  ],
  metrics: {
    callbacks_repeated: {
      type: 'counter',
      help: 'Callbacks about what the front end knew already',
    },
    callbacks_recognised: { type: 'counter', help: 'Repeated callbacks that it knew by their key' },
    callbacks_waiting: {
      type: 'gauge',
      help: 'Callbacks in the outbox, as far as the relay looks',
    },
  },
  reports: {
    callback_failures: 'Failed callbacks by the database: none is ever written back',
  },
  parts: [QUEUE, 'database'],
  books: {
    callback_failures: {
      metric: 'attempt_failed',
      tags: { route: 'callback' },
      aggregation: 'count',
    },
  },
  lines: [
    ...Object.values(LINES),
    CALLBACK_FAILED,
    TASK_AGAIN,
    TASK_FAILED,
    TOLD,
    TOLD_FAILURE,
    ASKED_AGAIN,
  ],
})

/** They shrink the same picture. */
function workerHosts(o: Options): HostPlan[] {
  const shrink = resizer()
  return workers(o).map((name) => ({
    name,
    main: (host) => worker(host, o, shrink),
    prepare: shrink,
  }))
}

function workers(o: Options): string[] {
  return Array.from({ length: o.workers }, (_, i) => `worker-${i + 1}`)
}
