// Open-loop load over HTTP: every request leaves, a stall shows in all that were due during it, and lost answers count.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { afterEach, describe, expect, test } from 'vitest'
import { type Outcome, sendOpenLoop } from '../../../src/worlds/real/http-load.ts'

describe('open-loop load', () => {
  const closing: (() => Promise<unknown> | unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  async function serve(handle: http.RequestListener): Promise<string> {
    const server = http.createServer(handle)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    closing.push(() => {
      server.closeAllConnections()
      return new Promise((closed) => server.close(closed))
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async function load(origin: string, due: readonly number[]): Promise<Outcome[]> {
    const agent = new Agent({ connections: 50 })
    closing.push(() => agent.destroy())
    const outcomes: Outcome[] = []
    await sendOpenLoop(
      agent,
      Float64Array.from(due),
      (index) => ({ origin, method: 'POST', path: `/${index}`, body: `${index}` }),
      (outcome) => outcomes.push(outcome),
    )
    return outcomes.sort((a, b) => a.index - b.index)
  }

  test('sends all that is due, none before its time, and what is overdue at once', async () => {
    const seen: string[] = []
    const origin = await serve((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        seen.push(`${request.url} ${body}`)
        response.end()
      })
    })
    // Two of them at the same moment, and one long overdue.
    const outcomes = await load(origin, [-500, 0, 5, 5, 20, 21, 40])
    expect(outcomes.map(({ index, status }) => [index, status])).toEqual(
      Array.from({ length: 7 }, (_, i) => [i, 200]),
    )
    expect(seen.sort()).toEqual(Array.from({ length: 7 }, (_, i) => `/${i} ${i}`))
    for (const { sentMs, dueMs, endMs } of outcomes) {
      expect(sentMs).toBeGreaterThanOrEqual(dueMs)
      expect(endMs).toBeGreaterThanOrEqual(sentMs)
    }
    expect((outcomes[0]?.sentMs ?? 0) - (outcomes[0]?.dueMs ?? 0)).toBeGreaterThanOrEqual(500)
  })

  test('a stall is in the latency of every request that was due while it lasted', async () => {
    const stallMs = 200
    let firstMs = Number.NaN
    const origin = await serve((_request, response) => {
      if (Number.isNaN(firstMs)) firstMs = performance.now()
      const restMs = firstMs + stallMs - performance.now()
      setTimeout(() => response.end(), Math.max(0, restMs))
    })
    const outcomes = await load(
      origin,
      Array.from({ length: 100 }, (_, i) => i * 4),
    )
    for (const { dueMs, endMs } of outcomes)
      if (dueMs < firstMs + stallMs)
        expect(endMs - dueMs).toBeGreaterThanOrEqual(firstMs + stallMs - dueMs - 1)
  })

  test('a connection closed without an answer is an outcome like any other', async () => {
    const origin = await serve((request, response) => {
      if (Number(request.url?.slice(1)) % 3 === 0) request.socket.destroy()
      else response.end()
    })
    const outcomes = await load(
      origin,
      Array.from({ length: 30 }, (_, i) => i),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(
      Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? undefined : 200)),
    )
  })

  test('stops sending when it is told to, and waits for what is under way', async () => {
    const origin = await serve((_request, response) => setTimeout(() => response.end(), 30))
    const agent = new Agent({ connections: 50 })
    closing.push(() => agent.destroy())
    const controller = new AbortController()
    const outcomes: Outcome[] = []
    await sendOpenLoop(
      agent,
      Float64Array.from([0, 1, 60_000]),
      () => ({ origin, method: 'GET', path: '/' }),
      (outcome) => {
        outcomes.push(outcome)
        controller.abort()
      },
      controller.signal,
    )
    expect(outcomes.map(({ status }) => status)).toEqual([200, 200])
  })
})
