// `aftershock up`: what it prints is what there is, mocks and faults act on a system that is not ours, Ctrl-C ends all.
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { Redis } from 'ioredis'
import { Client } from 'minio'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { postgres } from '../../src/worlds/real/providers/postgres.ts'
import { REDIS } from '../worlds/real/needs.ts'
import { NOTHING, RealRun } from './real-run.ts'

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const SCENARIO = `
name: mine
pipeline: {kind: inference, services: 2, heartbeat: {every: 1s}}
load: {kind: arrivals, rate: 1/s, for: 1h}
thresholds: {item_lost: [rate<0.01]}
faults:
  - {kind: status, to: service-7901, route: infer, status: 503, for: 30m}
  - {kind: clock.skew, host: analyser, offset: 8h, for: 30m}
`

let run: RealRun
beforeEach(() => {
  run = new RealRun({ 'mine.yaml': SCENARIO })
})
afterEach(() => {
  run[Symbol.dispose]()
})

const up = (...args: string[]) =>
  run.startWith(['up', 'mine.yaml', '--objects', 'embedded', '--no-color', ...args])

/** What the system's own registry is told, as that of another language would be. */
async function listening() {
  const registered: { service_id: string; endpoint: string }[] = []
  const beats: string[] = []
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.url?.endsWith('/register'))
      registered.push(JSON.parse(Buffer.concat(chunks).toString()))
    else beats.push(request.url ?? '')
    response.end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    registered,
    beats,
    url: `http://127.0.0.1:${port}`,
    [Symbol.dispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const setting = (stdout: string, name: string) =>
  new RegExp(`^export AFTERSHOCK_OBJECTS_${name}=(.*)$`, 'm').exec(stdout)?.[1] ?? ''

const plain = (text: string) =>
  text
    .replaceAll(/127\.0\.0\.1:\d{5}/g, '127.0.0.1:PORT_')
    .replaceAll(/[0-9a-f]{8}-[-0-9a-f]{27}/g, 'UUID')
    .replaceAll(/ +$/gm, '')

test('prints every address, and settings for a shell; Ctrl-C ends it', async () => {
  up()
  await run.said('Ctrl-C ends')
  const { code, stdout, stderr } = await run.signalled('SIGINT')
  expect({ code, stderr, left: run.left }).toEqual({ code: 0, stderr: '', left: NOTHING })
  expect(plain(stdout)).toBe(`mine, default: parts, mocks and interposers, ×1
object store: embedded, Aftershock

from      to            address                 calls
analyser  objects       http://127.0.0.1:PORT_
analyser  sink          http://127.0.0.1:PORT_  POST /topics/easyai.alerts
analyser  service-7901  http://127.0.0.1:PORT_  POST /infer
analyser  service-7902  http://127.0.0.1:PORT_  POST /infer
mocks     analyser      nobody there            POST /api/v1/ai_analysis/register
                                                POST /api/v1/ai_analysis/heartbeat/:id
          objects       http://127.0.0.1:PORT_  itself, past all faults

The analyser is yours: --host analyser=http://127.0.0.1:PORT says where the mocks find it.

export AFTERSHOCK_OBJECTS_URL=http://127.0.0.1:PORT_
export AFTERSHOCK_OBJECTS_ACCESS_KEY=aftershock
export AFTERSHOCK_OBJECTS_SECRET_KEY=UUID
export AFTERSHOCK_OBJECTS_BUCKET=aftershock-UUID

No fault comes by itself; --faults plays the scenario's timeline.
Ctrl-C ends all of it.
`)
})

/** Puts an image, and has a service infer it, as the analyser does. */
async function infer(stdout: string, endpoint: string) {
  const { hostname, port } = new URL(setting(stdout, 'URL'))
  const store = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: setting(stdout, 'ACCESS_KEY'),
    secretKey: setting(stdout, 'SECRET_KEY'),
    region: 'us-east-1',
  })
  const bucket = setting(stdout, 'BUCKET')
  await store.putObject(bucket, 'cam/1.jpg', Buffer.from('image'))
  const image_url = await store.presignedGetObject(bucket, 'cam/1.jpg', 60)
  const body = JSON.stringify({ image_url, image_path: 'cam/1.jpg' })
  return fetch(endpoint, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
}

test('its mocks register with a system that is not ours, at addresses that it can call', async () => {
  using system = await listening()
  up('--host', `analyser=${system.url}`)
  await vi.waitUntil(() => system.registered.length === 2, { timeout: 30_000 })
  await vi.waitUntil(() => system.beats.length > 2, { timeout: 30_000 })
  await run.said('Ctrl-C ends')
  expect(system.beats[0]).toMatch(/heartbeat\/yolo11x_head_detector_790[12]$/)
  for (const { endpoint } of system.registered) {
    const answer = await infer(run.stdout, endpoint)
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 200,
      body: { success: true },
    })
  }
  expect((await run.signalled('SIGTERM')).code).toBe(0)
})

