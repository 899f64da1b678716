// The gate: what is inconclusive, what is worse than before, what never ran, and a run done again from its summary.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Summary } from '../../src/run/result.ts'
import { Folder, RIGHT } from '../scenario/reading.ts'
import { aftershock } from './aftershock.ts'

const NOTHING = `${RIGHT}thresholds: {'item_lost{phase:after}': [rate<0.01]}\n`
const BREAKS = `${RIGHT}thresholds: {item_lost: [rate>0.5]}\n`

async function ran(folder: Folder, ...args: string[]) {
  return into('out.json', folder, ...args)
}

async function into(file: string, folder: Folder, ...args: string[]) {
  const all = ['run', '--quiet', '--summary-export', file, ...args]
  const { code, stderr } = await aftershock(all, { cwd: folder.path })
  return { code, stderr, summary: read(folder, file) }
}

const read = (folder: Folder, file: string) =>
  JSON.parse(readFileSync(join(folder.path, file), 'utf8')) as Summary

describe('--inconclusive', () => {
  test.each([
    ['fail', NOTHING, 111],
    ['warn', NOTHING, 0],
    ['warn', BREAKS, 99],
  ])('%s', async (what, text, code) => {
    using folder = new Folder({ 'a.yaml': text })
    expect((await ran(folder, 'a.yaml', '--inconclusive', what)).code).toBe(code)
  })
})

describe('--retry-inconclusive', () => {
  /** The fault meets a hundredth of some thirty calls: most seeds alone tell nothing. */
  const RARE = `
name: rare
pipeline: {kind: inference, services: 2, tasks: 1}
load: {kind: arrivals, rate: 1/s, for: 30s}
faults: [{kind: latency, route: infer, probability: 0.003, add: 1ms}]
thresholds: {item_lost: ['rate<0.5']}
`

  test('adds seeds until one tells', async () => {
    using folder = new Folder({ 'a.yaml': RARE })
    const alone = await ran(folder, 'a.yaml')
    expect(alone.code).toBe(111)
    const { code, summary } = await ran(folder, 'a.yaml', '--retry-inconclusive', '30')
    const seeds = summary.runs.map((r) => r.seed)
    expect(code).toBe(0)
    expect(seeds.length).toBeGreaterThan(1)
    expect(seeds.length).toBeLessThan(31)
    expect(seeds).toEqual(seeds.map((_, i) => i + 1))
    expect(summary.runs.slice(0, -1).every((r) => r.faults[0]?.touched === 0)).toBe(true)
    expect(summary.runs.at(-1)?.faults[0]?.touched).toBeGreaterThan(0)
  })

  test('runs no breach again, and gives up after so many', async () => {
    using folder = new Folder({ 'a.yaml': BREAKS, 'b.yaml': NOTHING })
    expect((await ran(folder, 'a.yaml', '--retry-inconclusive', '5')).summary.runs).toHaveLength(1)
    const open = await ran(folder, 'b.yaml', '--retry-inconclusive', '2')
    expect({ code: open.code, runs: open.summary.runs.length }).toEqual({ code: 111, runs: 3 })
  })
})

describe('--baseline', () => {
  const scenario = (probability: number) => `
name: retries
pipeline: {kind: inference, services: 2, tasks: 1, call: {attempts: 1}}
load: {kind: arrivals, rate: 5/s, for: 60s}
faults: [{kind: status, route: infer, status: 500, probability: ${probability}}]
thresholds: {item_failed: ['rate<0.9']}
`

  test('worse beyond noise fails, the same does not, and one seed does not say', async () => {
    using folder = new Folder({ 'a.yaml': scenario(0.1), 'b.yaml': scenario(0.3) })
    const args = ['--seeds', '6', '--workers', '1']
    await into('base.json', folder, 'a.yaml', ...args)
    const gate = ['--baseline', 'base.json']
    const told = async (...more: string[]) => {
      const { code, summary } = await ran(folder, ...more, ...gate)
      return { code, verdict: summary.verdict, found: summary.regressions?.map((r) => r.verdict) }
    }
    expect(await told('a.yaml', ...args)).toEqual({ code: 0, verdict: 'pass', found: ['pass'] })
    expect(await told('b.yaml', ...args)).toEqual({ code: 99, verdict: 'fail', found: ['fail'] })
    expect(await told('b.yaml')).toEqual({
      code: 111,
      verdict: 'inconclusive',
      found: ['inconclusive'],
    })
    const shown = await aftershock(['run', 'b.yaml', ...args, ...gate, '--no-out-dir'], {
      cwd: folder.path,
    })
    expect(shown.stdout).toContain(
      'FAIL: 6 of 6 runs end as expected; 1 variant worse than the baseline\n',
    )
    expect(shown.stdout).toMatch(
      /baseline {2}retries · default: worse\n {4}item_failed rate got worse: [\d.]+ % → [\d.]+ % \(difference \+[12]\d\.\d\d pt to \+[23]\d\.\d\d pt, margin 0\.50 pt\)/,
    )
  })

  test('that has nothing of what is run is refused before anything is', async () => {
    using folder = new Folder({ 'a.yaml': scenario(0.1), 'x.yaml': BREAKS })
    await into('base.json', folder, 'x.yaml')
    expect(
      await aftershock(['run', 'a.yaml', '--baseline', 'base.json'], { cwd: folder.path }),
    ).toEqual({
      code: 104,
      stdout: '',
      stderr: 'base.json: holds none of the variants that are to be run; it has x · default\n',
    })
  })
})

