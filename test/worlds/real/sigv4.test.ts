// Signatures: the examples of S3's own documentation, requests that others signed, and changes that must be noticed.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { must } from '../../../src/base/assert.ts'
import {
  type Claim,
  chunkSignature,
  EMPTY_SHA256,
  encode,
  type Headers,
  presign,
  type Signable,
  sha256,
  signatureOf,
  signHeaders,
  UNSIGNED_PAYLOAD,
  verify,
} from '../../../src/worlds/real/sigv4.ts'
import { amzDate, amzDateMs } from '../../../src/worlds/store/amz-date.ts'
import { DATE, HOST, KEY, VECTORS } from './sigv4-vectors.ts'

const AT_MS = must(amzDateMs(DATE), 'a date')

describe('the examples of the documentation', () => {
  const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
  const AT = { date: '20130524T000000Z', day: '20130524', region: 'us-east-1' }

  const signed = (
    method: string,
    target: string,
    more: Headers,
    payload: string,
    host = 'examplebucket.s3.amazonaws.com',
  ): [string, Claim] => {
    const headers = { host, 'x-amz-content-sha256': payload, 'x-amz-date': AT.date, ...more }
    const claim = { ...AT, signedHeaders: Object.keys(headers), payload }
    return [signatureOf({ method, target, headers }, claim, SECRET), claim]
  }

  test.each([
    [
      'a GET of a range',
      signed('GET', '/test.txt', { range: 'bytes=0-9' }, EMPTY_SHA256),
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'a PUT',
      signed(
        'PUT',
        '/test%24file.text',
        { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
        sha256('Welcome to Amazon S3.'),
      ),
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    [
      'a parameter without a value',
      signed('GET', '/?lifecycle', {}, EMPTY_SHA256),
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'a listing',
      signed('GET', '/?max-keys=2&prefix=J', {}, EMPTY_SHA256),
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('%s', (_, [signature], expected) => {
    expect(signature).toBe(expected)
  })

  test('a presigned URL', () => {
    const key = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: SECRET, region: 'us-east-1' }
    const headers = { host: 'examplebucket.s3.amazonaws.com' }
    const atMs = must(amzDateMs(AT.date), 'a date')
    expect(presign({ method: 'GET', target: '/test.txt', headers }, key, atMs, 86_400)).toBe(
      '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    )
  })

  /** 65 kB of the letter a, in chunks of 64 kB and 1 kB and the empty last one. */
  const chunked = (payload: string, more: Headers) => {
    const [seed, claim] = signed(
      'PUT',
      '/examplebucket/chunkObject.txt',
      {
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': '66560',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        ...more,
      },
      payload,
      's3.amazonaws.com',
    )
    const signatures = [seed]
    const next = (data: string, trails = false) =>
      signatures.push(
        chunkSignature({ hash: sha256(data), trails }, signatures.at(-1) ?? '', claim, SECRET),
      )
    for (const length of [65_536, 1_024, 0]) next('a'.repeat(length))
    return { signatures, next }
  }

  test('a body signed in chunks', () => {
    const { signatures } = chunked('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {
      'content-length': '66824',
    })
    expect(signatures).toEqual([
      '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ])
  })

  test('and one with a trailer', () => {
    const { signatures, next } = chunked('STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', {
      'x-amz-trailer': 'x-amz-checksum-crc32c',
    })
    next('x-amz-checksum-crc32c:sOO8/Q==\n', true)
    expect(signatures).toEqual([
      '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
      'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
    ])
  })
})

describe.each(VECTORS)('$method $target, as others sign it', (vector) => {
  const { method, target, headers, payload } = vector

  test('in its headers', () => {
    const request = { method, target, headers: { host: HOST, ...headers }, payload }
    const [names, signature] = vector.signed
    expect(signHeaders(request, KEY, AT_MS)).toEqual({
      host: HOST,
      ...headers,
      'x-amz-content-sha256': payload,
      'x-amz-date': DATE,
      authorization: `AWS4-HMAC-SHA256 Credential=aftershock/20251113/us-east-1/s3/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
    })
  })

  test('in its URL', () => {
    const url = presign({ method, target, headers: { host: HOST } }, KEY, AT_MS, 3_600)
    expect(url).toBe(
      `${target}${target.includes('?') ? '&' : '?'}X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=aftershock%2F20251113%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=${DATE}&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=${vector.presigned}`,
    )
  })
})

describe('verification', () => {
  const request: Signable = {
    method: 'GET',
    target: `/images/${encode('人数统计')}/1.jpg?x=1`,
    headers: { host: HOST, range: 'bytes=0-1' },
  }
  const claim: Claim = {
    date: DATE,
    day: '20251113',
    region: 'us-east-1',
    signedHeaders: ['host', 'range'],
    payload: UNSIGNED_PAYLOAD,
  }
  const signature = signatureOf(request, claim, 'secret')
  const holds = (
    r: Partial<Signable> = {},
    c: Partial<Claim> = {},
    s = signature,
    secret = 'secret',
  ) => verify({ ...request, ...r }, { ...claim, ...c }, s, secret)

  test('sees through other ways of writing the same', () => {
    expect(holds()).toBe(true)
    expect(holds({ target: request.target.toLowerCase() })).toBe(true)
    expect(holds({ target: request.target.replace('1.jpg', '%31.jpg') })).toBe(true)
    expect(holds({ headers: { ...request.headers, range: '  bytes=0-1 ' } })).toBe(true)
    expect(holds({ headers: { ...request.headers, unsigned: 'added' } })).toBe(true)
    expect(holds({}, { signedHeaders: ['range', 'host'] })).toBe(true)
  })

  test.each<[string, boolean]>([
    ['method', holds({ method: 'PUT' })],
    ['path', holds({ target: request.target.replace('1.jpg', '2.jpg') })],
    ['query', holds({ target: `${request.target}&y=2` })],
    ['signed header', holds({ headers: { host: HOST, range: 'bytes=0-2' } })],
    ['list of signed headers', holds({}, { signedHeaders: ['host'] })],
    ['date', holds({}, { date: '20251113T032051Z' })],
    ['day', holds({}, { day: '20251114' })],
    ['region', holds({}, { region: 'eu-west-1' })],
    ['payload', holds({}, { payload: EMPTY_SHA256 })],
    [
      'signature',
      holds(
        {},
        {},
        signature.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
      ),
    ],
    ['signature, cut', holds({}, {}, signature.slice(1))],
    ['signature, gone', holds({}, {}, '')],
    ['secret', holds({}, {}, signature, 'Secret')],
  ])('notices a changed %s', (_, held) => {
    expect(held).toBe(false)
  })

  test('what is signed is what verifies, whatever the key, the parameters and the date', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1 }),
        fc.array(fc.tuple(text, text)),
        fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
        (path, parameters, date) => {
          const query = parameters.map((pair) => pair.map(encode).join('=')).join('&')
          const target = `/${path.map(encode).join('/')}?${query}`
          const url = presign({ method: 'GET', target, headers: { host: HOST } }, KEY, +date, 60)
          const own = must(/X-Amz-Signature=(\w+)$/.exec(url)?.[1], 'signed')
          const at = amzDate(+date)
          const read: Claim = {
            date: at,
            day: at.slice(0, 8),
            region: KEY.region,
            signedHeaders: ['host'],
            payload: UNSIGNED_PAYLOAD,
          }
          const sent = { method: 'GET', target: url, headers: { host: HOST } }
          expect(verify(sent, read, own, KEY.secretKey)).toBe(true)
        },
      ),
    )
  })
})
