// Parts of the user's own, by URL: checked before anything is sent, and whatever they answer, told in one message.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startObjectStore } from '../../../src/worlds/real/providers/object-store.ts'
import type { PartContext, PartOptions } from '../../../src/worlds/real/providers/part.ts'
import { startRedis } from '../../../src/worlds/real/providers/redis.ts'
import { type Faults, fakeRedis } from './fake-redis.ts'
import { refusal, Surroundings } from './surroundings.ts'

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let around: Surroundings
const servers: Server[] = []
// So that loading them is no part of the time that a server has.
await Promise.all([import('minio'), import('ioredis')])

beforeEach(() => {
  around = new Surroundings()
})
afterEach(() => {
  expect(around.held).toEqual([])
  around[Symbol.dispose]()
  for (const server of servers.splice(0)) server.close()
})

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  servers.push(server.listen(0, host))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const QUICK = { readyMs: 1_000, pullMs: 1, stopMs: 1 }
const byUrl = (url: string, more: Partial<PartOptions> = {}) => ({
  provider: 'url' as const,
  url,
  ...more,
})
const plain = (text: string) => text.replaceAll(/(127\.0\.0\.1|localhost):\d+/g, '$1:PORT')

/** A store that takes what is put and gives it again, once it is done with its faults. */
function fakeStore(fault: (request: http.IncomingMessage) => Answer | undefined): http.Server {
  const objects = new Map<string, Buffer>()
  return http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const path = request.url ?? ''
    const answer = fault(request)
    if (answer === 'silence') return
    response.setHeader('Server', 'FakeS3')
    if (answer !== undefined) {
      response.writeHead(answer.status, { 'Content-Type': 'application/xml', ...answer.headers })
      response.end(request.method === 'HEAD' ? undefined : answer.body)
      return
    }
    if (request.method === 'PUT') objects.set(path, Buffer.concat(chunks))
    const body = request.method === 'GET' ? objects.get(path.replace(/\?.*/, '')) : undefined
    response.setHeader('ETag', '"0"')
    response.writeHead(request.method === 'DELETE' ? 204 : 200)
    response.end(body)
  })
}

interface Reply {
  readonly status: number
  readonly headers?: http.OutgoingHttpHeaders
  readonly body?: string
}
type Answer = Reply | 'silence'

const refuses = (status: number, code: string, message: string): Reply => ({
  status,
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
})

const storeContext = (more: Partial<PartContext> = {}) => around.context({ limits: QUICK, ...more })
const store = (url: string, more: Partial<PartOptions> = {}) =>
  startObjectStore(byUrl(url, { accessKey: 'me', secretKey: 'secret', ...more }), storeContext())

