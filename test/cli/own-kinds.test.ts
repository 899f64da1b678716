// Kinds of the user's own, in a folder far from the program: they run in both worlds, and are told what is wrong.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/run/result.ts'
import { Folder } from '../scenario/reading.ts'
import { aftershock } from './aftershock.ts'
import { fixture, LOAD, run } from './thumbnails.ts'

const PIPELINE = readFileSync('test/fixtures/thumbnails/thumbnails.ts', 'utf8')

const TEAPOT = `
import { defineFault, glob, often, z } from 'aftershock'
export default defineFault({
  kind: 'teapot',
  help: 'a service answers that it is a teapot',
  options: z.strictObject({ to: glob }),
  describe: ({ to }) => \`\${to} is a teapot\`,
  targets: ({ to }) => ({ hosts: [to] }),
  rule: ({ to }, random) => often({ to }, random, 'reply', () => ({ do: 'reply', status: 418 })),
})`
const PAIRS = `
import { defineLoad, positiveDuration, z } from 'aftershock'
export default defineLoad({
  kind: 'pairs',
  help: 'two at a time',
  options: z.strictObject({ every: positiveDuration, for: positiveDuration }),
  describe: () => 'pairs',
  durationMs: (o) => o.for,
  expected: (o) => (2 * o.for) / o.every,
  start(o, driver) {
    for (let ms = 0; ms < o.for; ms += o.every) driver.at(ms, () => [0, 1].map(() => driver.offer(ms)))
  },
})`

const plain = (runs: readonly RunResult[]) => runs.map((r) => ({ ...r, wallMs: 0 }))

describe('a pipeline of 40 lines', () => {
  test('runs, and its fix holds', async () => {
    using folder = fixture()
    const { code, runs } = await run(folder, ['slow.yaml'])
    expect(code).toBe(0)
    expect(runs.map((r) => [r.variant, r.items.offered, r.items.failed])).toEqual([
      ['baseline', 600, 58],
      ['retries', 600, 0],
    ])
  })

  test('is the same again, wherever it lies, and in threads', async () => {
    using here = fixture()
    using there = fixture()
    const one = await run(here, ['slow.yaml', '--seeds', '2', '--workers', '1'])
    const other = await run(there, ['slow.yaml', '--seeds', '2', '--workers', '2'])
    expect(plain(other.runs)).toEqual(plain(one.runs))
    const twice = await aftershock(['run', 'slow.yaml', '--check-determinism', '--quiet'], {
      cwd: here.path,
    })
    expect([twice.code, twice.stderr]).toEqual([0, ''])
  })
})

describe('code that reaches out of the virtual world', () => {
  const leaking = (code: string) =>
    PIPELINE.replace('  const key = `in', `  ${code}\n  const key = \`in`)
  const place = PIPELINE.split('\n').findIndex((line) => line.startsWith('  const key = `in')) + 1

  test.each([
    ['Date.now()', 'Date', 8],
    ['new Date()', 'Date', 3],
    ['await new Promise((r) => setTimeout(r, 5))', 'setTimeout', 28],
    ['Math.random()', 'Math.random', 8],
    ['crypto.randomUUID()', 'crypto.randomUUID', 10],
    ["await fetch('http://127.0.0.1:1')", 'fetch', 9],
    ["(await import('node:fs/promises')).readFile('x')", 'fs/promises.readFile', 38],
    ["(await import('node:net')).connect(1)", 'net.Socket.connect', 30],
    ['try { Date.now() } catch {}', 'Date', 14],
  ])('%s is told with its place', async (code, what, column) => {
    using folder = new Folder({
      'leak.ts': leaking(code),
      'x.yaml': `pipeline: {kind: ./leak.ts}\n${LOAD}`,
    })
    const ended = await aftershock(['run', 'x.yaml', '--quiet'], { cwd: folder.path })
    const [told] = folder.plain(ended.stderr).split('\n')
    expect([ended.code, told]).toEqual([
      107,
      `aftershock: leak.ts:${place}:${column}: ${what} reaches out of the virtual world, where a run must depend on its seed alone`,
    ])
  })

  test('a date of a given time does not', async () => {
    using folder = new Folder({
      'leak.ts': leaking('new Date(Date.UTC(2025, 1, 1) + host.clock.now()).toISOString()'),
      'x.yaml': `pipeline: {kind: ./leak.ts}\n${LOAD}thresholds: {item_lost: [rate<0.01]}\n`,
    })
    const ended = await aftershock(['run', 'x.yaml', '--quiet'], { cwd: folder.path })
    expect([ended.code, ended.stderr]).toEqual([0, ''])
  })
})

