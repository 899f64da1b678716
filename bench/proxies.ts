// The proxies with no fault: requests a second and added latency beside a direct connection, in interleaved rounds.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Agent } from 'undici'
import { type Outcome, sendOpenLoop } from '../dist/src/worlds/real/http-load.js'
import { must } from '../src/base/assert.ts'
import { type Measured, show } from './measured.ts'

const ROUNDS = 5
const CLOSED_MS = 1_500
const CONNECTIONS = 32
const OPEN_RATE = 500
const OPEN_SECONDS = 3

const SERVER = `
const http = require('node:http')
const { parentPort } = require('node:worker_threads')
const server = http.createServer((request, response) => response.end('ok'))
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`

/** Both proxies in one thread, as in a run, and beside them the least that a proxy in Node can be. */
const PROXIES = `
import net from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { Agent } from 'undici'
const { TcpProxy } = await import(workerData.root + 'interposer/tcp.js')
const { Interposers } = await import(workerData.root + 'interposer/index.js')
const { Routes } = await import(workerData.root + 'routes.js')
const { CallStages } = await import(workerData.root + 'stages.js')
const { RealTime } = await import(workerData.root + 'time.js')
const { Dates } = await import(workerData.root + 'interposer/dates.js')
const { LOOPBACK_ALONE } = await import(workerData.root + 'exposure.js')
const tcp = new TcpProxy({ host: '127.0.0.1', port: workerData.port }, () => 0.5)
const time = new RealTime(1, 0)
const interposers = new Interposers({
  time,
  stages: new CallStages(),
  routes: new Routes({ ask: { method: 'GET', path: '/' } }),
  agent: new Agent(),
  tell: () => {},
  catchUp: () => {},
  itemOf: () => -1,
  dates: new Dates([], () => {}, time),
  addressOf: () => 'http://127.0.0.1:' + workerData.port,
  serverOf: () => undefined,
  remove: async () => false,
  onTrouble: (error) => { throw error },
})
const [link] = await interposers.open([['caller', 'server']], LOOPBACK_ALONE)
const piped = net.createServer({ noDelay: true }, (client) => {
  const server = net.connect({ host: '127.0.0.1', port: workerData.port, noDelay: true })
  client.pipe(server).pipe(client)
  for (const side of [client, server]) side.on('error', () => {})
})
piped.listen(0, '127.0.0.1', async () =>
  parentPort.postMessage({ tcp: await tcp.listen(), http: link.port, piped: piped.address().port }),
)
`

