// `auto` takes the first provider that can, and says why not the others; `embedded` is the last, and says what it is.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startObjectStore } from '../../../src/worlds/real/providers/object-store.ts'
import { startRedis } from '../../../src/worlds/real/providers/redis.ts'
import { refusal, Surroundings } from './surroundings.ts'

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const FAKE = new URL('./fake-redis.ts', import.meta.url).href

let around: Surroundings
beforeEach(() => {
  around = new Surroundings()
})
afterEach(() => {
  expect(around.held).toEqual([])
  around[Symbol.dispose]()
})

const plain = (text: string) =>
  text.replaceAll(around.path, 'HERE').replaceAll(/:\d{4,5}\b/g, ':PORT')

/** A store that forgets nothing for as long as it is there. */
async function embedded() {
  const objects = new Map<string, Buffer>()
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const path = request.url ?? ''
    if (request.method === 'PUT') objects.set(path, Buffer.concat(chunks))
    response.setHeader('Server', 'Embedded')
    response.setHeader('ETag', '"0"')
    response.writeHead(request.method === 'DELETE' ? 204 : 200)
    response.end(request.method === 'GET' ? objects.get(path) : undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    accessKey: 'a',
    secretKey: 's',
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test('the embedded store is taken where there is nothing else, and says so', async () => {
  const part = await startObjectStore(
    { provider: 'auto', startEmbedded: embedded },
    around.context(),
  )
  expect({
    ...part,
    passedOver: part.passedOver.map(({ provider, why }) => plain(`${provider}: ${why}`)),
  }).toEqual({
    kind: 'objects',
    provider: 'embedded',
    endpoint: part.endpoint,
    access: {
      host: '127.0.0.1',
      port: part.access.port,
      tls: false,
      accessKey: 'a',
      secretKey: 's',
    },
    accessKey: 'a',
    secretKey: 's',
    version: 'Embedded',
    describe: `object store: Embedded, embedded in this process, no fidelity, ${part.endpoint}`,
    passedOver: [
      'container: no Docker answers: none of its sockets is there',
      'binary: no minio on PATH or in HERE/.cache/aftershock/bin',
    ],
    exited: expect.any(Promise),
    keep: expect.any(Function),
    [Symbol.asyncDispose]: expect.any(Function),
  })
  await part[Symbol.asyncDispose]()
  await expect(fetch(part.endpoint)).rejects.toThrow('fetch failed')
})

test('a program of this machine comes before the embedded store', async () => {
  around.program('redis-server', `import('${FAKE}').then((fake) => fake.listenAs(args))`)
  const part = await startRedis({ provider: 'auto' }, around.context())
  expect({ provider: part.provider, passedOver: part.passedOver }).toEqual({
    provider: 'binary',
    passedOver: [{ provider: 'container', why: 'no Docker answers: none of its sockets is there' }],
  })
  await part[Symbol.asyncDispose]()
})

test('a server that a variable names comes before all others', async () => {
  const server = await embedded()
  around.program('minio', `process.exit(1)`)
  const environment = { ...around.environment, AFTERSHOCK_OBJECTS_URL: server.url }
  const part = await startObjectStore({ provider: 'auto' }, around.context({ environment }))
  expect({ provider: part.provider, endpoint: part.endpoint }).toEqual({
    provider: 'url',
    endpoint: server.url,
  })
  await part[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

test('a program that does not work is passed over, and why is said', async () => {
  around.program('minio', `console.log('FATAL no license'); process.exit(1)`)
  const part = await startObjectStore(
    { provider: 'auto', startEmbedded: embedded },
    around.context(),
  )
  expect(plain(part.passedOver[1]?.why ?? '')).toBe(
    'binary HERE/bin/minio at http://127.0.0.1:PORT: it ended with code 1 before it was ready; the end of its log, HERE/logs/objects.log:\n    FATAL no license',
  )
  await part[Symbol.asyncDispose]()
})

test('where nothing can, one message says why none could, and what to install', async () => {
  expect(plain(await refusal(startRedis({ provider: 'auto' }, around.context())))).toBe(
    [
      '110: no Redis could be started',
      '  container: no Docker answers: none of its sockets is there',
      '  binary: neither redis-server nor valkey-server on PATH or in HERE/.cache/aftershock/bin',
      '→ Add Docker: apt-get install docker.io   # then start dockerd',
      '  Add it: apt-get install redis-server',
    ].join('\n'),
  )
})

test('an interruption ends the search', async () => {
  const signal = AbortSignal.abort()
  expect(await refusal(startRedis({ provider: 'auto' }, around.context({ signal })))).toBe(
    '105: Redis: interrupted while it was starting',
  )
})

test('what is wrong in this program is no reason to try the next provider', async () => {
  const startEmbedded = () => Promise.reject(new TypeError('a bug'))
  await expect(
    startObjectStore({ provider: 'auto', startEmbedded }, around.context()),
  ).rejects.toThrow(new TypeError('a bug'))
})

test('there is no embedded Redis', async () => {
  expect(await refusal(startRedis({ provider: 'embedded' }, around.context()))).toBe(
    '110: Redis from embedded: there is no embedded Redis\n→ `aftershock doctor` shows what else this machine has.',
  )
})