test('--faults plays the timeline on whatever calls come, and tells what it touched', async () => {
  using system = await listening()
  up('--host', `analyser=${system.url}`, '--faults')
  await vi.waitUntil(() => system.registered.length === 2, { timeout: 30_000 })
  await run.said('inject  clock.skew')
  const answers = await Promise.all(
    system.registered
      .toSorted((a, b) => (a.service_id < b.service_id ? -1 : 1))
      .map(async ({ endpoint }) => (await infer(run.stdout, endpoint)).status),
  )
  expect(answers).toEqual([503, 200])
  const { code, stdout } = await run.signalled('SIGINT')
  expect(code).toBe(0)
  expect(
    stdout.slice(stdout.indexOf('Ctrl-C')).replaceAll(/^ *\d\S*/gm, 'AT'),
  ).toMatchInlineSnapshot(`
    "Ctrl-C ends all of it.
    AT  inject  status: service-7901 answered 503
    AT  inject  clock.skew: clock of analyser off by 8h (all)
    AT  heal    clock.skew: clock of analyser off by 8h (all)
    AT  heal    status: service-7901 answered 503

      service-7901 answered 503: touched 1
      clock of analyser off by 8h (all): touched nothing: no such host is here
    "
  `)
})

test.each([
  [
    '--host analysr=http://127.0.0.1:1',
    /--host: the system has no host 'analysr'; did you mean 'analyser'\?/,
  ],
  [
    '--host 127.0.0.1:1',
    /--host: '127\.0\.0\.1:1' is no name=URL, such as analyser=http:\/\/127\.0\.0\.1:5066/,
  ],
  [
    '--host analyser=http://10.0.0.1:1',
    /10\.0\.0\.1:1 is neither on this machine nor started by this run/,
  ],
  ['--brief', /has no `brief`/],
])('%s is refused before anything starts', async (args, expected) => {
  up(...args.split(' '))
  const { code, stdout, stderr } = await run.ended()
  expect({ code, stdout }).toEqual({ code: 104, stdout: '' })
  expect(stderr).toMatch(expected)
})

const OWN = `
name: own
pipeline:
  kind: process
  processes: {worker: {command: [node, worker.mjs], env: {PORT: '{port}'}}, clerk: {command: [node, clerk.mjs], env: {PORT: '{port}'}}}
  routes: {take: {path: '/take/:id', key: params.id}}
  listen: {objects: 19481, clerk.objects: 19482, clerk.proxy: 19483}
  offer: {kind: http, to: worker, route: take, params: {id: '{item}'}}
  outcomes: [{on: reply, route: take, result: ok, fate: succeeded}]
load: {kind: arrivals, rate: 1/s, for: 1h}
thresholds: {item_lost: [rate<0.01]}
`

describe('fixed ports', () => {
  beforeEach(() => {
    run[Symbol.dispose]()
    run = new RealRun({ 'mine.yaml': OWN })
  })

  test('are the first process’ unless another is named, and the command line adds to them', async () => {
    up('--listen', 'worker.proxy=19484')
    await run.said('Ctrl-C ends')
    const { code, stdout } = await run.signalled('SIGINT')
    expect({ code, left: run.left }).toEqual({ code: 0, left: NOTHING })
    const rows = stdout.split('\n').map((line) => line.split(/\s+/).slice(0, 3).join(' '))
    expect(rows).toEqual(
      expect.arrayContaining([
        'worker objects http://127.0.0.1:19481',
        'worker proxy http://127.0.0.1:19484',
        'clerk objects http://127.0.0.1:19482',
        'clerk proxy http://127.0.0.1:19483',
      ]),
    )
    expect(stdout).not.toContain(' load ')
    expect(stdout).toMatch(
      /^export HTTPS_PROXY=http:\/\/127\.0\.0\.1:19484\nexport SSL_CERT_FILE=\/.+ca\.pem$/m,
    )
  })

  test.each([
    ['objekts=9000', 104, "listen: nothing is called 'objekts'; did you mean 'objects'?"],
    ['objects=0', 104, "--listen: 'objects=0' is no name=port"],
    ['worker.clerk=19481', 104, 'listen: port 19481 is given to two'],
  ])('%s', async (listen, code, message) => {
    up('--listen', listen)
    const ended = await run.ended()
    expect({ code: ended.code, stdout: ended.stdout, left: run.left }).toEqual({
      code,
      stdout: '',
      left: NOTHING,
    })
    expect(ended.stderr).toContain(message)
  })

  test('that are taken are told of', async () => {
    const server = http.createServer().listen(19481, '127.0.0.1')
    await once(server, 'listening')
    up()
    const { code, stderr } = await run.ended()
    server.close()
    expect({ code, left: run.left }).toEqual({ code: 110, left: NOTHING })
    expect(stderr).toContain('cannot listen on port 19481 of 127.0.0.1: it is taken')
  })
})

const ROWS = `
name: rows
pipeline: {kind: generation, workers: 1}
load: {kind: arrivals, rate: 1/s, for: 1h}
thresholds: {item_lost: [rate<0.01]}
`

test.runIf(REDIS !== undefined && postgres.folders?.().some(existsSync) === true)(
  'Redis and PostgreSQL stand beside the store, behind proxies, where the system uses them',
  async () => {
    run[Symbol.dispose]()
    run = new RealRun({ 'mine.yaml': ROWS })
    // Run as another user, PostgreSQL finds no way into a folder that is ours alone.
    run.more = { TMPDIR: tmpdir() }
    up()
    await run.said('Ctrl-C ends')
    const url = (name: string) => new RegExp(`^export ${name}=(.*)$`, 'm').exec(run.stdout)?.[1]
    const redis = new Redis(url('REDIS_URL') ?? '')
    const database = new pg.Client(url('DATABASE_URL'))
    await database.connect()
    const answers = [await redis.ping(), (await database.query('SELECT 1 AS one')).rows]
    redis.disconnect()
    await database.end()
    expect(answers).toEqual(['PONG', [{ one: 1 }]])
    const { code } = await run.signalled('SIGINT')
    expect({ code, journals: run.left.journals }).toEqual({ code: 0, journals: [] })
  },
)
