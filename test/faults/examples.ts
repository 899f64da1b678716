// Example options for every fault: some that meet the calls of the laboratory, some that meet none.
import type { Injected } from '../run/play.ts'

type Options = Readonly<Record<string, unknown>>

export interface Examples {
  /** Without `kind`; each of them touches something. */
  readonly hits: readonly Options[]
  /** Touches nothing. */
  readonly misses: Options
  /** Where the fault has no options that could miss, a time at which there is nothing to meet. */
  readonly missesFromMs?: number
}

export const INJECTED_MS = 4_000
export const HEALED_MS = 11_000

/** A new fault has to have an entry here: the kit fails without one. */
export const EXAMPLES: Readonly<Record<string, Examples>> = {
  bandwidth: {
    hits: [
      { route: 'infer', bytesPerSecond: 1_000 },
      { to: 'objects', bytesPerSecond: 10 },
    ],
    misses: { to: 'nobody', bytesPerSecond: 1 },
  },
  capacity: {
    hits: [
      { service: 'service-*', factor: 0 },
      { service: 'service-1', factor: 0.5, name: 'half' },
    ],
    misses: { service: 'nobody', factor: 0 },
  },
  'client.abort': {
    hits: [
      { route: 'infer', after: '5ms' },
      { to: 'service-*', after: { p50: '5ms', p99: '50ms' } },
    ],
    misses: { to: 'nobody' },
  },
  'clock.skew': {
    hits: [
      { host: 'client', offset: '-8h' },
      { host: 'client', jump: '20m' },
      { host: 'client', offset: '-8h', affects: 'presign' },
    ],
    misses: { host: 'nobody', offset: '-8h' },
  },
  'duplicate-submit': {
    hits: [{ route: 'infer' }, { to: 'service-*', after: '5ms' }],
    misses: { route: 'fetch' },
  },
  hang: { hits: [{ to: 'service-*' }, { route: 'put', first: 3 }], misses: { to: 'nobody' } },
  'heartbeat.delay': {
    hits: [{ by: '100ms' }, { services: 1, by: { p50: '80ms', p99: '1s' } }],
    misses: { services: ['nobody'], by: '1s' },
  },
  'heartbeat.loss': {
    hits: [{}, { services: 1 }, { services: ['service-{1,2}'], nth: 2 }],
    misses: { services: ['nobody'] },
  },
  'host.crash': { hits: [{ host: 'service-*' }], misses: { host: 'nobody' } },
  'host.pause': { hits: [{ host: 'service-*' }, { host: 'sink' }], misses: { host: 'nobody' } },
  'host.restart': {
    hits: [{ host: 'service-1' }, { host: 'service-*', for: '3s' }],
    misses: { host: 'nobody' },
  },
  'host.slow': {
    hits: [
      { host: 'service-*', factor: 10 },
      { host: 'service-1', factor: 1.5 },
    ],
    misses: { host: 'nobody', factor: 2 },
  },
  latency: {
    hits: [
      { to: 'objects', add: '100ms' },
      { route: 'infer', replace: { mean: '300ms', p99: '900ms' }, on: 'request' },
      {
        add: {
          dist: 'mix',
          of: [
            { weight: 1, is: '1ms' },
            { weight: 2, is: { dist: 'empirical', values: ['5ms'] } },
          ],
        },
      },
    ],
    misses: { key: 'elsewhere/**', add: '1s' },
  },
  'load.stop': { hits: [{}], misses: {}, missesFromMs: 20_000 },
  'lost-replies': {
    hits: [{ to: 'service-*' }, { from: 'client', route: 'p*' }],
    misses: { from: 'nobody' },
  },
  'object.delete': {
    hits: [
      { before: 'fetch' },
      { after: 'put', probability: 0.5, delay: '10ms' },
      { after: 'post', perObject: false, nth: 2 },
    ],
    misses: { before: 'fetch', key: 'elsewhere/**' },
  },
  partition: {
    hits: [
      { between: 'client', and: ['service-1', 'objects'] },
      { between: ['service-*'], and: 'client' },
    ],
    misses: { between: 'nobody', and: 'client' },
  },
  'put.race': {
    hits: [
      { probability: 1, within: '1s' },
      { key: 'cam1/*', probability: 0.5, within: '1s' },
    ],
    misses: { key: 'elsewhere/**', probability: 1, within: '1s' },
  },
  refuse: { hits: [{ to: 'service-*' }, {}], misses: { to: 'nobody' } },
  'redis.down': { hits: [{}], misses: {}, missesFromMs: 20_000 },
  'redis.flush': { hits: [{}], misses: {}, missesFromMs: 20_000 },
  'redis.full': { hits: [{}], misses: {}, missesFromMs: 20_000 },
  'redis.slow': { hits: [{ by: '100ms' }], misses: { by: '1s' }, missesFromMs: 20_000 },
  reset: {
    hits: [{ to: 'objects' }, { to: 'objects', lost: 'reply' }],
    misses: { route: 'nothing' },
  },
  'sink.down': { hits: [{}, { sink: 'si*' }], misses: { sink: 'nobody' } },
  'split-replies': {
    hits: [{ to: 'service-*' }, { by: { dist: 'uniform', min: '1ms', max: '1s' } }],
    misses: { to: 'nobody' },
  },
  status: {
    hits: [
      { to: 'objects', status: 503, code: 'SlowDownRead' },
      { route: 'infer', status: 429, reached: true },
    ],
    misses: { to: 'nobody', status: 500 },
  },
  'upstream.degrade': {
    hits: [
      { service: 'service-*', stages: [{ for: '1s', capacity: 0.1, work: 10 }] },
      {
        service: 'service-1',
        stages: [
          { for: '1s', work: 3 },
          { for: '2s', work: 1 },
        ],
      },
    ],
    misses: { service: 'nobody', stages: [{ for: '1s', work: 3 }] },
  },
  'worker.crash': { hits: [{}, { worker: 'worker-1' }], misses: { worker: 'nobody' } },
  'worker.stall': { hits: [{}, { worker: 'worker-{1,2}' }], misses: { worker: 'nobody' } },
}

export function injected(
  kind: string,
  options: Options,
  fromMs = INJECTED_MS,
  toMs = HEALED_MS,
): Injected {
  return { options: { kind, ...options }, fromMs, toMs }
}
