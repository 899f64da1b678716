// Where reports go: a folder for each run with `latest` beside it, what it holds, and what it must not hold.
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Summary } from '../../src/run/result.ts'
import { Folder, RIGHT } from '../scenario/reading.ts'
import { aftershock } from './aftershock.ts'

const HOLDS = `${RIGHT}thresholds: {item_lost: [rate<0.01]}\n`
/** A scenario that removes the folder it is run from. */
const GONE = `import { rmSync } from 'node:fs'
rmSync(process.cwd(), { recursive: true })
export default {
  name: 'x',
  pipeline: { kind: 'inference' },
  load: { kind: 'arrivals', rate: '1/s', for: '1m' },
  thresholds: { item_lost: ['rate<0.01'] },
}
`
const SECRET = 'f0e1d2c3b4a5968778695a4b3c2d1e0f'
const FILES = ['junit.xml', 'report.html', 'report.md', 'summary.json']

/** The only run directory of a scenario. */
function runsOf(folder: Folder, scenario: string, outDir = 'reports'): string[] {
  return readdirSync(join(folder.path, outDir, scenario)).filter((name) => /^\d/.test(name))
}

const read = (folder: Folder, ...path: string[]) =>
  readFileSync(join(folder.path, 'reports', ...path), 'utf8')

/** Times, and the folder that is named after one, are all that may differ. */
const timeless = (text: string) =>
  text
    .replaceAll(/"wallMs": [\d.]+/g, '"wallMs": 0')
    .replaceAll(/ time="[\d.]+"/g, ' time="0"')
    .replaceAll(/ timestamp="[^"]*"/g, '')
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/g, 'then')

describe('a run', () => {
  test('has a folder of its own, and latest points there', async () => {
    using folder = new Folder({ 'a.yaml': HOLDS })
    await aftershock(['run', 'a.yaml'], { cwd: folder.path })
    const [stamp = ''] = runsOf(folder, 'x')
    expect(stamp).toMatch(/^\d{8}T\d{6}Z$/)
    const latest = join(folder.path, 'reports', 'x', 'latest')
    expect(lstatSync(latest).isSymbolicLink() && readlinkSync(latest)).toBe(stamp)
    expect(readdirSync(latest).sort()).toEqual(FILES)
    expect(readdirSync(join(folder.path, 'reports', 'x')).sort()).toEqual([stamp, 'latest'])
  })

  test('twice: no byte differs but times', async () => {
    using folder = new Folder({ 'a.yaml': HOLDS })
    for (const _ of [1, 2])
      await aftershock(['run', 'a.yaml', '--seeds', '2'], { cwd: folder.path })
    const [first = '', second = ''] = runsOf(folder, 'x')
    for (const file of FILES)
      expect(timeless(read(folder, 'x', second, file))).toBe(
        timeless(read(folder, 'x', first, file)),
      )
  })

  test('twice, breached, inconclusive and of the other pipeline: no byte differs but times', {
    timeout: 60_000,
  }, async () => {
    const named = (name: string, more: string) => HOLDS.replace('name: x', `name: ${name}`) + more
    const generation = `name: tasks
pipeline: {kind: generation}
load: {kind: arrivals, rate: 2/s, for: 3m}
faults: [{kind: status, status: 503, to: seedream, probability: 0.3, at: 30s, for: 1m}]
thresholds: {item_lost: [rate<0.001]}
windows: {early: {at: 0s, for: 30s}, late: {at: 60s, for: 60s}}
variants: {baseline: {expect: {breach: [item_lost]}}, fix: {pipeline: {backoff: {}}}}
`
    using folder = new Folder({
      'a.yaml': named('breached', '').replace('<', '>'),
      'b.yaml': named('nothing', 'faults: [{kind: latency, route: unregister, add: 1s}]\n'),
      'c.yaml': generation,
    })
    const files = ['a.yaml', 'b.yaml', 'c.yaml']
    for (const _ of [1, 2])
      await aftershock(['run', ...files, '--seeds', '3'], { cwd: folder.path })
    const verdicts = ['breached', 'nothing', 'tasks'].map((name) => {
      const [first = '', second = ''] = runsOf(folder, name)
      for (const file of FILES)
        expect(timeless(read(folder, name, second, file))).toBe(
          timeless(read(folder, name, first, file)),
        )
      return (JSON.parse(read(folder, name, first, 'summary.json')) as Summary).verdict
    })
    expect(verdicts.slice(0, 2)).toEqual(['fail', 'inconclusive'])
  })

  test('of several scenarios: a folder for each, with its own verdict', async () => {
    using folder = new Folder({
      'a.yaml': HOLDS,
      'b.yaml': HOLDS.replace('name: x', 'name: y z').replace('<', '>'),
    })
    const { code } = await aftershock(['run', 'a.yaml', 'b.yaml'], { cwd: folder.path })
    const verdicts = ['x', 'y-z'].map(
      (name) => (JSON.parse(read(folder, name, 'latest', 'summary.json')) as Summary).verdict,
    )
    expect({ code, verdicts }).toEqual({ code: 99, verdicts: ['pass', 'fail'] })
    // Each says how it is run again by itself.
    expect(read(folder, 'y-z', 'latest', 'report.md')).toContain(
      '```sh\naftershock run b.yaml --seed 1\n```',
    )
  })

  test.each([
    [['--quiet'], []],
    [['--no-out-dir'], []],
    [['--quiet', '--out-dir', 'there'], ['there']],
    [['--out-dir', 'there/deep'], ['there']],
  ])('with %j leaves %j', async (args, left) => {
    using folder = new Folder({ 'a.yaml': HOLDS })
    await aftershock(['run', 'a.yaml', ...args], { cwd: folder.path })
    expect(readdirSync(folder.path)).toEqual(['a.yaml', ...left])
  })

  test('where its folder cannot be: says so, and fails only if it was asked for', async () => {
    using folder = new Folder({ 'a.yaml': HOLDS, reports: 'a file' })
    const ran = async (...args: string[]) => {
      const { code, stderr } = await aftershock(['run', 'a.yaml', ...args], { cwd: folder.path })
      return { code, said: stderr.split('\n')[0]?.replace(/: E.*/, '') }
    }
    const said = "aftershock: cannot write to 'reports/x'"
    expect(await ran()).toEqual({ code: 0, said })
    expect(await ran('--out-dir', 'reports')).toEqual({ code: 110, said })
  })

  test('where the current folder is removed meanwhile: says so, and ends', async () => {
    using folder = new Folder({ 'a.mjs': GONE })
    const { code, stderr } = await aftershock(['run', 'a.mjs'], { cwd: folder.path })
    const [said] = stderr.split('\n')
    expect([code, said?.replace(/: E.*/, '')]).toEqual([
      0,
      "aftershock: cannot write to 'reports/x'",
    ])
  })
})

