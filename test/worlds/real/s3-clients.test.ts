// The embedded server as clients see it: minio-js, and presigned URLs used by fetch and undici.
import http from 'node:http'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { Client, CopyDestinationOptions, CopySourceOptions } from 'minio'
import * as undici from 'undici'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resign } from '../../../src/worlds/real/resign.ts'
import { type S3Server, startS3Server } from '../../../src/worlds/real/s3/server.ts'
import { KEY } from '../../contracts/s3-client.ts'

const BUCKET = 'images'
const NAMES = [
  '人数统计/cam1/000001.jpg',
  'a b/c+d%&e~f.jpg',
  "q'u(o)t*e!.jpg",
  '🚗.jpg',
  'a?b#c.jpg',
]

let server: S3Server
let troubles: unknown[]
beforeEach(async () => {
  troubles = []
  server = await startS3Server({
    clock: { now: () => Date.now() },
    credentials: KEY,
    buckets: [BUCKET],
    onTrouble: (error) => troubles.push(error),
  })
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  expect(troubles).toEqual([])
})

type Options = Partial<ConstructorParameters<typeof Client>[0]>

const clientOf = (options: Options = {}) =>
  new Client({
    endPoint: '127.0.0.1',
    port: server.port,
    useSSL: false,
    accessKey: KEY.accessKey,
    secretKey: KEY.secretKey,
    retryOptions: { disableRetry: true },
    ...options,
  })

const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'none',
    (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
  )

async function listed(client: Client, prefix = '', recursive = true): Promise<string[]> {
  const found: string[] = []
  for await (const { name, prefix: common } of client.listObjectsV2(BUCKET, prefix, recursive))
    found.push(name ?? common ?? '')
  return found
}

describe('minio-js', () => {
  test.each(NAMES)('puts, looks at, gets, lists and removes %s', async (name) => {
    const client = clientOf()
    const { etag } = await client.putObject(BUCKET, name, 'hello', 5, {
      'Content-Type': 'image/jpeg',
      'X-Amz-Meta-Who': 'me',
    })
    expect(etag).toBe('5d41402abc4b2a76b9719d911017c592')
    expect(await client.statObject(BUCKET, name)).toEqual({
      size: 5,
      etag,
      lastModified: expect.any(Date),
      versionId: null,
      metaData: { 'content-type': 'image/jpeg', who: 'me' },
    })
    expect(await text(await client.getObject(BUCKET, name))).toBe('hello')
    expect(await text(await client.getPartialObject(BUCKET, name, 1, 3))).toBe('ell')
    expect(await listed(client)).toEqual([name])
    await client.removeObject(BUCKET, name)
    expect(await listed(client)).toEqual([])
  })

  test('reads what went wrong', async () => {
    const client = clientOf()
    expect(await codeOf(client.getObject(BUCKET, 'gone'))).toBe(
      'NoSuchKey: The specified key does not exist.',
    )
    expect(await codeOf(client.statObject(BUCKET, 'gone'))).toBe('NotFound: Not Found')
    expect(await codeOf(client.putObject('nowhere', 'a', 'x'))).toBe(
      'NoSuchBucket: The specified bucket does not exist',
    )
    expect(await codeOf(clientOf({ secretKey: 'wrong-secret' }).getObject(BUCKET, 'a'))).toMatch(
      /^SignatureDoesNotMatch: /,
    )
    expect(await codeOf(clientOf({ accessKey: 'nobody' }).getObject(BUCKET, 'a'))).toMatch(
      /^InvalidAccessKeyId: /,
    )
  })

  test('lists more objects than fit into a page, and removes them', {
    timeout: 60_000,
  }, async () => {
    const client = clientOf()
    const names = Array.from({ length: 1_100 }, (_, i) => `cam/${String(i).padStart(6, '0')}.jpg`)
    for (let i = 0; i < names.length; i += 100)
      await Promise.all(names.slice(i, i + 100).map((name) => client.putObject(BUCKET, name, 'x')))
    expect(await listed(client)).toEqual(names)
    expect(await listed(client, '', false)).toEqual(['cam/'])
    expect(await listed(client, 'cam/0010')).toEqual(names.slice(1_000))
    const older: string[] = []
    for await (const { name } of client.listObjects(BUCKET, '', true)) older.push(name ?? '')
    expect(older).toEqual(names)
    await client.removeObjects(BUCKET, names.slice(1))
    expect(await listed(client)).toEqual([names[0]])
  })

  test('makes, finds, empties and removes buckets', async () => {
    const client = clientOf()
    await client.makeBucket('another', 'us-east-1')
    expect((await client.listBuckets()).map(({ name }) => name)).toEqual(['another', BUCKET])
    expect([await client.bucketExists('another'), await client.bucketExists('nowhere')]).toEqual([
      true,
      false,
    ])
    await client.putObject('another', 'a', 'x')
    expect(await codeOf(client.removeBucket('another'))).toMatch(/^BucketNotEmpty: /)
    await client.removeObject('another', 'a')
    await client.removeBucket('another')
    expect(await client.bucketExists('another')).toBe(false)
  })

  test('copies', async () => {
    const client = clientOf()
    await client.putObject(BUCKET, '人 1', 'hello')
    await client.copyObject(
      new CopySourceOptions({ Bucket: BUCKET, Object: '人 1' }),
      new CopyDestinationOptions({ Bucket: BUCKET, Object: '人 2' }),
    )
    expect(await text(await client.getObject(BUCKET, '人 2'))).toBe('hello')
  })

  test('uploads a stream of unknown length in parts, and gives up what it does not end', async () => {
    const client = clientOf()
    const bytes = Buffer.alloc(1 << 20, 'aftershock')
    await client.putObject(BUCKET, 'stream', Readable.from([bytes]))
    expect((await buffer(await client.getObject(BUCKET, 'stream'))).equals(bytes)).toBe(true)
    expect((await client.statObject(BUCKET, 'stream')).etag).toMatch(/^[0-9a-f]{32}-1$/)
    const id = await client.initiateNewMultipartUpload(BUCKET, 'half', {})
    const open: unknown[] = []
    for await (const upload of client.listIncompleteUploads(BUCKET, '', true)) open.push(upload)
    expect(open).toMatchObject([{ key: 'half', uploadId: id }])
    await client.removeIncompleteUpload(BUCKET, 'half')
    expect(await client.findUploadId(BUCKET, 'half')).toBeUndefined()
  })

  test('finds the region of a bucket where it was told none', async () => {
    await using own = await startS3Server({
      clock: { now: () => Date.now() },
      credentials: KEY,
      region: 'cn-north-1',
      buckets: [BUCKET],
    })
    const client = clientOf({ port: own.port })
    await client.putObject(BUCKET, 'a', 'hello')
    expect(await client.getBucketRegionAsync(BUCKET)).toBe('cn-north-1')
    const lost = clientOf({ port: own.port, region: 'us-east-1' })
    // What XML escapes is what minio-js repeats.
    expect(await codeOf(lost.getObject(BUCKET, 'a'))).toBe(
      'AuthorizationHeaderMalformed: The authorization header is malformed; the region is wrong; expecting &#39;cn-north-1&#39;.',
    )
  })

  test.each([
    [-14, 'none'],
    [14, 'none'],
    [-16, 'RequestTimeTooSkewed'],
    [16, 'RequestTimeTooSkewed'],
  ])('signed again, by a clock %i min off', async (minutes, expected) => {
    const access = { ...KEY, endpoint: server.url, bucket: BUCKET }
    const transport = {
      request: (options: http.RequestOptions, answered: (r: http.IncomingMessage) => void) =>
        http.request(resign(options, access, Date.now() + minutes * 60_000), answered),
    }
    const client = clientOf({ region: KEY.region, transport: transport as typeof http })
    const code = await codeOf(client.putObject(BUCKET, '人 数+1.jpg', 'hello'))
    expect(code.split(':')[0]).toBe(expected)
    expect((await listed(clientOf())).length).toBe(expected === 'none' ? 1 : 0)
  })
})

