// Random small scenarios of the inference pipeline: any load, any options, any faults.
import fc from 'fast-check'
import { ms, probability, type Raw, some, time, timed } from './any-fault.ts'
import type { Written } from './scenarios.ts'

const perSecond = (max: number) => fc.integer({ min: 1, max: max * 10 }).map((n) => `${n / 10}/s`)

const pipeline = some({
  tasks: fc.integer({ min: 1, max: 3 }),
  taskType: fc.constantFrom('p', '人数统计', 'a b%'),
  scan: some({ every: ms(100, 4_000), existing: fc.constantFrom('queue', 'ignore') }),
  processedFor: fc.constantFrom('1s', '10s', '24h'),
  queue: some({ max: fc.integer({ min: 1, max: 30 }) }),
  concurrency: fc.integer({ min: 1, max: 12 }),
  checks: fc.constantFrom('none', 'stat', 'precheck+stat'),
  onNoService: fc.constantFrom('discard', 'hold'),
  presign: some({ expiry: fc.constantFrom('1s', '2s', '1h', '168h') }),
  call: some({
    attempts: fc.integer({ min: 1, max: 4 }),
    spacing: fc.array(fc.oneof(fc.constant(0), ms(1, 3_000)), { minLength: 1, maxLength: 3 }),
    timeout: ms(50, 60_000),
    refetchOn404: fc.boolean(),
  }),
  cancelBeforeBody: fc.boolean(),
  heartbeat: some({
    every: ms(300, 9_000),
    timeout: ms(500, 20_000),
    spread: fc.oneof(fc.constant(0), ms(1, 9_000)),
    sweep: ms(200, 9_000),
  }),
  onUnknownHeartbeat: fc.constantFrom('ignore', 'register'),
  retention: fc.integer({ min: 1, max: 60 }),
  protectQueued: fc.boolean(),
  cleanup: some({
    uploads: fc.integer({ min: 1, max: 20 }),
    idle: ms(500, 30_000),
    every: ms(1_000, 60_000),
  }),
  keepDetected: fc.boolean(),
  upload: some({ attempts: fc.integer({ min: 1, max: 3 }), spacing: ms(1, 3_000) }),
  publish: some({
    attempts: fc.integer({ min: 1, max: 3 }),
    spacing: ms(1, 3_000),
    outbox: fc.boolean(),
  }),
  service: some({
    inference: time,
    concurrency: fc.integer({ min: 1, max: 8 }),
    backlog: fc.integer({ min: 0, max: 8 }),
    detections: probability,
    bodyLate: fc.oneof(fc.constant(0), ms(1, 2_000)),
    splitShare: probability,
  }),
})

/** `forMs` long, where a load says how long it is. */
const load = (forMs: number): fc.Arbitrary<Raw> => {
  const whole = { for: fc.constant(`${forMs}ms`) }
  const row = fc.oneof(
    fc.record({ at: fc.integer({ min: 0, max: forMs - 1 }) }),
    fc.record({
      at: fc.integer({ min: 0, max: forMs - 1 }),
      count: fc.nat(20),
      over: fc.integer({ min: 1, max: 9_000 }),
    }),
  )
  const bursts = fc.record({
    every: ms(4_000, 20_000),
    size: fc.integer({ min: 1, max: 25 }),
    over: fc.oneof(fc.constant(0), ms(1, 3_000)),
  })
  return fc.oneof(
    fc
      .tuple(
        fc.record({ kind: fc.constant('arrivals'), rate: perSecond(6), ...whole }),
        some({ process: fc.constant('poisson'), bursts }),
      )
      .map(([a, b]) => ({ ...a, ...b })),
    fc.record({
      kind: fc.constant('ramp'),
      from: fc.oneof(fc.constant(0), perSecond(5)),
      stages: fc
        .tuple(fc.oneof(fc.constant(0), perSecond(8)), perSecond(4))
        .map((to) => to.map((rate) => ({ to: rate, for: `${forMs / 2}ms` }))),
    }),
    fc.record({
      kind: fc.constant('closed'),
      users: fc.integer({ min: 1, max: 8 }),
      think: time,
      rampUp: fc.oneof(fc.constant(0), ms(1, 9_000)),
      ...whole,
    }),
    fc.record({
      kind: fc.constant('trace'),
      // Its last row says how long it is.
      rows: fc
        .array(row, { minLength: 1, maxLength: 12 })
        .map((rows) => [...rows, { at: forMs - 1 }]),
      scale: fc.constantFrom(0.5, 1, 2.5),
    }),
  )
}

export const anyScenario: fc.Arbitrary<Written> = fc
  .tuple(
    fc.integer({ min: 5_000, max: 60_000 }).map((n) => n * 2),
    fc.constantFrom(0, 0, 1_000),
  )
  .map(([twice, warmup]) => [Math.round(twice / 2000) * 1_000, warmup] as const)
  .chain(([forMs, warmupMs]) =>
    fc.record({
      load: load(forMs),
      pipeline: fc
        .tuple(pipeline, fc.integer({ min: 1, max: 4 }))
        .map(([p, services]) => ({ ...p, services })),
      faults: fc.array(timed(warmupMs, forMs), { maxLength: 4 }),
      warmup: fc.constant(warmupMs === 0 ? 0 : `${warmupMs}ms`),
      settle: fc.constantFrom('5s', '1m'),
    }),
  )
  // What the types of a scenario cannot know, its schema checks.
  .map((raw) => raw as unknown as Written)