describe('an object store by URL', () => {
  test('is used as it is, and left as it was', async () => {
    const seen: string[] = []
    const port = await listen(
      fakeStore(({ method, url }) => {
        seen.push(`${method} ${(url ?? '').replaceAll(/[0-9a-f]{8}-[-0-9a-f]{27}/g, 'ID')}`)
        return undefined
      }),
    )
    const part = await store(`http://localhost:${port}/`)
    expect({ ...part, describe: plain(part.describe) }).toEqual({
      kind: 'objects',
      provider: 'url',
      endpoint: `http://localhost:${port}`,
      access: { host: 'localhost', port, tls: false, accessKey: 'me', secretKey: 'secret' },
      accessKey: 'me',
      secretKey: 'secret',
      version: 'FakeS3',
      describe: 'object store: FakeS3, url, http://localhost:PORT',
      passedOver: [],
      exited: expect.any(Promise),
      keep: expect.any(Function),
      [Symbol.asyncDispose]: expect.any(Function),
    })
    await part[Symbol.asyncDispose]()
    const [bucket, key] = ['/aftershock-ready-ID', '/aftershock-ready-ID/probe']
    expect(seen.map((line) => line.replace(/\/$|\?.*/, ''))).toEqual([
      `PUT ${bucket}`,
      `PUT ${key}`,
      `GET ${key}`,
      `DELETE ${key}`,
      `DELETE ${bucket}`,
    ])
    expect(part.keep()).toEqual([])
  })

  test('takes its keys and its address from variables, where no option has them', async () => {
    const port = await listen(fakeStore(() => undefined))
    const environment = {
      ...around.environment,
      AFTERSHOCK_OBJECTS_URL: `http://127.0.0.1:${port}`,
      AFTERSHOCK_OBJECTS_ACCESS_KEY: 'from',
      AFTERSHOCK_OBJECTS_SECRET_KEY: 'variables',
    }
    const context = storeContext({ environment })
    const part = await startObjectStore({ provider: 'url' }, context)
    expect(part.access).toMatchObject({ port, accessKey: 'from', secretKey: 'variables' })
    const other = await startObjectStore({ provider: 'url', accessKey: 'option' }, context)
    expect(other.access).toMatchObject({ accessKey: 'option', secretKey: 'variables' })
  })

  test('is waited for until it is up', async () => {
    let refusals = 3
    const port = await listen(
      fakeStore(() =>
        refusals-- > 0
          ? refuses(503, 'XMinioServerNotInitialized', 'Server not initialized yet')
          : undefined,
      ),
    )
    const context = storeContext({ limits: { ...QUICK, readyMs: 20_000 } })
    const part = await startObjectStore(byUrl(`http://127.0.0.1:${port}`), context)
    expect(part.version).toBe('FakeS3')
  })

  test.each<[string, Answer | undefined, string]>([
    [
      '503 for ever',
      refuses(503, 'XMinioServerNotInitialized', 'Server not initialized yet'),
      'it was not ready within 1 s: it answers 503\n→ `aftershock doctor` shows what else this machine has.',
    ],
    [
      'nothing at all',
      'silence',
      'it was not ready within 1 s: it did not answer\n→ `aftershock doctor` shows what else this machine has.',
    ],
    [
      'that the access key is unknown',
      refuses(403, 'InvalidAccessKeyId', 'The Access Key Id you provided does not exist'),
      'it refuses: InvalidAccessKeyId: The Access Key Id you provided does not exist\n→ Give the keys of this store: AFTERSHOCK_OBJECTS_ACCESS_KEY and AFTERSHOCK_OBJECTS_SECRET_KEY.',
    ],
    [
      'that the secret key is wrong',
      refuses(403, 'SignatureDoesNotMatch', 'The signature does not match'),
      'it refuses: SignatureDoesNotMatch: The signature does not match\n→ The secret key is not that of the access key: AFTERSHOCK_OBJECTS_ACCESS_KEY and AFTERSHOCK_OBJECTS_SECRET_KEY.',
    ],
    [
      'that the keys may not do that',
      refuses(403, 'AccessDenied', 'Access Denied.'),
      'it refuses: AccessDenied: Access Denied.\n→ The keys have to be allowed to make buckets, and to put, read and delete objects.',
    ],
    [
      'that the clocks differ',
      refuses(403, 'RequestTimeTooSkewed', 'The difference is too large.'),
      "it refuses: RequestTimeTooSkewed: The difference is too large.\n→ This machine's clock and the store's differ by more than 15 minutes.",
    ],
    [
      'that its disk is full',
      refuses(
        507,
        'XMinioStorageFull',
        'Storage backend has reached its minimum free drive threshold.',
      ),
      'it refuses: XMinioStorageFull: Storage backend has reached its minimum free drive threshold.\n→ Its disk is full: make room, or give it another.',
    ],
  ])('that answers %s', async (_what, answer, expected) => {
    const port = await listen(fakeStore(() => answer))
    expect(plain(await refusal(store(`http://127.0.0.1:${port}`)))).toBe(
      `110: object store from url: http://127.0.0.1:PORT: ${expected}`,
    )
  })

  test('that takes no objects, though it makes buckets, is left without one', async () => {
    const seen: (string | undefined)[] = []
    const port = await listen(
      fakeStore(({ method, url }) => {
        const isObject = url?.split('/')[2]?.startsWith('probe') === true
        seen.push(isObject ? `${method} probe` : method)
        return isObject ? refuses(507, 'XMinioStorageFull', 'full') : undefined
      }),
    )
    expect(await refusal(store(`http://127.0.0.1:${port}`))).toMatch(/XMinioStorageFull: full/)
    expect(seen).toEqual(['PUT', 'PUT probe', 'DELETE probe', 'DELETE'])
  })

  test('that sends its callers elsewhere is not followed', async () => {
    let calls = 0
    const elsewhere = await listen(
      fakeStore(() => {
        calls++
        return undefined
      }),
    )
    const headers = { Location: `http://127.0.0.1:${elsewhere}/` }
    const port = await listen(fakeStore(() => ({ status: 307, headers, body: '' })))
    expect(await refusal(store(`http://127.0.0.1:${port}`))).toMatch(/it was not ready within 1 s/)
    expect(calls).toBe(0)
  })

  test('that gives back something else is not ready', async () => {
    const port = await listen(
      fakeStore(({ method }) => (method === 'GET' ? { status: 200, body: 'other' } : undefined)),
    )
    expect(await refusal(store(`http://127.0.0.1:${port}`))).toMatch(
      /it was not ready within 1 s: it answered 'other' for 'ready\?'/,
    )
  })

  test('that is not there', async () => {
    const port = await listen(fakeStore(() => undefined))
    servers.pop()?.close()
    expect(plain(await refusal(store(`http://127.0.0.1:${port}`)))).toMatch(
      /it was not ready within 1 s: connect ECONNREFUSED 127\.0\.0\.1:PORT\n/,
    )
  })
})

