// Command lines that cannot mean anything: one sentence on standard error, exit code 104, and nothing has run.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Folder, RIGHT } from '../scenario/reading.ts'
import { aftershock } from './aftershock.ts'

const HELP = '  aftershock --help shows how it is used.\n'
const SEEDS = 'is invalid: it takes a whole number from 1 to 100,000.'

describe('a command line', () => {
  test.concurrent.each<[args: string, expected: string, help?: string]>([
    ['rn x.yaml', "aftershock: unknown command 'rn'; did you mean 'run'?", HELP],
    [
      'x.yaml --brief',
      "aftershock: unknown command 'x.yaml'; to run that file: aftershock run x.yaml --brief",
    ],
    ['run x.yaml --sed 3', "aftershock: unknown option '--sed'; did you mean '--seed'?", HELP],
    ['--sedes 3', "aftershock: unknown option '--sedes'; did you mean '--seeds'?", HELP],
    ['list --all', "aftershock: unknown option '--all'", HELP],
    ['validate', "aftershock: missing required argument 'files'", HELP],
    ['run x.yaml --seed', "aftershock: option '--seed <n>' argument missing", HELP],
    [
      'run x.yaml --seed one',
      "aftershock: option '--seed <n>' argument 'one' is invalid: it takes a whole number from 0 to 9,007,199,254,640,991.",
      HELP,
    ],
    [
      'run x.yaml --seed 9007199254740993',
      "aftershock: option '--seed <n>' argument '9007199254740993' is invalid: it takes a whole number from 0 to 9,007,199,254,640,991.",
      HELP,
    ],
    ['run x.yaml --seeds 0', `aftershock: option '--seeds <n>' argument '0' ${SEEDS}`, HELP],
    ['run x.yaml --seeds 1e3', `aftershock: option '--seeds <n>' argument '1e3' ${SEEDS}`, HELP],
    [
      'run x.yaml --seeds 100001',
      `aftershock: option '--seeds <n>' argument '100001' ${SEEDS}`,
      HELP,
    ],
    [
      'run x.yaml --world reel',
      "aftershock: option '--world <world>' argument 'reel' is invalid; did you mean 'real'? Known: virtual, real, both",
      HELP,
    ],
    [
      'run x.yaml --inconclusive wran',
      "aftershock: option '--inconclusive <what>' argument 'wran' is invalid; did you mean 'warn'? Known: fail, warn",
      HELP,
    ],
    [
      'run x.yaml --retry-inconclusive -1',
      "aftershock: option '--retry-inconclusive <n>' argument '-1' is invalid: it takes a whole number from 0 to 100,000.",
      HELP,
    ],
    [
      'run x.yaml --baseline gone.json',
      'gone.json: no such file; write one with run … --summary-export gone.json',
    ],
    [
      'run x.yaml --variant fxi',
      "aftershock: --variant: no variant 'fxi'; did you mean 'fix'? Known: baseline, fix",
    ],
    [
      'run x.yaml --variant fix,all',
      "aftershock: --variant: no variant 'all'; known: baseline, fix",
    ],
    ['run x.yaml --variant ,', 'aftershock: --variant: names none; known: baseline, fix'],
    ['run x.yaml --brief', 'x.yaml: has no `brief`: nothing to run with --brief'],
    [
      'run x.yaml --reporter jsn',
      "aftershock: --reporter: unknown reporter 'jsn'; did you mean 'json'? Known: annotations, console, html, json, junit, markdown",
    ],
    [
      'run x.yaml --quiet --reporter consol',
      "aftershock: --reporter: unknown reporter 'consol'; did you mean 'console'? Known: annotations, console, html, json, junit, markdown",
    ],
    ['run x.yaml --reporter console,json=', 'aftershock: --reporter: json= names no file'],
    [
      'run x.yaml --reporter json=gone/x.json',
      "aftershock: --reporter: cannot write 'gone/x.json': there is no directory gone",
    ],
    [
      'run x.yaml --summary-export gone/x.json',
      "aftershock: --summary-export: cannot write 'gone/x.json': there is no directory gone",
    ],
    [
      'run x.yaml --summary-export folder',
      "aftershock: --summary-export: cannot write 'folder': it is a directory",
    ],
    [
      'run x.yaml --summary-export x.yaml/x.json',
      "aftershock: --summary-export: cannot write 'x.yaml/x.json': x.yaml is no directory",
    ],
    [
      'run x.yaml --timeout soon',
      "aftershock: --timeout: 'soon' is not a duration; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
    ],
    ['run x.yaml --timeout 0s', "aftershock: --timeout: '0s' is not longer than zero"],
    ['run x.yaml --timeout=-5s', "aftershock: --timeout: '-5s' is not longer than zero"],
  ])('%s', async (args, expected, help = '') => {
    using folder = new Folder({ 'x.yaml': `${RIGHT}variants: {baseline: {}, fix: {}}\n` })
    mkdirSync(join(folder.path, 'folder'))
    expect(await aftershock(args.split(' '), { cwd: folder.path })).toEqual({
      code: 104,
      stdout: '',
      stderr: `${expected}\n${help}`,
    })
  })
})

