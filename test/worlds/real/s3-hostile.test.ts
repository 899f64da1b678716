// The embedded server among clients that break off, dawdle, lie, flood it or send no HTTP at all.
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type S3Server, startS3Server } from '../../../src/worlds/real/s3/server.ts'
import { type Headers, signHeaders, UNSIGNED_PAYLOAD } from '../../../src/worlds/real/sigv4.ts'
import { KEY, md5, path, S3Client, textsOf, told } from '../../contracts/s3-client.ts'

const BUCKET = 'images'
const CAP_BYTES = 1_000
const FULL =
  '507 XMinioStorageFull: Storage backend has reached its minimum free drive threshold. Please delete a few objects to proceed.'

let server: S3Server
let s3: S3Client
let troubles: unknown[]
beforeEach(async () => {
  troubles = []
  server = await startS3Server({
    clock: { now: () => Date.now() },
    credentials: KEY,
    buckets: [BUCKET],
    capBytes: CAP_BYTES,
    onTrouble: (error) => troubles.push(error),
  })
  s3 = new S3Client(server.url)
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  expect(troubles).toEqual([])
})

const put = async (key: string, bytes: number) =>
  told(await s3.call('PUT', path(BUCKET, key), { body: 'x'.repeat(bytes) })).split(' (')[0]
const listed = async () => textsOf((await s3.call('GET', `/${BUCKET}`)).body, 'Key')

const headersFor = (method: string, target: string, more: Headers = {}) => ({
  ...signHeaders(
    { method, target, headers: { host: s3.host }, payload: UNSIGNED_PAYLOAD },
    KEY,
    Date.now(),
  ),
  ...more,
})

/** An upload that has sent a part of its body, and been seen to: the server has answered with 100. */
async function halfUpload(key: string, bytes: number, sent: number): Promise<http.ClientRequest> {
  const target = path(BUCKET, key)
  const more = { 'content-length': String(bytes), expect: '100-continue' }
  const request = http.request({
    port: server.port,
    method: 'PUT',
    path: target,
    headers: headersFor('PUT', target, more),
    agent: false,
  })
  request.on('error', () => {})
  request.flushHeaders()
  await once(request, 'continue')
  request.write('x'.repeat(sent))
  return request
}