describe('refused before anything is sent:', () => {
  const far = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.internal === false && address.family === 'IPv4')?.address

  test.runIf(far !== undefined)('what is not on this machine, unless it is allowed', async () => {
    let connections = 0
    const server = fakeStore(() => undefined).on('connection', () => connections++)
    const place = `${far}:${await listen(server, far)}`
    expect(await refusal(store(`http://${place}`))).toBe(
      `104: ${place} is neither on this machine nor started by this run: nothing is sent there\n` +
        `→ Faults and load harm what they meet. If it is meant: --allow-target ${place}`,
    )
    expect(connections).toBe(0)
    const context = storeContext({ allowedTargets: [place] })
    const part = await startObjectStore(byUrl(`http://${place}`), context)
    expect(part.endpoint).toBe(`http://${place}`)
    expect(connections).toBeGreaterThan(0)
  })

  test('no URL', async () => {
    expect(await refusal(startRedis({ provider: 'url' }, around.context()))).toBe(
      '104: Redis from url: no URL is given\n→ Name one: AFTERSHOCK_REDIS_URL=redis://127.0.0.1:6379',
    )
  })

  test('a URL of another kind of server', async () => {
    expect(await refusal(startRedis(byUrl('http://127.0.0.1:1'), around.context()))).toBe(
      '104: Redis from url: its URL begins with http://, not redis://\n→ Name one: AFTERSHOCK_REDIS_URL=redis://127.0.0.1:6379',
    )
  })

  test('a place that cannot be allowed', async () => {
    const context = around.context({ allowedTargets: ['*'] })
    expect(await refusal(startRedis(byUrl('redis://10.0.0.1'), context))).toMatch(
      /^104: --allow-target: '\*' is no host or host:port/,
    )
  })
})

describe('a Redis by URL', () => {
  const redis = async (faults: Faults, userinfo = '') => {
    const port = await listen(fakeRedis(faults))
    return startRedis(byUrl(`redis://${userinfo}localhost:${port}/0`), storeContext())
  }

  test('is used with the password in its URL, which is not shown', async () => {
    const part = await redis({ password: 'se cret' }, ':se%20cret@')
    expect(plain(part.describe)).toBe('Redis: Redis 7.7.7, url, redis://localhost:PORT')
    expect(part.secretKey).toBe('se cret')
  })

  test.each<[string, Faults, string]>([
    [
      'wants a password',
      { password: 'x' },
      'it refuses: NOAUTH Authentication required.\n→ Give the password of this Redis: AFTERSHOCK_REDIS_PASSWORD.',
    ],
    [
      'is a replica',
      { refuses: { times: 1e9, with: "READONLY You can't write against a read only replica." } },
      "it refuses: READONLY You can't write against a read only replica.\n→ It is a replica: name the primary.",
    ],
    [
      'has no room left',
      {
        refuses: { times: 1e9, with: 'MISCONF Errors writing to the AOF: No space left on device' },
      },
      'it refuses: MISCONF Errors writing to the AOF: No space left on device\n→ It has no room left: make some, or give it another disk or more memory.',
    ],
  ])('that %s', async (_what, faults, expected) => {
    expect(plain(await refusal(redis(faults)))).toBe(
      `110: Redis from url: redis://localhost:PORT: ${expected}`,
    )
  })

  test('whose password is wrong', async () => {
    expect(await refusal(redis({ password: 'x' }, ':y@'))).toMatch(
      /it refuses: WRONGPASS .*\n→ Give the password of this Redis: AFTERSHOCK_REDIS_PASSWORD\.$/,
    )
  })
})
