// Whatever is done to a scenario, it is read or refused in sentences that begin with their place.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { refusal } from './reading.ts'

const SCENARIO = {
  name: 'whole',
  start: '2025-11-12T03:37:41+08:00',
  pipeline: {
    kind: 'inference',
    services: 3,
    heartbeat: { every: '30s' },
    call: { spacing: ['2s'] },
  },
  load: { kind: 'arrivals', rate: '12/s', for: '5m', bursts: { every: '1m', size: 3 } },
  warmup: '10s',
  faults: [
    { kind: 'heartbeat.loss', services: 'all', at: '30s', for: '1m', name: 'loss' },
    { kind: 'latency', add: { p50: '10ms', p99: '20ms' }, to: 'objects', probability: 0.5 },
    { kind: 'host.restart', host: 'service-*', every: '1m' },
  ],
  thresholds: { 'item_lost{fault:loss}': ['rate<0.01'], item_duration: ['p(95)<2s'] },
  alerts: [{ alert: 'A', expr: 'queue_depth > 3', for: '1m', expect: { firesWithin: '3m' } }],
  expect: { breach: ['item_duration'] },
  brief: { load: { for: '1m' }, faults: [{ kind: 'load.stop', at: '20s', name: 'loss' }] },
  variants: {
    a: { pipeline: { services: 4 } },
    b: { load: { kind: 'closed', users: 3, for: '2m' } },
  },
}
const TEXT = stringify(SCENARIO)

const ODD = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    0.5,
    1e300,
    '',
    'x',
    '-3s',
    '0s',
    '10s',
    '12/s',
    'all',
    '*',
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [[]],
    [{}],
    { kind: 'x' },
    { dist: 'x' },
    { mean: '1s' },
    ['a', 1],
    '{',
    '!',
    '人',
  ),
  fc.string(),
  fc.double(),
)

/** Paths to everything in a value. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
}

/** A copy in which one thing is another, or is called another name, or is gone. */
function changed(
  value: unknown,
  [key, ...rest]: readonly string[],
  how: { odd: unknown; name: string | undefined },
): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return how.odd
  const entries = Object.entries(value).flatMap(([k, inner]) => {
    if (k !== key) return [[k, inner] as const]
    if (rest.length > 0 || how.name === undefined) return [[k, changed(inner, rest, how)] as const]
    return how.name === '' ? [] : [[how.name, inner] as const]
  })
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

async function expectSentences(file: string, text: string): Promise<void> {
  for (const line of await refusal({ [file]: text })) {
    if (line === 'it was accepted') return
    expect(line).toMatch(
      /^x\.(yaml|json):\d+:\d+: \S|^x\.(yaml|json): (not text in UTF-8|and \d+ problems more)/,
    )
    expect(line).not.toMatch(
      /\b(undefined|Invalid|expected|received|ZodError|at Object)\b|\[object/,
    )
  }
}

test('the scenario is right', async () => {
  expect(await refusal({ 'x.yaml': TEXT })).toEqual(['it was accepted'])
})

test('with something odd anywhere', { timeout: 60_000 }, async () => {
  const path = fc.constantFrom(...pathsOf(SCENARIO))
  const how = fc.record({
    odd: ODD,
    name: fc.option(fc.constantFrom('', 'kind', 'fro', 'dist', 'rate', '__proto__', 'at'), {
      nil: undefined,
    }),
  })
  await fc.assert(
    fc.asyncProperty(path, how, async (where, what) => {
      await expectSentences('x.json', JSON.stringify(changed(SCENARIO, where, what), null, 1))
    }),
    { numRuns: 400 },
  )
})

test('with its text cut and mixed up', { timeout: 60_000 }, async () => {
  const splice = fc.tuple(
    fc.nat(TEXT.length),
    fc.nat(6),
    fc.constantFrom(
      '',
      ':',
      '\t',
      '\n',
      '- ',
      '{',
      '}',
      '*a',
      '&a ',
      '<<: ',
      '"',
      '#',
      '?',
      '|',
      '!!set',
      '\r',
      'é',
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(splice, { minLength: 1, maxLength: 3 }), async (splices) => {
      const text = splices.reduce(
        (t, [at, cut, put]) => t.slice(0, at) + put + t.slice(at + cut),
        TEXT,
      )
      await expectSentences('x.yaml', text)
    }),
    { numRuns: 400 },
  )
})

test.each<[what: string, text: string]>([
  ['lists in lists', `pipeline: ${'['.repeat(50_000)}`],
  ['mappings in mappings', `pipeline: ${'{a: '.repeat(20_000)}${'}'.repeat(20_000)}`],
  ['a long glob', `${TEXT.replace("'*'", '')}`.replace('service-*', 'x'.repeat(100_000))],
  [
    'a deep expression',
    TEXT.replace('queue_depth > 3', `${'('.repeat(20_000)}queue_depth${')'.repeat(20_000)} > 3`),
  ],
  ['a long metric', TEXT.replace('item_duration', 'x'.repeat(100_000))],
])('with %s', async (_, text) => {
  await expectSentences('x.yaml', text)
})
