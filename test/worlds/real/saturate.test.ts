// Closed-loop load against servers that misbehave: every request is told by its id how it ended, those too that autocannon
// counts nowhere, and each answer is that of its own request.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Ended, saturate } from '../../../src/worlds/real/saturate.ts'

let server: http.Server
afterEach(() => {
  server.close()
  server.closeAllConnections()
})

/** What the server does to a request, and what whoever asked is to be told of it. */
type Behaviour = (nth: number, response: http.ServerResponse, id: string) => string

const CONNECTIONS = 3
const REQUESTS = 60

/** Which requests of sixty ended otherwise than the server says, and how many ended how. */
async function against(behave: Behaviour, requests = REQUESTS) {
  const done = new Map<string, string>()
  server = http.createServer((request, response) => {
    request.resume()
    const id = request.url?.slice(1) ?? ''
    expect(done.has(id)).toBe(false)
    done.set(id, behave(done.size + 1, response, id))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const told = await ask(new URL(`http://127.0.0.1:${port}`), requests)
  const differ = [...told].filter(([id, how]) => done.get(id) !== how)
  return { differ, counts: countsOf([...told.values()]), asked: told.size, received: done.size }
}

/** Resolves when as many requests have ended, in whatever way. */
function ask(url: URL, requests: number): Promise<Map<string, string>> {
  const told = new Map<string, string>()
  let asked = 0
  return new Promise((resolve) => {
    saturate({
      urls: Array(CONNECTIONS).fill(url),
      next() {
        if (asked === requests) return undefined
        const id = String(asked++)
        return {
          method: 'POST',
          path: `/${id}`,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id }),
          timeoutMs: 300,
          ended(how) {
            expect(told.has(id)).toBe(false)
            told.set(id, textOf(how))
            if (told.size === requests) resolve(told)
          },
        }
      },
    })
  })
}

function textOf(how: Ended): string {
  return 'failed' in how ? how.failed : `${how.status} ${how.body}`
}

function countsOf(all: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const how of all) {
    const [kind = ''] = how.split(' ')
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

const ok: Behaviour = (_nth, response, id) => {
  setTimeout(() => response.end(id), 2)
  return `200 ${id}`
}

test('a good server: every request is answered, with its own answer', async () => {
  expect(await against(ok)).toEqual({
    differ: [],
    counts: { 200: REQUESTS },
    asked: REQUESTS,
    received: REQUESTS,
  })
})

test('connections closed without an answer are counted, one by one', async () => {
  const { differ, counts } = await against((nth, response, id) => {
    if (nth % 3 !== 0) return ok(nth, response, id)
    response.socket?.end()
    return 'closed'
  })
  expect({ differ, counts }).toEqual({ differ: [], counts: { 200: 40, closed: 20 } })
})

test('answers that break off in the middle are none, and spoil none', async () => {
  const { differ, counts } = await against((nth, response, id) => {
    if (nth % 4 !== 0) return ok(nth, response, id)
    response.writeHead(200, { 'content-length': 1_000 })
    response.write('half of')
    setTimeout(() => response.socket?.end(), 2)
    return 'closed'
  })
  expect({ differ, counts }).toEqual({ differ: [], counts: { 200: 45, closed: 15 } })
})

test('connections that are reset', async () => {
  const { differ, counts } = await against((nth, response, id) => {
    if (nth % 4 !== 0) return ok(nth, response, id)
    response.socket?.resetAndDestroy()
    return 'reset'
  })
  expect({ differ, counts }).toEqual({ differ: [], counts: { 200: 45, reset: 15 } })
})

test('answers that do not come in time, and errors by their status', async () => {
  const { differ, counts } = await against((nth, response, id) => {
    if (nth <= 2) return 'timeout'
    response.statusCode = 503
    ok(nth, response, id)
    return `503 ${id}`
  })
  expect({ differ, counts }).toEqual({ differ: [], counts: { 503: 58, timeout: 2 } })
})

test('a server that is not there refuses every one of them', async () => {
  server = http.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  const told = await ask(new URL(`http://127.0.0.1:${port}`), 20)
  expect(countsOf([...told.values()])).toEqual({ refused: 20 })
})