describe('a presigned URL', () => {
  const ways = [
    ['fetch', fetch],
    ['undici', undici.fetch],
  ] as const

  describe.each(ways)('used by %s', (_, get) => {
    test.each(NAMES)('gets %s, or a part of it', async (name) => {
      const client = clientOf({ region: KEY.region })
      await client.putObject(BUCKET, name, 'hello')
      const url = await client.presignedGetObject(BUCKET, name, 60)
      expect(await (await get(url)).text()).toBe('hello')
      const part = await get(url, { headers: { range: 'bytes=-2' } })
      expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
        206,
        'bytes 3-4/5',
        'lo',
      ])
    })

    test('puts', async () => {
      const client = clientOf({ region: KEY.region })
      const url = await client.presignedPutObject(BUCKET, '人 1', 60)
      expect((await get(url, { method: 'PUT', body: 'hello' })).status).toBe(200)
      expect(await text(await client.getObject(BUCKET, '人 1'))).toBe('hello')
    })

    test('says why not', async () => {
      const client = clientOf({ region: KEY.region })
      const tell = async (name: string, date: Date) => {
        const answer = await get(await client.presignedGetObject(BUCKET, name, 60, {}, date))
        const [, code, message] = /<Code>(.*)<\/Code><Message>(.*)<\/Message>/.exec(
          await answer.text(),
        ) ?? ['', 'ok', '']
        return `${answer.status} ${code}: ${message}`
      }
      await client.putObject(BUCKET, 'there', 'hello')
      const ago = new Date(Date.now() - 120_000)
      const ahead = new Date(Date.now() + 20 * 60_000)
      expect([
        await tell('there', ago),
        await tell('gone', ago),
        await tell('gone', new Date()),
        await tell('there', ahead),
      ]).toEqual([
        '403 AccessDenied: Request has expired',
        '403 AccessDenied: Request has expired',
        '404 NoSuchKey: The specified key does not exist.',
        '403 AccessDenied: Request is not valid yet',
      ])
    })
  })
})
