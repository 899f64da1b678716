// `aftershock run`: verdicts as exit codes, the summary contract, and what goes where.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Summary } from '../../src/run/result.ts'
import { Folder, RIGHT } from '../scenario/reading.ts'
import { aftershock, type Ended } from './aftershock.ts'

const HOLDS = `${RIGHT}thresholds: {item_lost: [rate<0.01]}\n`
const BREAKS = `${RIGHT}thresholds: {item_lost: [rate>0.5]}\n`
const ASSERTS_NOTHING = RIGHT

const INCIDENT = `
name: outage
incident: made up
pipeline: {kind: inference, services: 2}
load: {kind: arrivals, rate: 5/s, for: 2m}
warmup: 10s
faults: [{kind: status, name: refusals, route: infer, status: 500, at: 30s, for: 1m}]
fingerprint: {'item_failed{phase:fault}': [rate>0.8]}
thresholds: {item_lost: [rate<0.01]}
alerts: [{alert: Busy, expr: queue_depth > 1000, expect: never}, {alert: Told, expr: queue_depth >= 0}]
variants:
  baseline: {expect: {breach: [item_lost]}}
  fix: {faults: []}
`

interface Ran extends Ended {
  readonly summary: Summary
  /** Files in the folder afterwards. */
  readonly files: readonly string[]
}

async function run(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  env = {},
): Promise<Ran> {
  using folder = new Folder(files)
  const all = ['run', ...Object.keys(files), '--summary-export', 'out.json', ...args]
  const ended = await aftershock(all, { cwd: folder.path, env })
  const summary = JSON.parse(readFileSync(join(folder.path, 'out.json'), 'utf8')) as Summary
  return { ...ended, summary, files: readdirSync(folder.path).sort() }
}

describe('the exit code', () => {
  test.each<
    [what: string, files: Record<string, string>, code: number, verdicts: readonly string[]]
  >([
    ['of a scenario that holds', { 'a.yaml': HOLDS }, 0, ['pass']],
    ['of one that is breached', { 'a.yaml': BREAKS }, 99, ['fail']],
    ['of one that asserts nothing', { 'a.yaml': ASSERTS_NOTHING }, 111, ['inconclusive']],
    ['of a baseline and its fix', { 'a.yaml': INCIDENT }, 0, ['pass', 'pass']],
    [
      'of several is the worst',
      { 'a.yaml': HOLDS, 'b.yaml': BREAKS, 'c.yaml': ASSERTS_NOTHING },
      99,
      ['pass', 'fail', 'inconclusive'],
    ],
  ])('%s', async (_, files, code, verdicts) => {
    const ran = await run(files, ['--quiet'])
    const found = { ...ran, summary: ran.summary.runs.map((r) => r.verdict) }
    expect(found).toEqual({
      code,
      stdout: '',
      stderr: '',
      summary: verdicts,
      files: [...Object.keys(files), 'out.json'],
    })
  })
})

