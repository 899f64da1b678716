// A harness that is killed with kill -9 leaves its processes running, and the next start of any run ends them.
import { randomUUID } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { processesWith } from '../worlds/real/surroundings.ts'
import { NOTHING, RealRun } from './real-run.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Tells its processes from all others. */
const MARK = randomUUID()

/** It heeds no SIGTERM, and starts another of its kind that heeds none either. */
const STUBBORN = `
import { spawn } from 'node:child_process'
import http from 'node:http'
process.on('SIGTERM', () => {})
if (process.env.PORT === undefined) setInterval(() => {}, 1_000)
else {
  spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit', env: {} })
  http.createServer((_, response) => response.end('{}')).listen(Number(process.env.PORT), '127.0.0.1')
}
`
const SCENARIO = `
name: stubborn
pipeline:
  kind: process
  processes: {stubborn: {command: [node, stubborn.mjs, ${MARK}], env: {PORT: '{port}'}, ready: {path: /}, grace: 300ms}}
  routes: {take: {path: '/take/:id', key: params.id}}
  offer: {kind: http, to: stubborn, route: take, params: {id: '{item}'}}
  outcomes: [{on: reply, route: take, result: ok, fate: succeeded}]
load: {kind: arrivals, rate: 5/s, for: FOR}
settle: 1s
thresholds: {item_lost: [rate<0.01]}
`
const LONG = SCENARIO.replace('FOR', '1h')
const SHORT = SCENARIO.replace('FOR', '1s')

const run = new RealRun({ 'long.yaml': LONG, 'short.yaml': SHORT, 'stubborn.mjs': STUBBORN })
afterEach(() => run[Symbol.dispose]())

const start = (file: string) =>
  run.startWith(['run', file, '--world', 'real', '--objects', 'embedded', '--no-out-dir'])
const running = () => processesWith(MARK).length

test('after kill -9 of the harness', async () => {
  start('long.yaml')
  await vi.waitFor(() => expect(running()).toBe(2), { timeout: 30_000 })
  await run.signalled('SIGKILL')
  expect([running(), run.left.journals.length]).toEqual([2, 1])
  start('short.yaml')
  const { stderr } = await run.ended()
  expect(stderr).toMatch(/removed what an earlier run had left: process \d+ in /)
  expect([running(), run.left]).toEqual([0, NOTHING])
})
