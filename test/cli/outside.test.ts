// Hosts of the world outside, by names written into programs: answered here, and nothing is let out.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunResult, Summary } from '../../src/run/result.ts'
import { Folder } from '../scenario/reading.ts'
import { aftershock, type Ended } from './aftershock.ts'

const FILE = join(import.meta.dirname, '../fixtures/outside/outside.yaml')
const KEY = 'sk-live-9f2c7b51d0e84a6fb3c2'

let ended: Ended
let runs: readonly RunResult[] = []
const folder = new Folder()

beforeAll(async () => {
  const flags = ['--world', 'real', '--objects', 'embedded', '--summary-export', 'out.json']
  ended = await aftershock(['run', FILE, ...flags], {
    cwd: folder.path,
    env: { PATH: process.env.PATH ?? '', HOME: folder.path, LANG: 'C', ARK_API_KEY: KEY },
  })
  runs = (JSON.parse(readFileSync(join(folder.path, 'out.json'), 'utf8')) as Summary).runs
}, 240_000)
afterAll(() => folder[Symbol.dispose]())

const runOf = (variant: string) => runs.find((run) => run.variant === variant)
const isHere = (...command: string[]) => spawnSync(command[0] ?? '', command.slice(1)).status === 0

describe('a stand-in answers for a name, asked for by', () => {
  test.each([
    ['node', true],
    ['curl', isHere('curl', '--version')],
    ['python', isHere('python3', '--version')],
    ['requests', isHere('python3', '-c', 'import requests')],
    ['plain', isHere('python3', '--version')],
  ])('%s', (variant, isThere) => {
    if (!isThere) return
    const run = runOf(variant)
    expect(run?.items).toMatchObject({ offered: 10, succeeded: 10 })
    expect(run?.attempts).toContainEqual({ route: 'generate', class: 'ok', count: 10 })
    expect(run?.thresholds.at(-1)).toEqual({
      metric: 'egress_unmocked',
      expr: 'count==0',
      observed: 0,
      ok: true,
    })
  })
})

describe('faults act on those calls', () => {
  test.each([
    ['reset', { class: 'reset' }],
    ['busy', { class: 'http-503' }],
  ])('%s', (variant, cause) => {
    const run = runOf(variant)
    expect(run?.items).toMatchObject({ offered: 10, failed: 10 })
    const example = { item: '00000000', traceparent: expect.stringMatching(/^00-/) }
    expect(run?.failures).toMatchObject([
      { fate: 'failed', stage: 'generate', ...cause, count: 10, example },
    ])
    expect(run?.faults[0]).toMatchObject({ touched: 10 })
  })
})

test('a call to a host that nobody declared is refused, told, and fails the run', () => {
  const run = runOf('telemetry')
  expect(run?.items).toMatchObject({ succeeded: 10 })
  expect([run?.verdict, run?.environment?.egress]).toEqual([
    'fail',
    [{ from: 'caller', to: 'telemetry.example.com:443', why: 'undeclared', calls: 10 }],
  ])
  expect([run?.reasons.at(0), run?.reasons.at(-1)]).toEqual([
    'egress_unmocked count==0: breached, observed 10',
    'caller called telemetry.example.com:443, 10 ×, and was refused: no upstream has it in its `hosts`',
  ])
  expect(ended.code).toBe(99)
})

test('a process that does not trust the authority is told of', () => {
  const run = runOf('untrusting')
  expect(run?.items).toMatchObject({ offered: 10, failed: 10 })
  expect(run?.environment?.egress).toEqual([
    { from: 'caller', to: 'ark.cn-beijing.volces.com:443', why: 'untrusting', calls: 10 },
  ])
  expect(ended.stdout).toContain("does not trust the run's authority: give it {ca.file}")
})

test('a key of the shell reaches neither a process nor a report', () => {
  const found = (text: string) => spawnSync('grep', ['-rlF', text, folder.path]).stdout.toString()
  expect(found('knows')).not.toBe('')
  expect(found(KEY)).toBe('')
  expect(`${ended.stdout}${ended.stderr}`).not.toContain(KEY)
})
