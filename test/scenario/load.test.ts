// Loading: the same scenario in every format, TypeScript anywhere on the disk, and the bundled scenarios.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { everyScenario } from '../../src/cli/bundled.ts'
import { loads, type Resolved } from '../../src/scenario/schema.ts'
import { Folder, type Outcome, RIGHT, readModules, resolved } from './reading.ts'

const LITERAL = `{
  "name": "same",
  "incident": "2025-11-12, 服务数量为 0",
  "symptoms": ["no algorithm for task type"],
  "start": "2025-11-12T03:37:41+08:00",
  "pipeline": { "kind": "inference", "services": 3, "service": { "inference": { "p50": "0.2s", "p99": "1s" } } },
  "load": { "kind": "ramp", "from": "90/m", "stages": [{ "to": "12/s", "for": "1h30m" }] },
  "warmup": "2m",
  "faults": [{ "kind": "heartbeat.loss", "services": "all", "at": "30m", "for": "3m" }],
  "thresholds": { "item_lost{phase:fault}": ["rate<0.01"] },
  "alerts": [{ "alert": "A", "expr": "services_registered == 0", "for": "1m", "expect": { "firesWithin": "3m" } }]
}`
const YAML = `
name: same
incident: 2025-11-12, 服务数量为 0
symptoms:
  - no algorithm for task type
start: 2025-11-12T03:37:41+08:00
pipeline: {kind: inference, services: 3, service: {inference: {p50: 0.2s, p99: 1s}}}
load:
  kind: ramp
  from: 90/m
  stages: [{to: 12/s, for: 1h30m}]
warmup: 2m
faults:
  - {kind: heartbeat.loss, services: all, at: 30m, for: 3m}
thresholds: {'item_lost{phase:fault}': [rate<0.01]}
alerts:
  - alert: A
    expr: services_registered == 0
    for: 1m
    expect: {firesWithin: 3m}
`
const MODULE = `import { defineScenario } from 'aftershock'\nexport default defineScenario(${LITERAL})\n`
const TYPED = `import { defineScenario, type ScenarioInput } from 'aftershock'
import { literal } from './parts/literal.ts'
const scenario: ScenarioInput = literal satisfies object
export default defineScenario(await Promise.resolve(scenario))
`

test('every format means the same', () => {
  using folder = new Folder({
    'same.ts': MODULE,
    'same.mts': TYPED,
    'parts/literal.ts': `export const literal = ${LITERAL} as const\n`,
    'same.js': MODULE,
    'same.mjs': MODULE,
    'same.yaml': YAML,
    'same.yml': YAML,
    'same.json': LITERAL,
    'UPPER.YAML': YAML,
    'UPPER.TS': MODULE,
  })
  const files = [
    'same.ts',
    'same.mts',
    'same.js',
    'same.mjs',
    'same.yaml',
    'same.yml',
    'same.json',
    'UPPER.YAML',
    'UPPER.TS',
  ]
  const outcomes = readModules(folder.path, files)
  const { ok } = outcomes['same.json'] as Outcome
  expect(outcomes).toEqual(Object.fromEntries(files.map((file) => [file, { ok }])))
  expect(ok).toMatchObject({
    name: 'same',
    start: Date.parse('2025-11-11T19:37:41Z'),
    pipeline: { services: 3, service: { inference: { dist: 'lognormal', p50: 200, p99: 1_000 } } },
    load: { kind: 'ramp', from: 1.5, stages: [{ to: 12, for: 5_400_000 }] },
    faults: [{ kind: 'heartbeat.loss', services: 'all', at: 1_800_000, for: 180_000 }],
    pending: 'forbidden',
  })
})

test.each<[where: string, folder: string, packageJson: string | undefined]>([
  ['far from any package.json', '.', undefined],
  ['in an ES module package', '.', '{"type": "module"}'],
  ['in a package as npm init makes it', '.', '{"type": "commonjs"}'],
  ['in a package without a type', 'deep/er', '{}'],
  [
    'in an installed program',
    'node_modules/aftershock/scenarios',
    '{"type": "module", "name": "aftershock"}',
  ],
  [
    'in a package that is called the same',
    '.',
    '{"type": "module", "name": "aftershock", "exports": "./gone.js"}',
  ],
])('TypeScript %s finds the running program', (_, at, packageJson) => {
  using folder = new Folder({
    ...(packageJson === undefined ? {} : { 'package.json': packageJson }),
    [join(at, 'x.ts')]: TYPED,
    [join(at, 'parts/literal.ts')]: `export const literal = ${LITERAL}\n`,
  })
  const file = join(at, 'x.ts')
  expect(readModules(folder.path, [file])).toMatchObject({ [file]: { ok: { name: 'same' } } })
})

test('what is left out has its default', async () => {
  expect(await resolved(RIGHT)).toMatchObject({
    name: 'x',
    symptoms: [],
    start: Date.parse('2025-01-01T00:00:00Z'),
    warmup: 0,
    settle: 600_000,
    pending: 'forbidden',
    faults: [],
    fingerprint: {},
    thresholds: {},
    alerts: [],
    expect: { breach: [], fingerprint: 'met' },
  })
})

test('without a name a scenario is called as its file', async () => {
  expect((await resolved(RIGHT.replace('name: x\n', ''))).name).toBe('x')
})

test('every bundled brief is small', async () => {
  const files = await everyScenario()
  const outcomes = readModules('.', files, 'brief')
  for (const file of files) {
    const { load } = (outcomes[file] as { ok: Resolved }).ok
    const model = loads.find((l) => l.kind === load.kind)
    const seconds = (model?.durationMs(load) ?? Number.NaN) / 1_000
    expect(seconds).toBeLessThanOrEqual(7 * 60)
    expect((model?.expected(load) ?? Number.NaN) / seconds).toBeLessThanOrEqual(5)
  }
})
