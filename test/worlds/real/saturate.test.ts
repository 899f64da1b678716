// Closed-loop load against servers that misbehave: every request is accounted for, those too that autocannon counts nowhere.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Saturated, saturate } from '../../../src/worlds/real/saturate.ts'

let server: http.Server
afterEach(() => {
  server.close()
  server.closeAllConnections()
})

/** What the server does to its nth request, from 1. */
type Behaviour = (nth: number, response: http.ServerResponse) => void

async function against(behave: Behaviour, forSeconds = 1) {
  let received = 0
  server = http.createServer((request, response) => {
    request.resume()
    behave(++received, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const counted = await saturate({
    url: `http://127.0.0.1:${port}/tasks`,
    method: 'POST',
    body: '{}',
    connections: 2,
    forSeconds,
    timeoutSeconds: 1,
  })
  return { received: () => received, counted }
}

function ended(counted: Saturated): number {
  const { answered, closed, reset, refused, timedOut, unfinished } = counted
  const all = Object.values(answered).reduce((sum, count) => sum + count, 0)
  return all + closed + reset + refused + timedOut + unfinished
}

const ok: Behaviour = (_nth, response) => setTimeout(() => response.end('ok'), 5)

test('a good server: every request is answered', async () => {
  const { counted } = await against(ok)
  expect(Object.keys(counted.answered)).toEqual(['200'])
  expect(counted.latency.count).toBe(counted.answered[200])
  expect(counted).toMatchObject({ closed: 0, reset: 0, refused: 0, timedOut: 0 })
  expect(ended(counted)).toBe(counted.sent)
})

test('connections closed without an answer are counted, one by one', async () => {
  let closed = 0
  const { counted } = await against((nth, response) => {
    if (nth % 3 !== 0) return ok(nth, response)
    closed++
    response.socket?.end()
  })
  // At most one on each connection came too late to be seen.
  expect(closed - counted.closed).toBeGreaterThanOrEqual(0)
  expect(closed - counted.closed).toBeLessThanOrEqual(2)
  expect(counted.closed).toBeGreaterThan(10)
  expect(ended(counted)).toBe(counted.sent)
  // The answer after a closed connection is timed from its own request.
  expect(counted.latency.count).toBe(counted.answered[200])
})

test('connections that are reset', async () => {
  let reset = 0
  const { counted } = await against((nth, response) => {
    if (nth % 4 !== 0) return ok(nth, response)
    reset++
    response.socket?.resetAndDestroy()
  })
  expect(reset - counted.reset).toBeGreaterThanOrEqual(0)
  expect(reset - counted.reset).toBeLessThanOrEqual(2)
  expect(counted.reset).toBeGreaterThan(5)
  expect(counted.closed).toBe(0)
  expect(ended(counted)).toBe(counted.sent)
})

test('answers that do not come in time, and errors by their status', async () => {
  const { counted } = await against((nth, response) => {
    if (nth <= 2) return
    response.statusCode = 503
    ok(nth, response)
  }, 3)
  expect(counted.timedOut).toBe(2)
  expect(counted.closed).toBe(0)
  expect(Object.keys(counted.answered)).toEqual(['503'])
  expect(ended(counted)).toBe(counted.sent)
})