describe('the summary', () => {
  test('has what the contract names', async () => {
    const { summary } = await run({ 'a.yaml': INCIDENT }, [
      '--quiet',
      '--variant',
      'baseline',
      '--seed',
      '7',
    ])
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    const number = expect.any(Number)
    expect(summary).toMatchObject({ schema: 'aftershock/summary/v1', version, verdict: 'pass' })
    expect(summary.runs).toHaveLength(1)
    expect(summary.runs[0]).toMatchObject({
      scenario: 'outage',
      file: 'a.yaml',
      variant: 'baseline',
      incident: 'made up',
      world: 'virtual',
      brief: false,
      seed: 7,
      verdict: 'pass',
      outcome: 'breached',
      expect: { breach: ['item_lost'], fingerprint: 'met' },
      reasons: [],
      simulatedMs: number,
      wallMs: number,
      digest: expect.stringMatching(/^\w+$/),
      items: {
        offered: number,
        succeeded: number,
        failed: number,
        skipped: number,
        rejected: number,
        discarded: number,
        pending: 0,
        duplicates: 0,
      },
      failures: [{ fate: 'failed', stage: 'infer', class: 'http-500', count: number }],
      attempts: expect.arrayContaining([{ route: 'infer', class: 'http-500', count: number }]),
      metrics: { item_lost: { rate: number, count: number, total: number } },
      reported: expect.any(Object),
      thresholds: [{ metric: 'item_lost', expr: 'rate<0.01', observed: number, ok: false }],
      fingerprint: [
        { metric: 'item_failed{phase:fault}', expr: 'rate>0.8', observed: number, ok: true },
      ],
      faults: [
        {
          kind: 'status',
          name: 'refusals',
          atMs: 30_000,
          forMs: 60_000,
          touched: number,
          evidence: expect.any(Object),
        },
      ],
      alerts: [
        { name: 'Busy', expect: 'never', firedAtMs: null, resolvedAtMs: null, ok: true },
        { name: 'Told', expect: null, firedAtMs: number, resolvedAtMs: null, ok: null },
      ],
      parts: { queue: expect.any(Object) },
    })
  })

  test('goes through the seeds of each variant, counted up from the first', async () => {
    const { summary } = await run({ 'a.yaml': INCIDENT }, [
      '--quiet',
      '--seeds',
      '3',
      '--seed',
      '5',
    ])
    const ran = summary.runs.map(({ variant, seed }) => `${variant} ${seed}`)
    expect(ran).toEqual(['baseline 5', 'baseline 6', 'baseline 7', 'fix 5', 'fix 6', 'fix 7'])
    expect(new Set(summary.runs.map((r) => r.digest)).size).toBe(6)
  })

  test('is the same for the same seed, but for the time that it took', async () => {
    const again = () => run({ 'a.yaml': INCIDENT }, ['--quiet'])
    const timeless = ({ summary }: Ran) => summary.runs.map((r) => ({ ...r, wallMs: 0 }))
    expect(timeless(await again())).toEqual(timeless(await again()))
  })
})

