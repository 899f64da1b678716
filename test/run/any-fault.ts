// Random faults, as a scenario file would write them: any kind, any options, any time.
import fc from 'fast-check'

export type Raw = Record<string, unknown>

export const ms = (min: number, max: number) => fc.integer({ min, max }).map((n) => `${n}ms`)

export const probability = fc.constantFrom(0, 0.1, 0.5, 1)

/** An object with any of these keys, or none. */
export const some = (parts: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(parts, { requiredKeys: [] }) as fc.Arbitrary<Raw>

export const time = fc.oneof(
  ms(1, 3_000),
  fc.constantFrom(
    { p50: '50ms', p99: '900ms' },
    { mean: '200ms', p99: '600ms' },
    { dist: 'exponential', mean: '400ms' },
  ),
  fc.constant({
    dist: 'mix',
    of: [
      { weight: 9, is: '20ms' },
      { weight: 1, is: { dist: 'uniform', min: '1s', max: '20s' } },
    ],
  }),
)

/** One condition on the calls: of several, few calls would meet all. */
const which = fc.oneof(
  fc.constant<Raw>({}),
  fc.constantFrom('analyser', 'service-*').map((from): Raw => ({ from })),
  fc
    .constantFrom('objects', 'analyser', 'service-*', 'service-7901', 'sink', '*')
    .map((to): Raw => ({ to })),
  fc
    .constantFrom(
      'put',
      'head',
      'fetch',
      'delete',
      'delete*',
      'list',
      'infer',
      'heartbeat',
      'register',
      'publish',
    )
    .map((route): Raw => ({ route })),
  fc.constantFrom('**/*.jpg', '**/cam1/*').map((key): Raw => ({ key })),
)

const howMany = fc.oneof(
  fc.constant<Raw>({}),
  probability.map((p): Raw => ({ probability: p })),
  fc.integer({ min: 1, max: 5 }).map((nth): Raw => ({ nth })),
  fc.integer({ min: 1, max: 20 }).map((first): Raw => ({ first })),
  fc.integer({ min: 1, max: 3 }).map((attempt): Raw => ({ attempt })),
)

const calls = fc.tuple(which, howMany).map(([a, b]): Raw => ({ ...a, ...b }))

const host = fc.constantFrom('analyser', 'sink', 'service-*', 'service-7901', '*')

const beats = { services: fc.constantFrom('all', 1, ['service-7901']) }

/** The fault's trigger is its route, which may be a fetch: a call of its signer, not of the services. */
const byKey = calls.map(({ route: _route, from, ...rest }): Raw => {
  return from === 'analyser' ? { from, ...rest } : rest
})

/** `parts` are the options that are a fault's own, each always there. */
const fault = (
  kind: string,
  parts: Record<string, fc.Arbitrary<unknown>> = {},
  more: fc.Arbitrary<Raw> = fc.constant({}),
) =>
  fc
    .tuple(fc.record({ kind: fc.constant(kind), ...parts }), more)
    .map(([own, rest]): Raw => ({ ...own, ...rest }))

const anyFault = fc.oneof(
  fault('bandwidth', { bytesPerSecond: fc.constantFrom(1_000, 100_000) }, calls),
  fault('client.abort', { after: ms(1, 100) }, calls),
  fault('duplicate-submit', { after: fc.oneof(fc.constant(0), ms(1, 2_000)) }, calls),
  fault('upstream.degrade', {
    service: host,
    stages: fc.constantFrom(
      [{ for: '2s', work: 8 }],
      [
        { for: '1s', capacity: 0.1 },
        { for: '5s', capacity: 1, work: 2 },
      ],
    ),
  }),
  fault('capacity', { service: host, factor: fc.constantFrom(0, 0.25, 2) }),
  fault(
    'clock.skew',
    { host, affects: fc.constantFrom('all', 'presign') },
    fc.constantFrom<Raw>({ offset: '-8h' }, { jump: '70s' }, { offset: '2m' }),
  ),
  fault('hang', {}, calls),
  fault('heartbeat.delay', { by: time }, some(beats)),
  fault('heartbeat.loss', {}, some({ ...beats, probability })),
  fault('host.crash', { host }),
  fault('host.pause', { host }),
  fault('host.restart', { host }),
  fault('host.slow', { host, factor: fc.constantFrom(1.5, 20, 400) }),
  fault(
    'latency',
    { on: fc.constantFrom('request', 'reply') },
    fc
      .tuple(calls, time, fc.boolean())
      .map(([c, t, add]) => ({ ...c, ...(add ? { add: t } : { replace: t }) })),
  ),
  fault('load.stop'),
  fault('lost-replies', {}, calls),
  fault(
    'object.delete',
    { delay: fc.oneof(fc.constant(0), ms(1, 5_000)), perObject: fc.boolean() },
    fc
      .tuple(
        byKey,
        fc.constantFrom(
          { before: 'fetch' },
          { before: 'head' },
          { after: 'put' },
          { after: 'post' },
          { after: 'fetch' },
        ),
      )
      .map(([c, trigger]) => ({ ...c, ...trigger })),
  ),
  fault('partition', {
    between: fc.constantFrom('analyser', ['service-*', 'sink']),
    and: fc.constantFrom('objects', ['service-*', 'objects'], 'analyser'),
  }),
  fault(
    'put.race',
    { probability: fc.constantFrom(0.5, 1), within: ms(500, 20_000) },
    some({ key: fc.constantFrom('**/*.jpg', '**/cam1/*'), nth: fc.integer({ min: 1, max: 3 }) }),
  ),
  fault('refuse', {}, calls),
  fault('reset', { lost: fc.constantFrom('request', 'reply') }, calls),
  fault('sink.down'),
  fault('split-replies', { by: time }, calls),
  fault(
    'status',
    { status: fc.constantFrom(404, 429, 503), reached: fc.boolean() },
    fc
      .tuple(calls, some({ code: fc.constant('SlowDown') }))
      .map(([c, code]) => ({ ...c, ...code })),
  ),
)

export const timed = (warmupMs: number, forMs: number): fc.Arbitrary<Raw> =>
  fc
    .tuple(
      anyFault,
      some({
        at: fc.integer({ min: warmupMs, max: forMs - 1 }),
        for: fc.integer({ min: 1, max: forMs }),
        again: fc.integer({ min: 1, max: forMs }),
      }),
    )
    .map(([raw, { at, for: length, again }]) => ({
      ...raw,
      ...(at === undefined ? {} : { at: `${at}ms` }),
      ...(length === undefined ? {} : { for: `${length}ms` }),
      ...(length === undefined || again === undefined
        ? {}
        : { every: `${Number(length) + Number(again)}ms` }),
    }))