test("a fault and a load model of one's own", async () => {
  using folder = fixture()
  folder.add({
    'teapot.ts': TEAPOT,
    'pairs.ts': PAIRS,
    'x.yaml': `
pipeline: {kind: ./thumbnails.ts}
load: {kind: ./pairs.ts, every: 100ms, for: 10s}
faults: [{kind: ./teapot.ts, to: resizer, at: 2s, for: 3s}]
thresholds: {item_lost: [rate<0.01]}
variants: {baseline: {expect: {breach: [item_lost]}}, calm: {faults: []}}
`,
  })
  const { code, runs } = await run(folder, ['x.yaml'])
  expect([code, runs.map((r) => [r.items.offered, r.items.failed])]).toEqual([
    0,
    [
      [200, 61],
      [200, 0],
    ],
  ])
  expect(runs[0]?.faults[0]).toMatchObject({ kind: './teapot.ts', touched: 61 })
})

describe('what is wrong is told with its place', () => {
  const bad = async (files: Readonly<Record<string, string>>) => {
    using folder = fixture()
    folder.add({ 'pairs.ts': PAIRS, 'teapot.ts': TEAPOT, ...files })
    const ended = await aftershock(['validate', 'x.yaml'], { cwd: folder.path })
    return [ended.code, ...folder.plain(ended.stderr).trimEnd().split('\n')]
  }
  const kind = (of: string, options = '') => `pipeline: {kind: ${of}${options}}\n${LOAD}`

  test.each([
    [kind('./nope.ts'), "there is no file './nope.ts' beside the scenario"],
    [
      kind('./slow.yaml'),
      "'./slow.yaml' is no module by its name; it must end in .ts .mts .js .mjs",
    ],
    [
      kind('./pairs.ts'),
      './pairs.ts exports no definePipeline({ … }) as it should: it has no `routes`, an object: its HTTP calls by name',
    ],
  ])('%s', async (text, message) => {
    expect(await bad({ 'x.yaml': text })).toEqual([104, `x.yaml:1:18: pipeline.kind: ${message}`])
  })

  test.each([
    ['export default {', './own.ts:1: not TypeScript: '],
    ["throw new Error('boom')", './own.ts:1:7: threw while loading: boom'],
    [
      'export const x = 1',
      './own.ts: no default export; write export default definePipeline({ … })',
    ],
    [
      PIPELINE.replace("entry: 'api'", "entry: 'apj'").replace("route: 'put'", "route: 'putt'"),
      "./own.ts: its entry 'apj' is none of its hosts; did you mean 'api'? Known: api, resizer",
    ],
  ])('a module: %#', async (code, message) => {
    const [status, first] = await bad({ 'own.ts': code, 'x.yaml': kind('./own.ts') })
    expect(status).toBe(104)
    expect(String(first).startsWith(`x.yaml:1:18: pipeline.kind: ${message}`)).toBe(true)
  })

  test('options, each in its place', async () => {
    const text = `pipeline: {kind: ./thumbnails.ts, attemps: 3}
load: {kind: ./pairs.ts, every: soon, for: 10s}
faults: [{kind: ./teapot.ts, to: 3, at: 1s}]
`
    expect(await bad({ 'x.yaml': text })).toEqual([
      104,
      "x.yaml:1:35: pipeline.attemps: unknown key 'attemps'; did you mean 'attempts'? Known: attempts, time",
      "x.yaml:2:33: load.every: 'soon' is not a duration; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
      'x.yaml:3:34: faults[0].to: needs a name or a glob such as service-*, not 3',
    ])
  })
})

test("the fuzz takes a pipeline of one's own", async () => {
  const args = ['scripts/fuzz.ts', '60', '2', 'test/fixtures/thumbnails/thumbnails.ts']
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect([status, stdout]).toEqual([0, expect.stringContaining('0 broke a rule')])
}, 300_000)