/** What is answered over a connection of its own, up to its end, however it ends. */
function spoken(words: string): Promise<string> {
  const socket = net.connect(server.port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8')
  socket.on('data', (piece: string) => {
    answer += piece
  })
  socket.on('error', () => {})
  socket.end(words)
  return new Promise((ended) => socket.on('close', () => ended(answer)))
}

const head = (method: string, target: string, headers: Headers) =>
  `${method} ${target} HTTP/1.1\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`

test('an upload that breaks off leaves nothing, and gives its room back', async () => {
  const request = await halfUpload('half', 900, 800)
  request.destroy()
  // Its room is free as soon as the server has seen its end.
  await expect.poll(() => put('whole', 900)).toBe('200')
  expect(await listed()).toEqual(['whole'])
})

test('one that dawdles keeps nobody waiting, and arrives', async () => {
  const request = await halfUpload('slow', 4, 2)
  expect(await put('quick', 2)).toBe('200')
  expect(await listed()).toEqual(['quick'])
  request.end('xx')
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  expect(response.statusCode).toBe(200)
  expect(await listed()).toEqual(['quick', 'slow'])
})

test('of two uploads of a name the one that ends last is kept, whole', async () => {
  const request = await halfUpload('a', 6, 3)
  expect(await put('a', 2)).toBe('200')
  request.end('xxx')
  await once(request, 'response')
  expect((await s3.call('GET', path(BUCKET, 'a'))).body).toBe('xxxxxx')
})

test('an upload into a bucket that is removed meanwhile is refused', async () => {
  const request = await halfUpload('a', 4, 2)
  expect((await s3.call('DELETE', `/${BUCKET}`)).status).toBe(204)
  request.end('xx')
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  expect([response.statusCode, textsOf(await text(response), 'Code')]).toEqual([
    404,
    ['NoSuchBucket'],
  ])
})

test('what does not fit is refused, before it is sent where its length is told', async () => {
  expect(await put('a', 600)).toBe('200')
  expect(await put('b', 401)).toBe(FULL)
  expect(await put('b', 400)).toBe('200')
  expect(await put('c', 1)).toBe(FULL)
  expect(
    told(
      await s3.call('PUT', path(BUCKET, 'c'), { headers: { 'x-amz-copy-source': `${BUCKET}/a` } }),
    ).split(' (')[0],
  ).toBe(FULL)
  await s3.call('DELETE', path(BUCKET, 'a'))
  expect(await put('c', 600)).toBe('200')
  const body = `<Delete><Object><Key>b</Key></Object><Object><Key>c</Key></Object></Delete>`
  const crc = { 'x-amz-checksum-crc32': 'AAAAAA==' }
  expect((await s3.call('POST', `/${BUCKET}?delete`, { body, headers: crc })).status).toBe(400)
  expect(await put('d', 1)).toBe(FULL)
  expect(await listed()).toEqual(['b', 'c'])
})

test('what is on its way takes room, too', async () => {
  const request = await halfUpload('a', 700, 600)
  await expect.poll(() => put('b', 401)).toBe(FULL)
  request.end('x'.repeat(100))
  await once(request, 'response')
  expect(await put('b', 300)).toBe('200')
})

test('parts take room until they are given up or become an object', async () => {
  const target = path(BUCKET, 'parts')
  const id = textsOf((await s3.call('POST', `${target}?uploads`)).body, 'UploadId')[0] ?? ''
  const part = async (bytes: number) =>
    told(
      await s3.call('PUT', `${target}?partNumber=1&uploadId=${id}`, { body: 'x'.repeat(bytes) }),
    ).split(' (')[0]
  expect(await part(400)).toBe('200')
  expect(await part(600)).toBe('200')
  expect(await put('a', 401)).toBe(FULL)
  await s3.call('DELETE', `${target}?uploadId=${id}`)
  expect(await put('a', 1_000)).toBe('200')
})

test('a refused body does not stand in the way of the next request on its connection', async () => {
  const target = path('nowhere', 'a')
  const body = 'x'.repeat(500)
  const first = headersFor('PUT', target, { 'content-length': String(body.length) })
  const second = headersFor('GET', '/', { connection: 'close' })
  const answers = await spoken(head('PUT', target, first) + body + head('GET', '/', second))
  expect(answers.match(/HTTP\/1\.1 \d+|<Code>\w+|<Name>\w+/g)).toEqual([
    'HTTP/1.1 404',
    '<Code>NoSuchBucket',
    'HTTP/1.1 200',
    '<Name>images',
  ])
})

test('nor does one that was refused half read', async () => {
  const target = path(BUCKET, 'a')
  const signed = signHeaders(
    {
      method: 'PUT',
      target,
      headers: { host: s3.host, 'x-amz-decoded-content-length': '500' },
      payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    },
    KEY,
    Date.now(),
  )
  const body = `nonsense\r\n${'x'.repeat(500)}`
  const first = { ...signed, 'content-length': String(body.length) }
  const second = headersFor('GET', '/', { connection: 'close' })
  const answers = await spoken(head('PUT', target, first) + body + head('GET', '/', second))
  expect(answers.match(/HTTP\/1\.1 \d+|<Code>\w+|<Name>\w+/g)).toEqual([
    'HTTP/1.1 400',
    '<Code>BadRequest',
    'HTTP/1.1 200',
    '<Name>images',
  ])
})

test.each([
  ['no HTTP', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
  // Cut off while it still speaks, a client may not hear why.
  ['a line of two megabytes', `GET /${'x'.repeat(2_000_000)}`, /^(HTTP\/1\.1 431 |$)/],
  [
    'headers of two megabytes',
    `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(2_000_000)}\r\n\r\n`,
    /^(HTTP\/1\.1 431 |$)/,
  ],
  [
    'two lengths',
    'PUT /images/a HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx',
    /^HTTP\/1\.1 400 /,
  ],
  [
    'a length and chunks',
    'PUT /images/a HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    /^HTTP\/1\.1 400 /,
  ],
  ...['/images/%zz', '/images/%ff', '/images?%zz'].map((target): [string, string, RegExp] => [
    target,
    head('GET', target, { host: 'x', connection: 'close' }),
    /^HTTP\/1\.1 400 .*<Error>/s,
  ]),
])('%s: refused, and the server goes on', async (_, words, answer) => {
  expect(await spoken(words)).toMatch(answer)
  expect(await listed()).toEqual([])
})

test('a header that is asked for stays one header', async () => {
  await put('a', 1)
  const type = encodeURIComponent('text/plain\r\nx-injected: 1\r\n\r\n人')
  const { status, headers } = await s3.fetch(
    'GET',
    `${path(BUCKET, 'a')}?response-content-type=${type}`,
  )
  expect([status, headers['x-injected'], headers['content-length']]).toEqual([200, undefined, '1'])
  expect(Buffer.from(headers['content-type'] ?? '', 'latin1').toString()).toBe(
    'text/plain  x-injected: 1    人',
  )
})

test('metadata of any language comes back', async () => {
  const who = Buffer.from('人 é').toString('latin1')
  const target = path(BUCKET, 'a')
  const unsigned = { host: s3.host, 'x-amz-meta-who': '人 é' }
  const signed = signHeaders(
    { method: 'PUT', target, headers: unsigned, payload: UNSIGNED_PAYLOAD },
    KEY,
    Date.now(),
  )
  const answer = await s3.send('PUT', target, { ...signed, 'x-amz-meta-who': who })
  expect(answer.status).toBe(200)
  expect((await s3.call('HEAD', target)).headers['x-amz-meta-who']).toBe(who)
})

test('names of JavaScript’s own are names like others', async () => {
  for (const key of ['__proto__', 'constructor', 'toString']) expect(await put(key, 1)).toBe('200')
  expect(await listed()).toEqual(['__proto__', 'constructor', 'toString'])
  expect((await s3.call('GET', `/${BUCKET}?__proto__=x`)).status).toBe(200)
  expect(told(await s3.call('GET', '/constructor')).slice(0, 16)).toBe('404 NoSuchBucket')
  const body = '<Delete><__proto__><Key>a</Key></__proto__></Delete>'
  const headers = { 'content-md5': md5(body) }
  const answer = await s3.call('POST', `/${BUCKET}?delete`, { body, headers })
  expect(told(answer).slice(0, 16)).toBe('400 MalformedXML')
})

test('given back, it cuts every connection and frees its port', async () => {
  const request = await halfUpload('a', 10, 5)
  const idle = net.connect(server.port, '127.0.0.1')
  await once(idle, 'connect')
  const cut = Promise.all(
    [request, idle].map((one) => new Promise((closed) => one.on('close', closed))),
  )
  await server[Symbol.asyncDispose]()
  await cut
  await using next = await startS3Server({
    clock: { now: () => Date.now() },
    credentials: KEY,
    port: server.port,
  })
  expect(next.port).toBe(server.port)
  await expect(
    startS3Server({ clock: { now: () => 0 }, credentials: KEY, port: next.port }),
  ).rejects.toMatchObject({
    code: 'environment',
    exitCode: 110,
    message: `the embedded S3 server cannot listen on 127.0.0.1:${next.port}: listen EADDRINUSE: address already in use 127.0.0.1:${next.port}`,
    hint: 'Name a port that is free, or none.',
  })
})
