// A scenario's load, faults and thresholds on somebody else's system, and how true its model is of that.
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Summary } from '../../src/run/result.ts'
import { Folder } from '../scenario/reading.ts'
import { aftershock } from './aftershock.ts'

const MODEL = `
name: model
pipeline: {kind: ./thumbnails.ts}
load: {kind: arrivals, rate: 20/s, for: 1h}
faults: [{kind: status, to: resizer, route: resize, status: 503, at: 20m, for: 20m}]
fingerprint: {'attempts{route:put,class:ok}': ['count>0']}
thresholds: {item_lost: [rate<0.01]}
brief:
  load: {kind: arrivals, rate: 20/s, for: 8s}
  faults: [{kind: status, to: resizer, route: resize, status: 503, at: 2s, for: 2s}]
variants:
  baseline: {expect: {breach: [item_lost], fingerprint: met}}
  retries: {pipeline: {attempts: 3}, expect: {breach: [item_lost]}}
`
const REAL = (variants = '') => `
pipeline:
  kind: process
  processes: {api: {command: [node, api.mjs], env: {PORT: '{port}', RESIZER: '{upstreams.resizer.url}'}, ready: port}}
  routes:
    take: {path: '/take/:id', key: params.id}
    resize: {path: /resize, key: body.key}
  upstreams: {resizer: {routes: {resize: {time: 50ms}}}}
  offer: {kind: http, to: api, route: take, params: {id: '{item}'}}
  outcomes:
    - {on: reply, route: take, result: ok, fate: succeeded}
    - {on: reply, route: take, result: failed, fate: failed}
${variants}`
const API = `
import http from 'node:http'
const { PORT, RESIZER, LOSES } = process.env
http.createServer(async (request, response) => {
  const id = request.url.split('/').at(-1)
  if (LOSES && Number(id) % 5 === 0) return response.writeHead(500).end('{}')
  const reply = await fetch(RESIZER + '/resize', { method: 'POST', body: JSON.stringify({ key: 'in/' + id + '.jpg' }) })
  response.writeHead(reply.status).end('{}')
}).listen(Number(PORT), '127.0.0.1')
`

async function against(real: string, ...flags: string[]) {
  using folder = new Folder({ 'model.yaml': MODEL, 'real.yaml': real, 'api.mjs': API })
  cpSync('test/fixtures/thumbnails', folder.path, { recursive: true })
  const args = ['run', 'model.yaml', '--against', 'real.yaml', '--objects', 'embedded', ...flags]
  const ended = await aftershock([...args, '--summary-export', 'out.json'], { cwd: folder.path })
  const summary =
    ended.code === 104
      ? undefined
      : (JSON.parse(readFileSync(join(folder.path, 'out.json'), 'utf8')) as Summary)
  return { ...ended, summary }
}

test('a model is compared with the system that it is a model of', async () => {
  const { stdout, summary } = await against(REAL())
  const told = summary?.runs.map(({ variant, world, items }) => [variant, world, items.offered])
  expect(told).toEqual([
    ['baseline', 'virtual', 160],
    ['baseline', 'real', 160],
  ])
  const [fidelity] = summary?.fidelity ?? []
  expect(fidelity?.classes).toEqual([
    expect.objectContaining({ cause: 'failed at resize: http-503', agrees: true }),
  ])
  expect(fidelity?.sharesEqual).toBe(true)
  expect(stdout.trim().split('\\n').at(-1)).toContain(
    'run model.yaml --against real.yaml --world both --speed 1',
  )
})

test('where the system loses what its model does not, they differ', async () => {
  const variants = `variants: {retries: {pipeline: {processes: {api: {env: {LOSES: 'yes'}}}}}}`
  const { summary } = await against(REAL(variants))
  expect(summary?.runs.map(({ variant }) => variant)).toEqual(['retries', 'retries'])
  const [fidelity] = summary?.fidelity ?? []
  expect(fidelity?.sharesEqual).toBe(false)
  expect(fidelity?.classes.find(({ cause }) => cause === 'failed at take: http-500')).toMatchObject(
    { virtual: 0, agrees: false },
  )
})

describe('refused', () => {
  test.each([
    ['name: x\\n', [], 'real.yaml: describes no system: it has no `pipeline`'],
    [REAL('unknown: 1'), [], "unknown key 'unknown'"],
    [REAL('variants: {other: {}}'), [], 'real.yaml: has no variant by a name that model.yaml has'],
    [
      REAL().replaceAll('resizer', 'shrinker'),
      [],
      "model.yaml:5:29: faults[0].to: no host or part of this scenario is called or matches 'resizer'",
    ],
    [REAL().replace('{port}', '{prt}'), [], 'real.yaml:4:'],
    [REAL(), ['--world', 'real'], '--against: it compares the real world with the virtual one'],
    [REAL(), ['--speed', '2'], '--speed 2 with processes that are not ours'],
  ])('%#', async (real, flags, message) => {
    const { code, stderr } = await against(real, ...flags)
    expect([code, stderr]).toEqual([104, expect.stringContaining(message)])
  })
})