test('a link that is not to be had is a text file', async () => {
  using folder = new Folder({ 'a.yaml': HOLDS })
  // A folder in its place cannot be replaced by a link, nor by a file: everything else is still written.
  mkdirSync(join(folder.path, 'reports', 'x', 'latest'), { recursive: true })
  writeFileSync(join(folder.path, 'reports', 'x', 'latest', 'kept'), '')
  const { code, stderr } = await aftershock(['run', 'a.yaml'], { cwd: folder.path })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(readdirSync(join(folder.path, 'reports', 'x', 'latest'))).toEqual(['kept'])
})

test('no report holds a secret, wherever it came from', async () => {
  const url = `http://h/k?X-Amz-Signature=${SECRET}`
  using folder = new Folder({
    'a.yaml': `${HOLDS}incident: "${url}"\nabout: "Bearer ${SECRET}"\n`,
  })
  const env = { GITHUB_STEP_SUMMARY: join(folder.path, 'step.md'), GITHUB_ACTIONS: 'true' }
  const { stdout } = await aftershock(
    ['run', 'a.yaml', '--reporter', 'console,junit,json', '--summary-export', 'out.json'],
    { cwd: folder.path, env },
  )
  const everything = [
    stdout,
    ...['out.json', 'step.md'].map((file) => readFileSync(join(folder.path, file), 'utf8')),
    ...FILES.map((file) => read(folder, 'x', 'latest', file)),
  ]
  expect(everything.filter((text) => text.includes(SECRET))).toEqual([])
  expect(everything.filter((text) => text.includes('redacted'))).toHaveLength(6)
})

test('neither histories nor messages hold one', async () => {
  const missing = `a.yaml?token=${SECRET}`
  const throwing = `setTimeout(() => { throw new Error('GET /k?X-Amz-Signature=${SECRET}') }, 1)\nexport default { pipeline: { kind: 'inference' }, load: { kind: 'arrivals', rate: '20/s', for: '10h' }, variants: { v: { about: 'x' } } }`
  using folder = new Folder({ 'x.ts': throwing })
  const said = [
    (await aftershock(['run', missing], { cwd: folder.path })).stderr,
    (await aftershock(['run', 'x.ts', '--quiet'], { cwd: folder.path })).stderr,
  ]
  expect(said).toEqual([
    expect.stringContaining('a.yaml?token=[redacted]'),
    expect.stringContaining("the scenario's module threw: GET /k?X-Amz-Signature=[redacted]\n"),
  ])
})

describe('on GitHub', () => {
  const bad = HOLDS.replace('<', '>')

  test('the step has its summary, after what other steps wrote, and annotations', async () => {
    using folder = new Folder({ 'a.yaml': bad, 'step.md': 'before\n' })
    const env = { GITHUB_STEP_SUMMARY: join(folder.path, 'step.md'), GITHUB_ACTIONS: 'true' }
    const { stdout } = await aftershock(['run', 'a.yaml'], { cwd: folder.path, env })
    const step = readFileSync(join(folder.path, 'step.md'), 'utf8').split('\n')
    expect(step.slice(0, 2)).toEqual(['before', '## ❌ Aftershock: fail'])
    expect(stdout.split('\n').filter((line) => line.startsWith('::'))).toEqual([
      expect.stringMatching(/^::error file=a\.yaml,title=x · default%3A item_lost rate>0\.01::/),
    ])
  })

  test('a summary that cannot be written is said, once', async () => {
    using folder = new Folder({ 'a.yaml': HOLDS })
    const env = { GITHUB_STEP_SUMMARY: folder.path }
    const { code, stderr } = await aftershock(['run', 'a.yaml', '--quiet'], {
      cwd: folder.path,
      env,
    })
    expect({ code, stderr: folder.plain(stderr) }).toEqual({
      code: 110,
      stderr: expect.stringMatching(
        /^aftershock: GITHUB_STEP_SUMMARY: cannot write '[^']*': EISDIR[^\n]*\n$/,
      ),
    })
  })
})
