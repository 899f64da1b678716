// The clock of a process that is not ours: off while a fault is there, and measured by the dates that it sends.
import { chmodSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunResult, Summary } from '../../src/run/result.ts'
import { findFaketime } from '../../src/worlds/real/skew/faketime.ts'
import { Folder } from '../scenario/reading.ts'
import { GO } from '../worlds/real/elf.ts'
import { aftershock } from './aftershock.ts'

const HOURS = 3_600_000

const JS = `
import http from 'node:http'
http.createServer((_, response) => response.end('{}')).listen(Number(process.env.PORT), '127.0.0.1')
`
const PY = `
import os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        time.sleep(0.01)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
    def log_message(self, *args):
        pass
ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`
const scenario = (options = '') => `
name: clocks
pipeline:
  kind: process
  processes: {clock: {command: [node, clock.mjs], env: {PORT: '{port}'}, ready: port}}
  routes: {take: {path: '/take/:id', key: params.id}}
  offer: {kind: http, to: clock, route: take, params: {id: '{item}'}}
  outcomes: [{on: reply, route: take, result: ok, fate: succeeded}, {on: reply, route: take, result: failed, fate: failed}]
load: {kind: arrivals, rate: 10/s, for: 6s}
settle: 2s
faults: [{kind: clock.skew, host: clock, offset: -8h, at: 1s, for: 3s${options}}]
thresholds: {item_succeeded: [rate>0.99]}
variants:
  node: {}
  python: {pipeline: {processes: {clock: {command: [python3, clock.py]}}}}
`
const FLAGS = ['--world', 'real', '--objects', 'embedded', '--summary-export', 'out.json']

const folder = new Folder({ 'x.yaml': scenario(), 'clock.mjs': JS, 'clock.py': PY })
afterAll(() => folder[Symbol.dispose]())
const around = (env = {}) => ({ cwd: folder.path, env: { HOME: folder.path, ...env } })

describe.runIf(findFaketime({}) !== undefined)('by libfaketime', () => {
  let runs: readonly RunResult[] = []
  const shared = () => readdirSync('/dev/shm').filter((name) => name.includes('faketime'))
  const before = shared()
  beforeAll(async () => {
    await aftershock(['run', 'x.yaml', ...FLAGS], around())
    runs = (JSON.parse(readFileSync(join(folder.path, 'out.json'), 'utf8')) as Summary).runs
  }, 120_000)

  test.each(['node', 'python'])('%s', (variant) => {
    const run = runs.find((one) => one.variant === variant)
    expect(run?.items).toMatchObject({ offered: 60, succeeded: 60 })
    const ms = run?.environment?.measuredSkewMs?.clock ?? 0
    expect(Math.abs(ms + 8 * HOURS)).toBeLessThan(10_000)
    // Not at once, and not for good: the library looks into its file once a second.
    expect(run?.faults[0]?.touched).toBeGreaterThan(5)
    expect(run?.faults[0]?.touched).toBeLessThan(55)
    expect(run?.faults[0]?.evidence).toEqual({ skewMs: -8 * HOURS })
  })

  test('which leaves nothing behind', () => {
    expect(shared()).toEqual(before)
  })
})

describe('refused before anything starts', () => {
  test.each([
    [
      scenario().replace('[node, clock.mjs]', '[./service]'),
      {},
      104,
      "x.yaml: faults[0]: 'clock.skew' cannot reach the clock of 'clock': it is written in Go, which asks the kernel for the time",
    ],
    [
      scenario().replace('command: [node, clock.mjs]', 'attach: "http://127.0.0.1:9"'),
      {},
      104,
      "x.yaml: faults[0]: 'clock.skew' takes a process that the run itself started; 'clock' is only attached to",
    ],
    [scenario(', affects: presign'), {}, 104, "'clock.skew' skews one use of a clock"],
    [
      scenario(),
      { AFTERSHOCK_FAKETIME: '/nowhere' },
      110,
      "x.yaml: faults[0]: 'clock.skew' needs libfaketime for 'clock'",
    ],
  ])('%#', async (text, env, code, message) => {
    using own = new Folder({ 'x.yaml': text })
    own.add({ service: GO })
    chmodSync(join(own.path, 'service'), 0o755)
    const flags = [...FLAGS, '--variant', 'node']
    const ended = await aftershock(['run', 'x.yaml', ...flags], { cwd: own.path, env })
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(message)])
    expect(ended.stdout).toBe('')
  })
})
