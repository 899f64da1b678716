// What a run takes of the machine beside somebody else's process: CPU of the harness alone, at 100 items a second.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Measured } from './measured.ts'

const RATE = 100
const SECONDS = 24
/** Between these items: the harness' start and end are left out. */
const [FROM, TO] = [4 * RATE, 20 * RATE]
/** Of one core, user and system. */
const MOST_SHARE = 0.25
/** Linux counts in hundredths of a second. */
const TICKS_PER_SECOND = 100
const PROGRAM = fileURLToPath(new URL('../dist/bundle/cli/main.js', import.meta.url))

const SCENARIO = `
pipeline:
  kind: process
  processes:
    service:
      command: [node, service.mjs]
      env:
        PORT: '{port}'
        TICKS: 'TICKS_URL'
        MODEL: '{upstreams.model.url}'
        ENDPOINT: '{objects.endpoint}'
        ACCESS_KEY: '{objects.accessKey}'
        SECRET_KEY: '{objects.secretKey}'
        BUCKET: '{objects.bucket}'
      ready: {path: /health}
  routes: {take: {path: '/take/:id', key: params.id}, look: {path: /look, key: body.id}}
  upstreams: {model: {routes: {look: {time: {p50: 20ms, p99: 60ms}, body: {success: true}}}}}
  offer: {kind: http, to: service, route: take, params: {id: '{item}'}}
  outcomes:
    - {on: reply, route: take, result: ok, fate: succeeded}
    - {on: reply, route: take, result: failed, fate: failed}
load: {kind: arrivals, rate: ${RATE}/s, for: ${SECONDS}s}
settle: 5s
thresholds: {item_lost: ['rate<0.01']}
`

/** Of each item it puts an object and asks a model: both past interposers, as the item came itself. */
const SERVICE = `
import http from 'node:http'
import { Client } from 'MINIO'
const { PORT, TICKS, MODEL, ENDPOINT, ACCESS_KEY, SECRET_KEY, BUCKET } = process.env
const { hostname, port } = new URL(ENDPOINT)
const access = { accessKey: ACCESS_KEY, secretKey: SECRET_KEY, region: 'us-east-1' }
const store = new Client({ endPoint: hostname, port: Number(port), useSSL: false, ...access })
const picture = Buffer.alloc(30_000)
let items = 0
http.createServer(async (request, response) => {
  if (request.url === '/health') return void response.end('{}')
  if (++items === ${FROM} || items === ${TO}) void fetch(TICKS)
  const id = request.url.split('/')[2]
  try {
    await store.putObject(BUCKET, 'images/' + id + '.jpg', picture)
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(MODEL + '/look', { method: 'POST', headers, body: JSON.stringify({ id }) })
    response.end(await answer.text())
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
}).listen(Number(PORT), '127.0.0.1')
`

export async function benchHarness(): Promise<Measured[]> {
  if (process.platform !== 'linux') return []
  const taken: { readonly cpu: number; readonly atMs: number }[] = []
  let pid = 0
  const ticks = http.createServer((_, response) => {
    taken.push({ cpu: cpuSeconds(pid), atMs: performance.now() })
    response.end()
  })
  await once(ticks.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(ticks.address() as AddressInfo).port}`
  const cwd = mkdtempSync(join(tmpdir(), 'aftershock-bench-'))
  let code = 0
  try {
    writeFileSync(join(cwd, 'gate.yaml'), SCENARIO.replace('TICKS_URL', url))
    const minio = import.meta.resolve('minio')
    writeFileSync(join(cwd, 'service.mjs'), SERVICE.replace('MINIO', minio))
    const args = [PROGRAM, 'run', 'gate.yaml', '--world', 'real', '--no-out-dir', '--quiet']
    const harness = spawn(process.execPath, args, { cwd, stdio: 'inherit' })
    pid = harness.pid ?? 0
    code = ((await once(harness, 'exit')) as [number])[0]
  } finally {
    ticks.close()
    rmSync(cwd, { recursive: true })
  }
  const [first, last] = taken
  if (first === undefined || last === undefined)
    throw new Error(`the run ended with ${code} before ${TO} items had come`)
  const share = (last.cpu - first.cpu) / ((last.atMs - first.atMs) / 1_000)
  return [
    {
      name: `the harness at ${RATE} items/s, two parts`,
      target: `< ${MOST_SHARE * 100} % of a core`,
      measured: `${(share * 100).toFixed(1)} %`,
      ok: share < MOST_SHARE,
    },
  ]
}

/** Of a process and its threads, without its children: the store is one of those. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}