describe('a flag', () => {
  const several = INCIDENT.replace(
    '{faults: []}',
    '{faults: [], thresholds: {item_lost: [rate>0.5]}}\n  third: {}',
  )
  const variants = ({ summary }: Ran) => summary.runs.map((r) => r.variant)

  test('--bail stops at the first variant that does not pass, and before the next file', async () => {
    const files = { 'a.yaml': several, 'b.yaml': HOLDS }
    expect(variants(await run(files, ['--quiet']))).toEqual(['baseline', 'fix', 'third', 'default'])
    expect(variants(await run(files, ['--quiet', '--bail']))).toEqual(['baseline', 'fix'])
    expect(variants(await run(files, ['--quiet'], { AFTERSHOCK_BAIL: '1' }))).toEqual([
      'baseline',
      'fix',
    ])
    expect(variants(await run(files, ['--quiet'], { AFTERSHOCK_BAIL: '0' }))).toHaveLength(4)
  })

  test.each([
    [['--variant', 'fix']],
    [['--variant', 'third,fix']],
    [['--variant', 'third', '--variant', 'fix']],
  ])('%j takes variants in the order of the file', async (args) => {
    expect(variants(await run({ 'a.yaml': several }, ['--quiet', ...args]))).toEqual(
      args.join().includes('third') ? ['fix', 'third'] : ['fix'],
    )
  })

  test('--variant leaves the files alone that stand after it', async () => {
    using folder = new Folder({ 'a.yaml': INCIDENT })
    const ended = await aftershock(['run', '--quiet', '--variant', 'fix', 'a.yaml'], {
      cwd: folder.path,
    })
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('has a variable', async () => {
    const env = {
      AFTERSHOCK_SEEDS: '2',
      AFTERSHOCK_SEED: '4',
      AFTERSHOCK_VARIANT: 'fix',
      AFTERSHOCK_QUIET: 'true',
    }
    const ran = await run({ 'a.yaml': INCIDENT }, [], env)
    expect(ran.stdout).toBe('')
    expect(ran.summary.runs.map(({ variant, seed }) => `${variant} ${seed}`)).toEqual([
      'fix 4',
      'fix 5',
    ])
  })

  test('--brief runs the small one', async () => {
    const { summary } = await run({ 'a.yaml': `${HOLDS}brief: {load: {for: 10s}}\n` }, [
      '--quiet',
      '--brief',
    ])
    expect(summary.runs).toMatchObject([{ brief: true, items: { offered: 10 } }])
  })
})

describe('standard output', () => {
  const ESCAPE = '\u001b'

  test('is the report, which ends with the command that reproduces it and the verdict', async () => {
    const { stdout, stderr } = await run({ 'a.yaml': HOLDS }, ['--seed', '3'])
    expect(stderr).toBe('')
    expect(stdout.trimEnd().split('\n').slice(-3)).toEqual([
      'pass: 1 of 1 runs end as expected',
      expect.stringMatching(/^report: reports\/x\/\d{8}T\d{6}Z\/report\.html$/),
      'reproduce: aftershock run a.yaml --seed 3',
    ])
  })

  test('is plain where it is no terminal', async () => {
    const { stdout } = await run({ 'a.yaml': HOLDS }, [])
    expect(stdout).not.toContain(ESCAPE)
  })

  test('is what the reporters say', async () => {
    const ran = await run({ 'a.yaml': HOLDS }, ['--reporter', 'json,json=x.json,console=x.txt'])
    expect(JSON.parse(ran.stdout)).toEqual(ran.summary)
    expect(ran.files).toEqual(['a.yaml', 'out.json', 'reports', 'x.json', 'x.txt'])
  })

  test('may end early', async () => {
    using folder = new Folder({ 'a.yaml': HOLDS })
    const ended = await aftershock(['run', 'a.yaml', '--summary-export', 'out.json'], {
      cwd: folder.path,
      onStart: (child) => child.stdout?.destroy(),
    })
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(readdirSync(folder.path)).toEqual(['a.yaml', 'out.json', 'reports'])
  })
})

test("a scenario's module that throws later is told as such", async () => {
  const throwing = `setTimeout(() => { throw new Error('late') }, 1)\nexport default { pipeline: { kind: 'inference' }, load: { kind: 'arrivals', rate: '20/s', for: '10h' } }`
  using folder = new Folder({ 'x.ts': throwing })
  const ended = await aftershock(['run', 'x.ts'], { cwd: folder.path })
  expect({ ...ended, stderr: folder.plain(ended.stderr) }).toEqual({
    code: 107,
    stdout: '',
    stderr: "aftershock: the scenario's module threw: late\n  first thrown at x.ts:1:26\n",
  })
})

test("a scenario's module that ends the process does not end it green", async () => {
  const ending = `setTimeout(() => process.exit(0), 1)\nexport default { pipeline: { kind: 'inference' }, load: { kind: 'arrivals', rate: '20/s', for: '10h' } }`
  using folder = new Folder({ 'x.ts': ending })
  expect(await aftershock(['run', 'x.ts'], { cwd: folder.path })).toEqual({
    code: 107,
    stdout: '',
    stderr:
      "aftershock: process.exit(0) was called before the end, by a scenario's module or what it imports\n",
  })
})

describe('what is missing', () => {
  test('of a file without the variant asked for is said', async () => {
    const { code, stderr, summary } = await run({ 'a.yaml': INCIDENT, 'b.yaml': HOLDS }, [
      '--quiet',
      '--variant',
      'fix',
    ])
    expect({ code, stderr, runs: summary.runs.length }).toEqual({
      code: 0,
      stderr: 'aftershock: b.yaml has no such --variant: not run\n',
      runs: 1,
    })
  })

  test.runIf(existsSync('/dev/full'))(
    'of the reports keeps no other from being written',
    async () => {
      const ran = await run({ 'a.yaml': BREAKS }, [
        '--quiet',
        '--reporter',
        'json=/dev/full,json=x',
      ])
      expect({ ...ran, summary: ran.summary.verdict }).toEqual({
        code: 110,
        stdout: '',
        stderr: "aftershock: cannot write '/dev/full': ENOSPC: no space left on device, write\n",
        summary: 'fail',
        files: ['a.yaml', 'out.json', 'x'],
      })
    },
  )
})

test("a scenario's module that leaves a timer does not keep the process", async () => {
  const lingering = `setInterval(() => {}, 1000)\nexport default { pipeline: { kind: 'inference' }, load: { kind: 'arrivals', rate: '1/s', for: '10s' } }`
  using folder = new Folder({ 'x.ts': lingering })
  expect(await aftershock(['run', 'x.ts', '--quiet'], { cwd: folder.path })).toMatchObject({
    code: 111,
  })
})
