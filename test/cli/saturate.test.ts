// A saturating load on a server that is not ours: what befell each request is known by its id, on both sides.
//
// No exit code is asked for: on a machine that is busy with other tests the run may well be unfit for a verdict.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Summary } from '../../src/run/result.ts'
import { Folder } from '../scenario/reading.ts'
import { aftershock } from './aftershock.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Answers after 5 ms; cuts every so manieth connection instead, and notes whose that was. */
const SERVER = `
import { appendFileSync } from 'node:fs'
import http from 'node:http'
const { PORT, CUTS } = process.env
let nth = 0
http.createServer((request, response) => {
  request.resume()
  const id = request.url.split('/').at(-1)
  if (++nth % Number(CUTS) === 0) {
    appendFileSync('cut', id + '\\n')
    response.socket.end()
  } else setTimeout(() => response.end(JSON.stringify({ id })), 5)
}).listen(Number(PORT), '127.0.0.1')
`

const scenario = (cuts: number, rest: string) => `
name: saturated
pipeline:
  kind: process
  processes: {server: {command: [node, server.mjs], env: {PORT: '{port}', CUTS: '${cuts}'}, ready: port, grace: 300ms}}
  routes: {take: {path: '/take/:id', key: params.id}}
  offer: {kind: http, to: server, route: take, params: {id: '{item}'}, body: {id: '{item}'}, timeout: 2s}
  outcomes: [{on: reply, route: take, result: ok, fate: succeeded}, {on: reply, route: take, result: failed, fate: failed}]
load: {kind: saturate, connections: 4, for: 3s}
settle: 5s
${rest}`

async function saturated(text: string) {
  using folder = new Folder({ 'x.yaml': text, 'server.mjs': SERVER })
  const flags = ['--world', 'real', '--objects', 'embedded']
  const out = ['--quiet', '--summary-export', 'out.json']
  const { stderr } = await aftershock(['run', 'x.yaml', ...flags, ...out], { cwd: folder.path })
  const path = join(folder.path, 'out.json')
  if (!existsSync(path)) throw new Error(stderr)
  const [run] = (JSON.parse(readFileSync(path, 'utf8')) as Summary).runs
  const cut = join(folder.path, 'cut')
  const cuts = existsSync(cut) ? readFileSync(cut, 'utf8').trim().split('\n') : []
  if (run === undefined) throw new Error('there was no run')
  return { run, cuts }
}

test('each request is an item: faults act on it, and thresholds judge it', async () => {
  const { run } = await saturated(
    scenario(
      1e9,
      `faults: [{kind: status, to: server, route: take, status: 503, at: 1s, for: 1s, name: sick}]
thresholds: {'item_lost{fault:sick}': [rate<0.01], 'item_lost{phase:after}': [rate<0.5]}`,
    ),
  )
  const { offered, succeeded, failed, pending } = run.items
  expect(pending).toBe(0)
  expect(succeeded + failed).toBe(offered)
  expect(failed).toBeGreaterThan(10)
  expect(succeeded).toBeGreaterThan(10)
  expect(run.failures).toMatchObject([{ fate: 'failed', class: 'http-503', count: failed }])
  expect(run.faults[0]?.touched).toBe(failed)
  expect(run.thresholds.map(({ metric, ok }) => [metric, ok])).toEqual([
    ['item_lost{fault:sick}', false],
    ['item_lost{phase:after}', true],
    ['egress_unmocked', true],
  ])
})

test('connections that the server cuts without an answer are lost items, neither more nor fewer', async () => {
  const { run, cuts } = await saturated(scenario(7, 'thresholds: {item_lost: [rate<0.01]}'))
  expect(cuts.length).toBeGreaterThan(20)
  expect(run.items.failed).toBe(cuts.length)
  expect(run.items.succeeded).toBe(run.items.offered - cuts.length)
  expect(run.failures).toMatchObject([{ class: 'reset', count: cuts.length }])
  expect(cuts).toContain(run.failures[0]?.example?.item)
})

test('no speed but the wall’s own: answers come no sooner', async () => {
  using folder = new Folder({
    'x.yaml':
      'pipeline: {kind: generation}\nload: {kind: saturate, connections: 1, for: 1s}\nthresholds: {item_lost: [rate<1]}\n',
  })
  const flags = ['--world', 'real', '--speed', '10']
  const { code, stderr } = await aftershock(['run', 'x.yaml', ...flags], { cwd: folder.path })
  expect(code).toBe(104)
  expect(stderr).toContain(
    "--speed 10 with load.kind 'saturate': it asks again as soon as it is answered, and a real answer comes no sooner because the world's clock is fast; leave it at 1",
  )
})
