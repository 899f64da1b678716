// The open-loop generator: 5,000 requests a second asked for, what arrives when, and a stall of two seconds.
import { Worker } from 'node:worker_threads'
import { Agent } from 'undici'
import { type Outcome, sendOpenLoop } from '../dist/src/worlds/real/http-load.js'
import { type Measured, show } from './measured.ts'

const RATE = 5_000
const SECONDS = 10
const WINDOW_MS = 10

/** Notes arrivals; stalls once, two seconds long, when asked to. */
const SERVER = `
const http = require('node:http')
const { parentPort } = require('node:worker_threads')
const arrivals = []
let stallUntil = 0
const server = http.createServer((request, response) => {
  arrivals.push(performance.timeOrigin + performance.now())
  if (request.url === '/stall') stallUntil = performance.now() + 2000
  const rest = stallUntil - performance.now()
  if (rest > 0) setTimeout(() => response.end(), rest)
  else response.end()
})
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
parentPort.on('message', () => parentPort.postMessage(arrivals.splice(0)))
`

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

export async function benchLoad(): Promise<Measured[]> {
  const server = new Worker(SERVER, { eval: true })
  const heard = <T>() => new Promise<T>((resolve) => server.once('message', resolve))
  const port = await heard<number>()
  const origin = `http://127.0.0.1:${port}`
  const agent = new Agent({ connections: 50 })
  const due = Float64Array.from({ length: RATE * SECONDS }, (_, i) => (i * 1_000) / RATE)
  const round = async (path: (index: number) => string) => {
    const outcomes: Outcome[] = []
    await sendOpenLoop(
      agent,
      due,
      (index) => ({ origin, method: 'GET', path: path(index) }),
      (outcome) => outcomes.push(outcome),
    )
    const arrived = heard<number[]>()
    server.postMessage('arrivals')
    return { outcomes, arrivals: await arrived }
  }
  await round(() => '/') // Warm-up.
  const { outcomes, arrivals } = await round(() => '/')
  const span = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1_000
  const windows = new Set(arrivals.map((at) => Math.floor((at - (arrivals[0] ?? 0)) / WINDOW_MS)))
  const lateness = outcomes.map(({ sentMs, dueMs }) => sentMs - dueMs)
  const latency = outcomes.map(({ endMs, dueMs }) => endMs - dueMs)
  const stalled = await round((index) => (index === RATE * 3 ? '/stall' : '/'))
  await agent.destroy()
  await server.terminate()
  const ms = (value: number) => `${value.toFixed(2)} ms`
  const rate = (arrivals.length - 1) / span
  const empty = Math.floor((span * 1_000) / WINDOW_MS) + 1 - windows.size
  const [late, fromDue] = [quantile(lateness, 0.99), quantile(latency, 0.99)]
  const stall = (of: (outcome: Outcome) => number) => quantile(stalled.outcomes.map(of), 0.99)
  const seen = stall(({ endMs, dueMs }) => endMs - dueMs)
  const wrongly = quantile(
    stalled.outcomes.map(({ endMs, sentMs }) => endMs - sentMs),
    0.5,
  )
  return [
    {
      name: `open loop, ${RATE}/s for ${SECONDS} s`,
      target: 'within 0.5 %',
      measured: `${rate.toFixed(0)}/s arrived`,
      ok: Math.abs(rate / RATE - 1) <= 0.005,
    },
    {
      name: `  empty windows of ${WINDOW_MS} ms`,
      target: '0',
      measured: String(empty),
      ok: empty === 0,
    },
    {
      name: '  send lateness p99',
      target: '≤ 5 ms',
      measured: `${ms(late)} (p50 ${ms(quantile(lateness, 0.5))}); latency from when due p99 ${ms(fromDue)}`,
      ok: late <= 5,
    },
    {
      name: '  a stall of 2 s in p99',
      target: '≥ 1.5 s',
      measured: `${ms(seen)} from when due (p50 from the sending ${ms(wrongly)})`,
      ok: seen >= 1_500,
    },
  ]
}

if (import.meta.main) show(await benchLoad())