test('the name of a bundled scenario, or nearly, is told its path', async () => {
  const said = async (...args: string[]) => (await aftershock(args)).stderr
  const path = "did you mean 'scenarios/inference/heartbeat-loss.ts'?\n"
  expect(await said('run', 'heartbeat-loss')).toBe(`heartbeat-loss: no such file; ${path}`)
  expect(await said('validate', 'heartbeat-los.ts')).toBe(`heartbeat-los.ts: no such file; ${path}`)
  expect(await said('trace', 'lost', 'steady')).toBe(
    "steady: no such file; did you mean 'scenarios/generation/steady.ts' or 'scenarios/inference/steady.ts'?\n",
  )
})

test.each(['run', 'list', 'trace', 'up', 'compare', 'validate', 'doctor'])(
  '%s --help has examples',
  async (verb) => {
    const { code, stdout } = await aftershock([verb, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`\nExamples:\n  aftershock ${verb}`)
  },
)

describe('a variable', () => {
  test.concurrent.each<[name: string, value: string, expected: string]>([
    [
      'AFTERSHOCK_SEEDS',
      'many',
      `aftershock: option '--seeds <n>' value 'many' from env 'AFTERSHOCK_SEEDS' ${SEEDS}\n${HELP}`,
    ],
    [
      'AFTERSHOCK_SEED',
      '',
      "aftershock: option '--seed <n>' value '' from env 'AFTERSHOCK_SEED' is invalid: it takes a whole number from 0 to 9,007,199,254,640,991.\n" +
        HELP,
    ],
    [
      'AFTERSHOCK_TIMEOUT',
      '5',
      "aftershock: --timeout: '5' is not a duration; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d\n",
    ],
    ['AFTERSHOCK_VARIANT', 'fix', "aftershock: --variant: no variant 'fix'; known: default\n"],
    ['AFTERSHOCK_VARIANT', '', 'aftershock: --variant: names none; known: default\n'],
    ['AFTERSHOCK_QUIET', 'maybe', "aftershock: AFTERSHOCK_QUIET: 'maybe' is neither 1 nor 0\n"],
    [
      'AFTERSHOCK_SUMMARY_EXPORT',
      'gone/x',
      "aftershock: --summary-export: cannot write 'gone/x': there is no directory gone\n",
    ],
  ])('%s=%s', async (name, value, expected) => {
    using folder = new Folder({ 'x.yaml': RIGHT })
    const ended = await aftershock(['run', 'x.yaml'], { cwd: folder.path, env: { [name]: value } })
    expect(ended).toEqual({ code: 104, stdout: '', stderr: expected })
  })
})

describe('a scenario', () => {
  test.concurrent.each<[file: string, text: string, expected: string]>([
    [
      'empty.yaml',
      '',
      'empty.yaml:1:1: a scenario is a mapping with pipeline and load; this file holds nothing',
    ],
    [
      'typo.yaml',
      `${RIGHT}fautls: []\nwarmup: 5\n`,
      "typo.yaml:4:1: fautls: unknown key 'fautls'; did you mean 'faults'?\ntypo.yaml:5:9: warmup: 5 has no unit; write 5s or 5ms",
    ],
    [
      'throws.ts',
      "throw new Error('no such luck')",
      'throws.ts:1:7: threw while loading: no such luck',
    ],
    ['exits.mts', 'process.exit(0)', 'exits.mts:1:9: threw while loading: it calls process.exit'],
    [
      'waits.mts',
      'await new Promise(() => {})',
      'waits.mts: threw while loading: its top-level await waits for something that never comes',
    ],
    [
      'stray.ts',
      "Promise.reject(new Error('stray'))\nexport default {}",
      'stray.ts:1:16: threw while loading: stray',
    ],
    ['enum.ts', 'enum A { b }', 'enum.ts:1: no enum here: types are stripped, not compiled'],
  ])('%s', async (file, text, expected) => {
    using folder = new Folder({ [file]: text, 'package.json': '{"type": "commonjs"}' })
    for (const verb of ['run', 'validate'])
      expect(await aftershock([verb, file], { cwd: folder.path })).toEqual({
        code: 104,
        stdout: '',
        stderr: `${expected}\n`,
      })
  })

  test('of several, all that is wrong is said before anything runs', async () => {
    using folder = new Folder({ 'a.yaml': RIGHT, 'b.yaml': `${RIGHT}b: 1\n`, 'c.json': '{' })
    const files = ['a.yaml', 'b.yaml', 'gone.yaml', 'c.json']
    const ended = await aftershock(['run', ...files, '--summary-export', 'x.json'], {
      cwd: folder.path,
    })
    expect({ ...ended, stderr: ended.stderr.split('\n').map((line) => line.slice(0, 40)) }).toEqual(
      {
        code: 104,
        stdout: '',
        stderr: [
          "b.yaml:4:1: b: unknown key 'b'; known: n",
          'gone.yaml: no such file; `aftershock lis',
          'c.json:1:2: not JSON: the file ends wher',
          '',
        ],
      },
    )
  })
})
