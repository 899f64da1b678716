// The JSON Schema that editors use: as generated, and of one mind with the loader.
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { everyScenario } from '../../src/cli/bundled.ts'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts'
import { RIGHT, readModules, refusal, withLoad, withPipeline } from './reading.ts'

const schema = scenarioJsonSchema()
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema)

/** Where a document breaks the schema; empty where it does not. */
function wrong(document: unknown): string[] {
  validate(document)
  return [...new Set((validate.errors ?? []).map((error) => error.instancePath))]
}

test('the committed file is the generated one: npm run schema', () => {
  expect(JSON.parse(readFileSync('scenarios/schema.json', 'utf8'))).toEqual(schema)
})

test('every bundled scenario is valid', async () => {
  const files = await everyScenario()
  const written = readModules('.', files, 'written')
  const found = files.map((file) => [file, wrong(written[file]?.ok)])
  expect(found).toEqual(files.map((file) => [file, []]))
})

const VALID = [
  RIGHT,
  `$schema: ../schema.json\n${RIGHT}`,
  withLoad('kind: closed, users: 3, for: 1m, think: {mean: 1s, p99: 3s}'),
  withLoad('kind: ramp, from: 0, stages: [{to: 12/s, for: 1h30m}, {to: 0, for: 90s}]'),
  withPipeline('queue: {max: 3}, service: {inference: {dist: mix, of: [{weight: 1, is: 2s}]}}'),
  `${RIGHT}faults: [{kind: clock.skew, offset: -8h}, {kind: hang, route: infer, at: 0, for: 3s}]\n`,
  `${RIGHT}alerts: [{alert: A, expr: queue_depth > 3, expect: {firesWithin: 3m}}]\n`,
  `${RIGHT}brief: {load: {rate: 4/s}, pipeline: {queue: {max: 3}, service: {concurrency: 1}}}\n`,
  `${RIGHT}variants: {a: {}, 方案: {load: {kind: closed, users: 3, for: 1m}, brief: {warmup: 1s}}}\n`,
  `${RIGHT}variants: {a: {pipeline: {service: {inference: 200ms}}, thresholds: {item_lost: [rate<1]}}}\n`,
]

/** Of a brief that does not say its kind no schema knows whose options they are: the loader does. */
const INVALID: readonly (readonly [text: string, ...places: string[]])[] = [
  ['{}', ''],
  [`${RIGHT}fautls: []\n`, ''],
  [`${RIGHT}warmup: 5\n`, '/warmup'],
  [`${RIGHT}warmup: -5s\n`, '/warmup'],
  [`${RIGHT}warmup: 5 parsecs\n`, '/warmup'],
  [`${RIGHT}start: yesterday\n`, '/start'],
  [`${RIGHT}pending: allow\n`, '/pending'],
  [withLoad('kind: arrivals, rate: 1/sec, for: 1m'), '/load/rate', '/load'],
  [withLoad('kind: constant-vus, vus: 3'), '/load', '/load/kind'],
  [withPipeline('servises: 3'), '/pipeline'],
  [withPipeline('services: 0'), '/pipeline/services', '/pipeline'],
  [`${RIGHT}faults: [{kind: clock.skw}]\n`, '/faults/0', '/faults/0/kind'],
  [`${RIGHT}thresholds: {item_lost: rate<1}\n`, '/thresholds/item_lost'],
  [`${RIGHT}expect: {holds: 95}\n`, '/expect/holds'],
  [`${RIGHT}brief: {name: y}\n`, '/brief'],
  [
    `${RIGHT}brief: {pipeline: {kind: inference, queue: {max: few}}}\n`,
    '/brief/pipeline/queue/max',
    '/brief/pipeline',
  ],
  [`${RIGHT}variants: {}\n`, '/variants'],
  [`${RIGHT}variants: {a b: {}}\n`, '/variants'],
  [`${RIGHT}variants: {a: {brief: {warmup: x}}}\n`, '/variants/a/brief/warmup'],
  [`${RIGHT}variants: {a: {faults: [{at: 3s}]}}\n`, '/variants/a/faults/0'],
]

describe('a document', () => {
  test.each(VALID)('that is valid: %j', async (text) => {
    expect(wrong(parse(text))).toEqual([])
    expect(await refusal({ 'x.yaml': text })).toEqual(['it was accepted'])
  })

  test.each(INVALID)('that is not: %j', async (text, ...places) => {
    const found = wrong(parse(text))
    expect(found).toEqual(expect.arrayContaining(places))
    expect(await refusal({ 'x.yaml': text })).not.toEqual(['it was accepted'])
  })
})

test('durations and rates carry their patterns, kinds and keys what they are', () => {
  expect(schema).toMatchObject({
    properties: {
      load: { $ref: '#/$defs/load' },
      warmup: { $ref: '#/$defs/duration', description: 'Left out of every metric' },
    },
    $defs: {
      positiveDuration: { type: 'string', pattern: '^\\s*\\+?(\\d+(\\.\\d+)?(ms|s|m|h|d))+\\s*$' },
      signedDuration: { type: 'string', pattern: '^\\s*[+-]?(\\d+(\\.\\d+)?(ms|s|m|h|d))+\\s*$' },
      rate: { type: 'string', pattern: '^\\s*\\d+(\\.\\d+)?\\s*/\\s*(ms|s|m|h|d)\\s*$' },
    },
  })
  const { fault, load } = schema.$defs as Record<string, { oneOf: { description: string }[] }>
  expect(load?.oneOf.map((one) => one.description)).toEqual([
    'open model: items arrive at a constant or Poisson rate, with or without bursts',
    'closed model: virtual users, each waiting for its item before offering the next',
    'open model: the rate ramps from stage to stage',
    'closed model: connections to an HTTP entry, each asking for the next item as soon as it is answered',
    'open model: items arrive as a recorded trace says, scaled',
    'a load of your own: the path of its module, relative to this file',
  ])
  expect(fault?.oneOf.filter((one) => !one.description)).toEqual([])
})