interface Path {
  readonly name: string
  readonly port: number
  readonly rates: number[]
  readonly p50s: number[]
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export async function benchProxies(): Promise<Measured[]> {
  const server = new Worker(SERVER, { eval: true })
  const [port] = (await once(server, 'message')) as [number]
  const root = new URL('../dist/src/worlds/real/', import.meta.url).href
  const source = `data:text/javascript,${encodeURIComponent(
    PROXIES.replace("'undici'", `'${import.meta.resolve('undici')}'`),
  )}`
  const proxies = new Worker(new URL(source), { workerData: { root, port } })
  const [ports] = (await once(proxies, 'message')) as [{ tcp: number; http: number; piped: number }]
  const toxiproxy = await startToxiproxy(port)
  const path = (name: string, at: number): Path => ({ name, port: at, rates: [], p50s: [] })
  const paths = [
    path('direct', port),
    path('TCP proxy', ports.tcp),
    path('HTTP interposer', ports.http),
    path('sockets piped', ports.piped),
    ...(toxiproxy === undefined ? [] : [path('toxiproxy', toxiproxy.port)]),
  ]
  for (let round = 0; round <= ROUNDS; round++)
    for (const one of paths) {
      const rate = await closed(one.port)
      const p50 = await open(one.port)
      // The first round warms up.
      if (round === 0) continue
      one.rates.push(rate)
      one.p50s.push(p50)
    }
  toxiproxy?.stop()
  await Promise.all([server.terminate(), proxies.terminate()])
  return paths.map((one) => rowOf(one, must(paths[0], 'direct')))
}

/** What each path may cost; the others stand there to compare. */
const TARGETS: Readonly<Record<string, { readonly ratio: number; readonly addedMs: number }>> = {
  'TCP proxy': { ratio: 0.6, addedMs: 0.1 },
  'HTTP interposer': { ratio: 0, addedMs: 0.5 },
}

function rowOf({ name, rates, p50s }: Path, direct: Path): Measured {
  const ratio = median(rates.map((rate, i) => rate / (direct.rates[i] ?? Number.NaN)))
  const added = median(p50s.map((p50, i) => p50 - (direct.p50s[i] ?? Number.NaN)))
  const most = TARGETS[name]
  const wanted = [
    ...(most === undefined || most.ratio === 0 ? [] : [`≥ ${most.ratio} of direct`]),
    ...(most === undefined ? [] : [`≤ +${most.addedMs} ms`]),
  ]
  return {
    name,
    target: wanted.length === 0 ? 'none: to compare' : wanted.join(', '),
    measured: `${median(rates).toFixed(0)} req/s keep-alive (${ratio.toFixed(2)} of direct), p50 ${median(p50s).toFixed(3)} ms at ${OPEN_RATE}/s (${added >= 0 ? '+' : ''}${added.toFixed(3)} ms)`,
    ok: most === undefined || (ratio >= most.ratio && added <= most.addedMs),
  }
}

/** wrk where it is installed: a client that costs little itself. */
async function closed(port: number): Promise<number> {
  const seconds = Math.ceil(CLOSED_MS / 1_000)
  const wrk = spawn('wrk', [
    '-t1',
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    `http://127.0.0.1:${port}/`,
  ])
  let text = ''
  wrk.stdout.on('data', (chunk) => {
    text += chunk
  })
  const failed = once(wrk, 'error').then(() => true)
  if ((await Promise.race([once(wrk, 'close').then(() => false), failed])) === false)
    return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1])
  const agent = new Agent({ connections: CONNECTIONS })
  const endMs = performance.now() + CLOSED_MS
  let count = 0
  const user = async () => {
    while (performance.now() < endMs) {
      const { body } = await agent.request({
        origin: `http://127.0.0.1:${port}`,
        path: '/',
        method: 'GET',
      })
      await body.dump()
      count++
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, user))
  await agent.destroy()
  return (count * 1_000) / CLOSED_MS
}

async function open(port: number): Promise<number> {
  const agent = new Agent({ connections: 8 })
  const outcomes: Outcome[] = []
  await sendOpenLoop(
    agent,
    Float64Array.from({ length: OPEN_RATE * OPEN_SECONDS }, (_, i) => (i * 1_000) / OPEN_RATE),
    () => ({ origin: `http://127.0.0.1:${port}`, method: 'GET', path: '/' }),
    (outcome) => outcomes.push(outcome),
  )
  await agent.destroy()
  return median(outcomes.map(({ endMs, sentMs }) => endMs - sentMs))
}

async function startToxiproxy(upstream: number) {
  if (spawnSync('toxiproxy-server', ['--version']).error !== undefined) return undefined
  const [api, port] = [28_474, 28_475]
  const child = spawn('toxiproxy-server', ['-port', String(api)], { stdio: 'ignore' })
  for (let tries = 0; tries < 50; tries++) {
    await new Promise((again) => setTimeout(again, 100))
    const made = await fetch(`http://127.0.0.1:${api}/proxies`, {
      method: 'POST',
      body: JSON.stringify({
        name: 'bench',
        listen: `127.0.0.1:${port}`,
        upstream: `127.0.0.1:${upstream}`,
        enabled: true,
      }),
    }).catch(() => undefined)
    if (made?.ok === true) return { port, stop: () => child.kill() }
  }
  child.kill()
  return undefined
}

if (import.meta.main) show(await benchProxies())
