// The embedded server by a clock that is given to it: every limit to the millisecond, and what it dates by it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Refusal } from '../../../src/worlds/real/s3/refusals.ts'
import { refusalReply } from '../../../src/worlds/real/s3/reply.ts'
import { type S3Server, startS3Server } from '../../../src/worlds/real/s3/server.ts'
import { path, S3Client, textsOf, told } from '../../contracts/s3-client.ts'
import { KEY } from './sigv4-vectors.ts'

const BUCKET = 'images'
const NOW_MS = Date.UTC(2025, 10, 13, 3, 20, 50)
const MINUTE_MS = 60_000
const THERE = path(BUCKET, '人数统计/1.jpg')

let nowMs: number
let server: S3Server
let s3: S3Client
beforeEach(async () => {
  nowMs = NOW_MS
  server = await startS3Server({
    clock: { now: () => nowMs },
    credentials: KEY,
    buckets: [BUCKET],
  })
  s3 = new S3Client(server.url, () => nowMs)
  await s3.call('PUT', THERE, { body: 'hello' })
})
afterEach(() => server[Symbol.asyncDispose]())

describe('a presigned URL of an hour', () => {
  const at = async (ageMs: number) => {
    const target = THERE
    let url = ''
    await s3.fetch('GET', target, {
      expires: 3_600,
      spoil: (signed) => {
        url = signed
        return signed
      },
    })
    nowMs += ageMs
    return told(await s3.send('GET', url, { host: s3.host })).split(' (')[0]
  }
  const EXPIRED = '403 AccessDenied: Request has expired'
  const NOT_YET = '403 AccessDenied: Request is not valid yet'

  test.each([
    [0, '200: hello'],
    [3_600_000, '200: hello'],
    [3_600_001, EXPIRED],
    [-15 * MINUTE_MS, '200: hello'],
    [-15 * MINUTE_MS - 1, NOT_YET],
  ])('%i ms after it was signed', async (ageMs, expected) => {
    expect(await at(ageMs)).toBe(expected)
  })
})

test.each([
  [15 * MINUTE_MS, '200: hello'],
  [-15 * MINUTE_MS, '200: hello'],
  [15 * MINUTE_MS + 1_000, '403 RequestTimeTooSkewed'],
  [-15 * MINUTE_MS - 1_000, '403 RequestTimeTooSkewed'],
])('a request signed %i ms off', async (skewMs, expected) => {
  expect(told(await s3.call('GET', THERE, { skewMs })).split(': The')[0]).toBe(expected)
})

test('everything is dated by it', async () => {
  const got = await s3.call('HEAD', THERE)
  expect([got.headers.date, got.headers['last-modified']]).toEqual([
    'Thu, 13 Nov 2025 03:20:50 GMT',
    'Thu, 13 Nov 2025 03:20:50 GMT',
  ])
  nowMs += 1_234
  await s3.call('PUT', path(BUCKET, 'later'), { body: 'x' })
  const { body, headers } = await s3.call('GET', `/${BUCKET}?list-type=2`)
  expect([headers.date, textsOf(body, 'LastModified')]).toEqual([
    'Thu, 13 Nov 2025 03:20:51 GMT',
    ['2025-11-13T03:20:51.234Z', '2025-11-13T03:20:50.000Z'],
  ])
  expect(textsOf((await s3.call('GET', '/')).body, 'CreationDate')).toEqual([
    '2025-11-13T03:20:50.000Z',
  ])
})

test('an error answer, byte for byte', async () => {
  const answer = await s3.call('GET', path(BUCKET, '人 <&>'))
  expect(answer).toEqual({
    status: 404,
    headers: {
      'accept-ranges': 'bytes',
      connection: 'close',
      'content-length': '299',
      'content-type': 'application/xml',
      date: 'Thu, 13 Nov 2025 03:20:50 GMT',
      server: 'Aftershock',
      'x-amz-id-2': 'aftershock',
      'x-amz-request-id': '0000000000000002',
    },
    body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>人 &lt;&amp;&gt;</Key><BucketName>images</BucketName><Resource>/images/人 &lt;&amp;&gt;</Resource><RequestId>0000000000000002</RequestId><HostId>aftershock</HostId></Error>',
  })
})

test.each([503, 429])('whoever is answered %i is told when to come again', (status) => {
  const refusal = new Refusal({ status, code: 'SlowDown', message: 'Please reduce your rate.' })
  const about = {
    method: 'GET',
    resource: '/images',
    bucket: BUCKET,
    region: 'us-east-1',
    requestId: '1',
    hostId: 'h',
  }
  expect(refusalReply(refusal, about)).toEqual({
    status,
    headers: { 'retry-after': '60', 'content-type': 'application/xml' },
    body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code><Message>Please reduce your rate.</Message><BucketName>images</BucketName><Resource>/images</Resource><Region>us-east-1</Region><RequestId>1</RequestId><HostId>h</HostId></Error>',
  })
})