describe('--replay', () => {
  const files = {
    'a.yaml': `${BREAKS}variants: {a: {}, b: {thresholds: {item_lost: [rate<0.5]}}}\n`,
  }

  test('runs the same again', async () => {
    using folder = new Folder(files)
    await into('old.json', folder, 'a.yaml', '--variant', 'b', '--seed', '3', '--seeds', '2')
    const { code, stderr, summary } = await ran(folder, '--replay', 'old.json')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'replay: 2 of 2 runs are the same, event by event\n',
    })
    expect(summary.runs.map((r) => r.digest)).toEqual(
      read(folder, 'old.json').runs.map((r) => r.digest),
    )
  })

  test('of a folder that a run left, and of some of its variants', async () => {
    using folder = new Folder(files)
    await aftershock(['run', 'a.yaml', '--seeds', '2'], { cwd: folder.path })
    const { code, stderr } = await ran(folder, '--replay', 'reports/x/latest', '--variant', 'b')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'replay: 2 of 2 runs are the same, event by event\n',
    })
  })

  test.each([
    [
      ['--seed', '3'],
      'aftershock: --replay: the summary says which seeds are run; leave --seed, --seeds out',
    ],
    [['a.yaml'], 'aftershock: --replay: the summary says which files are run; name none'],
    [
      ['--variant', 'bb'],
      "aftershock: --variant: old.json holds no variant 'bb'; did you mean 'b'? Known: b",
    ],
  ])('that is asked for something else, %j, is refused', async (args, said) => {
    using folder = new Folder(files)
    await into('old.json', folder, 'a.yaml', '--variant', 'b')
    const { code, stderr } = await aftershock(['run', '--replay', 'old.json', ...args], {
      cwd: folder.path,
    })
    expect({ code, stderr }).toEqual({ code: 104, stderr: `${said}\n` })
  })

  test('says where first it is another run', async () => {
    using folder = new Folder(files)
    await into('old.json', folder, 'a.yaml', '--variant', 'b')
    const later = files['a.yaml'].replace(
      'name: x',
      'name: x\nfaults: [{kind: latency, route: infer, add: 1ms, at: 30s}]',
    )
    writeFileSync(join(folder.path, 'a.yaml'), later)
    const { code, stderr } = await ran(folder, '--replay', 'old.json')
    expect({ code, stderr }).toEqual({
      code: 112,
      stderr: expect.stringMatching(
        /^replay: 0 of 1 runs are the same, event by event\nx · b · seed 1: \w{16} instead of \w{16}; they part between 29(\.\d)?s and 30(\.\d)?s\n$/,
      ),
    })
  })

  test.each([
    [
      '{"schema":"aftershock/summary/v1","runs":[]}',
      'old.json: holds no run of the virtual world\n',
    ],
    ['{}', /^old\.json: not a summary/],
  ])('of %s is refused', async (text, said) => {
    using folder = new Folder({ 'old.json': text })
    const { code, stderr } = await aftershock(['run', '--replay', 'old.json'], { cwd: folder.path })
    expect(code).toBe(104)
    expect(stderr).toMatch(said)
  })
})

test('cancelled half-way: readable reports of what was measured, the rest skipped', {
  timeout: 60_000,
}, async () => {
  const long = `
name: long
pipeline: {kind: inference}
load: {kind: arrivals, rate: 20/s, for: 20d}
thresholds: {item_lost: [rate<0.5]}
variants: {a: {}, b: {}}
`
  using folder = new Folder({ 'a.yaml': long, 'b.yaml': BREAKS })
  const args = ['run', 'a.yaml', 'b.yaml', '--timeout', '3s', '--workers', '1']
  const { code, stdout } = await aftershock(args, { cwd: folder.path })
  expect(code).toBe(105)
  expect(stdout).toContain('not run  long · b: interrupted\n')
  const at = (...path: string[]) => readFileSync(join(folder.path, 'reports', ...path), 'utf8')
  const long_ = at('long', 'latest', 'junit.xml')
  expect(long_.match(/<testsuites[^>]*failures="0" errors="0"/)).not.toBe(null)
  expect(long_.match(/<skipped message="interrupted: not judged"/g)).toHaveLength(4)
  expect(at('x', 'latest', 'junit.xml').match(/<skipped/g)).toHaveLength(2)
  expect(at('long', 'latest', 'report.html')).toContain('Asked for and not run to the end')
  expect((JSON.parse(at('long', 'latest', 'summary.json')) as Summary).verdict).toBe('inconclusive')
  expect(at('long', 'latest', 'report.md')).toContain('⚠️ Aftershock: inconclusive')
})
