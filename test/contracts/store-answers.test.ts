// What a store refuses, in which order and in which words: one table, held against the embedded server and MinIO.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UNSIGNED_PAYLOAD } from '../../src/worlds/real/sigv4.ts'
import {
  type Answer,
  KEY,
  md5,
  path,
  type S3Client,
  textsOf,
  told,
  UNKNOWN,
  type UrlOptions,
  WRONG_SECRET,
} from './s3-client.ts'
import { BUCKET, type Store, stores } from './stores.ts'

const NAME = '人数统计/cam1/000001.jpg'
const THERE = path(BUCKET, NAME)
const GONE = path(BUCKET, 'gone.jpg')
const NOWHERE = path('nowhere', 'gone.jpg')
const MINUTE_MS = 60_000

/** About which bucket and key an error says it is: about none where it was refused before anything was looked at. */
const about = (code: string, message: string, key = 'gone.jpg', bucket = BUCKET) =>
  `${code}: ${message} (${bucket}, ${key}, /${bucket}${key === '-' ? '' : `/${key}`})`
const early = (code: string, message: string, resource: string) =>
  `${code}: ${message} (-, -, ${resource})`
const inHeaders = (code: string, message: string) => `by headers: ${code}, "${message}"`

const EXPIRED = ['AccessDenied', 'Request has expired'] as const
const NOT_YET = ['AccessDenied', 'Request is not valid yet'] as const
const DENIED = ['AccessDenied', 'Access Denied.'] as const
const BAD_SIGNATURE = [
  'SignatureDoesNotMatch',
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
] as const
const UNKNOWN_KEY = [
  'InvalidAccessKeyId',
  'The Access Key Id you provided does not exist in our records.',
] as const
const TOO_SKEWED = [
  'RequestTimeTooSkewed',
  "The difference between the request time and the server's time is too large.",
] as const
const NO_KEY = ['NoSuchKey', 'The specified key does not exist.'] as const
const NO_BUCKET = ['NoSuchBucket', 'The specified bucket does not exist'] as const
const BAD_HASH = [
  'XAmzContentSHA256Mismatch',
  "The provided 'x-amz-content-sha256' header does not match what was computed.",
] as const
const BAD_NAME = [
  'XMinioInvalidObjectName',
  'Object name contains unsupported characters.',
] as const
const BAD_RESOURCE = [
  'XMinioInvalidResourceName',
  'Resource name contains bad components such as ".." or ".".',
] as const
const BAD_BUCKET = ['InvalidBucketName', 'The specified bucket is not valid.'] as const
const UNSUPPORTED = [
  'InvalidRequest',
  'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
] as const
const UNSIGNED = [
  'AccessDenied',
  'There were headers present in the request which were not signed',
] as const
const QUERY = 'AuthorizationQueryParametersError'
const CREDENTIAL = 'Error parsing the X-Amz-Credential parameter;'

type Row = readonly [name: string, ask: (s3: S3Client) => Promise<Answer>, answer: string]

const url =
  (target: string, options: UrlOptions = {}, method = 'GET') =>
  (s3: S3Client) =>
    s3.fetch(method, target, options)
const replaced = (what: RegExp | string, by: string): UrlOptions => ({
  spoil: (signed) => signed.replace(what, by),
})
const forged = (skewMs: number): UrlOptions => ({ skewMs, spoil: (signed) => `${signed}0` })
const authorized = (authorization: string) => (s3: S3Client) =>
  s3.call('GET', GONE, {
    spoil: (headers) => {
      headers.authorization = authorization
    },
  })
const credentials = (text: string) =>
  authorized(`AWS4-HMAC-SHA256 Credential=${text}, SignedHeaders=host, Signature=0`)

const presigned: readonly Row[] = [
  ['of what is there', url(THERE), '200: hello'],
  ['of what is missing', url(GONE), `404 ${about(...NO_KEY)}`],
  ['in a missing bucket', url(NOWHERE), `404 ${about(...NO_BUCKET, 'gone.jpg', 'nowhere')}`],
  ['expired', url(THERE, { skewMs: -2 * MINUTE_MS }), `403 ${about(...EXPIRED, NAME)}`],
  [
    'expired, of what is missing',
    url(GONE, { skewMs: -2 * MINUTE_MS }),
    `403 ${about(...EXPIRED)}`,
  ],
  [
    'expired, in a missing bucket',
    url(NOWHERE, { skewMs: -2 * MINUTE_MS }),
    `403 ${about(...EXPIRED, 'gone.jpg', 'nowhere')}`,
  ],
  ['expired, and badly signed', url(GONE, forged(-2 * MINUTE_MS)), `403 ${about(...EXPIRED)}`],
  [
    'expired, looked at',
    url(GONE, { skewMs: -2 * MINUTE_MS }, 'HEAD'),
    `403 ${inHeaders(...EXPIRED)}`,
  ],
  [
    'of no life at all',
    url(THERE, { expires: 0, skewMs: -2_000 }),
    `403 ${about(...EXPIRED, NAME)}`,
  ],
  ['of a week', url(THERE, { expires: 604_800 }), '200: hello'],
  ['dated 14 min 55 s ahead', url(THERE, { skewMs: 895_000 }), '200: hello'],
  ['dated 15 min 5 s ahead', url(THERE, { skewMs: 905_000 }), `403 ${about(...NOT_YET, NAME)}`],
  ['dated ahead, of what is missing', url(GONE, { skewMs: 905_000 }), `403 ${about(...NOT_YET)}`],
  ['dated ahead, and badly signed', url(GONE, forged(905_000)), `403 ${about(...NOT_YET)}`],
  [
    'of more than a week',
    url(GONE, { expires: 604_801 }),
    `400 ${about(QUERY, 'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds')}`,
  ],
  [
    'of a life before it began',
    url(GONE, { expires: -1 }),
    `400 ${about(QUERY, 'X-Amz-Expires must be non-negative')}`,
  ],
  ...['abc', ''].map(
    (expires): Row => [
      `of a life that is no number: '${expires}'`,
      url(GONE, { expires }),
      `400 ${about(QUERY, 'X-Amz-Expires should be a number')}`,
    ],
  ),
  // Read as whole seconds, written so, and then no longer what was signed.
  ...['1.5', '060', '+60'].map(
    (expires): Row => [
      `of a life written ${expires}`,
      url(GONE, { expires }),
      `403 ${about(...BAD_SIGNATURE)}`,
    ],
  ),
  ...['20250101', '20250231T000000Z', ''].map(
    (date): Row => [
      `dated '${date}'`,
      url(GONE, replaced(/X-Amz-Date=\w*/, `X-Amz-Date=${date}`)),
      `400 ${about(QUERY, `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)}`,
    ],
  ),
  ...['Algorithm', 'Date', 'Expires', 'SignedHeaders', 'Signature'].map(
    (name): Row => [
      `without ${name}`,
      url(GONE, replaced(new RegExp(`X-Amz-${name}=[^&]*&?`), '')),
      `400 ${about(QUERY, 'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.')}`,
    ],
  ),
  [
    'of another algorithm',
    url(GONE, replaced('HMAC-SHA256', 'HMAC-SHA1')),
    `400 ${about(QUERY, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256".')}`,
  ],
  [
    'for another service',
    url(GONE, replaced('%2Fs3%2F', '%2Fec2%2F')),
    `400 ${about('AuthorizationParametersError', 'Error parsing the Credential/X-Amz-Credential parameter; incorrect service. This endpoint belongs to "s3".')}`,
  ],
  [
    'with a host that is not signed',
    url(GONE, replaced('=host&', '=range&')),
    `400 ${about(...UNSIGNED)}`,
  ],
  [
    'with metadata that is not signed',
    url(GONE, { headers: { 'x-amz-meta-who': 'me' } }, 'PUT'),
    `400 ${about(...UNSIGNED)}`,
  ],
  ['badly signed', url(GONE, forged(0)), `403 ${about(...BAD_SIGNATURE)}`],
  ['with a parameter more', url(GONE, replaced(/$/, '&x=y')), `403 ${about(...BAD_SIGNATURE)}`],
  [
    'with another bucket',
    url(GONE, replaced(BUCKET, 'nowhere')),
    `403 ${about(...BAD_SIGNATURE, 'gone.jpg', 'nowhere')}`,
  ],
  ['used for a HEAD', url(THERE, { as: 'HEAD' }), `403 ${inHeaders(...BAD_SIGNATURE)}`],
  ['by nobody known', url(GONE, { key: UNKNOWN }), `403 ${about(...UNKNOWN_KEY)}`],
  [
    'by nobody known, expired',
    url(GONE, { key: UNKNOWN, skewMs: -2 * MINUTE_MS }),
    `403 ${about(...UNKNOWN_KEY)}`,
  ],
]

const signed: readonly Row[] = [
  ...[-14, 14].map(
    (minutes): Row => [
      `dated ${minutes} min off`,
      (s3) => s3.call('GET', THERE, { skewMs: minutes * MINUTE_MS }),
      '200: hello',
    ],
  ),
  ...[-16, 16].flatMap((minutes): Row[] => {
    const skewMs = minutes * MINUTE_MS
    const skewed = (resource: string) => `403 ${early(...TOO_SKEWED, resource)}`
    return [
      [
        `GET dated ${minutes} min off, of what is missing`,
        (s3) => s3.call('GET', GONE, { skewMs }),
        skewed('/images/gone.jpg'),
      ],
      [
        `PUT dated ${minutes} min off, in a missing bucket and badly signed`,
        (s3) => s3.call('PUT', NOWHERE, { skewMs, key: WRONG_SECRET, body: 'x' }),
        skewed('/nowhere/gone.jpg'),
      ],
      [
        `listing dated ${minutes} min off`,
        (s3) => s3.call('GET', `/${BUCKET}?list-type=2`, { skewMs }),
        skewed('/images'),
      ],
      // The one HEAD that says nothing at all.
      [`HEAD dated ${minutes} min off`, (s3) => s3.call('HEAD', THERE, { skewMs }), '403'],
      [
        `PUT in signed chunks dated ${minutes} min off`,
        (s3) => s3.putChunks(GONE, ['hello'], { skewMs }),
        skewed('/images/gone.jpg'),
      ],
    ]
  }),
  [
    'badly signed',
    (s3) => s3.call('GET', GONE, { key: WRONG_SECRET }),
    `403 ${about(...BAD_SIGNATURE)}`,
  ],
  [
    'HEAD badly signed',
    (s3) => s3.call('HEAD', GONE, { key: WRONG_SECRET }),
    `403 ${inHeaders(...BAD_SIGNATURE)}`,
  ],
  [
    'PUT badly signed, in a missing bucket',
    (s3) => s3.call('PUT', NOWHERE, { key: WRONG_SECRET, body: 'x' }),
    `403 ${about(...BAD_SIGNATURE, 'gone.jpg', 'nowhere')}`,
  ],
  [
    'by nobody known',
    (s3) => s3.call('GET', GONE, { key: UNKNOWN }),
    `403 ${about(...UNKNOWN_KEY)}`,
  ],
  [
    'HEAD by nobody known',
    (s3) => s3.call('HEAD', GONE, { key: UNKNOWN }),
    `403 ${inHeaders(...UNKNOWN_KEY)}`,
  ],
  [
    'for another region, where the store has none set',
    (s3) =>
      s3.call('GET', THERE, {
        key: { accessKey: 'aftershock', secretKey: 'aftershock-secret', region: 'mars-1' },
      }),
    '200: hello',
  ],
  ['by nobody', (s3) => s3.send('GET', GONE, { host: s3.host }), `403 ${about(...DENIED)}`],
  [
    'HEAD by nobody',
    (s3) => s3.send('HEAD', GONE, { host: s3.host }),
    `403 ${inHeaders(...DENIED)}`,
  ],
  [
    'of buckets by nobody',
    (s3) => s3.send('GET', '/', { host: s3.host }),
    `403 ${early(...DENIED, '/')}`,
  ],
  [
    'in headers and URL at once',
    (s3) => s3.call('GET', `${GONE}?X-Amz-Credential=x`),
    `400 ${early('InvalidRequest', 'Invalid Request (request has multiple authentication types, please use one)', '/images/gone.jpg')}`,
  ],
  ['by a password', authorized('Basic YTpi'), `400 ${early(...UNSUPPORTED, '/images/gone.jpg')}`],
  [
    'without a date',
    (s3) => s3.call('GET', GONE, { spoil: (headers) => delete headers['x-amz-date'] }),
    `400 ${early('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header', '/images/gone.jpg')}`,
  ],
  [
    'dated yesterday, in words',
    (s3) =>
      s3.call('GET', GONE, {
        spoil: (headers) => {
          headers['x-amz-date'] = 'yesterday'
        },
      }),
    `400 ${early('MalformedDate', 'Invalid date format header, expected to be in ISO8601, RFC1123 or RFC1123Z time format.', '/images/gone.jpg')}`,
  ],
  [
    'with nothing',
    authorized('AWS4-HMAC-SHA256'),
    `400 ${about('MissingFields', 'Missing fields in request.')}`,
  ],
  [
    'without a credential',
    authorized('AWS4-HMAC-SHA256 Key=a, SignedHeaders=host, Signature=0'),
    `400 ${about('InvalidRequest', 'Missing Credential field for this request.')}`,
  ],
  [
    'without a signature',
    authorized(
      'AWS4-HMAC-SHA256 Credential=aftershock/20250101/us-east-1/s3/aws4_request, SignedHeaders=host, Sign=0',
    ),
    `400 ${about('AccessDenied', 'Signature header missing Signature field.')}`,
  ],
  [
    'with half a credential',
    credentials('aftershock/20250101'),
    `400 ${about(QUERY, `${CREDENTIAL} the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`)}`,
  ],
  [
    'of a day that is none',
    credentials('aftershock/2025/us-east-1/s3/aws4_request'),
    `400 ${about(QUERY, `${CREDENTIAL} incorrect date format. This date in the credential must be in the format "yyyyMMdd".`)}`,
  ],
  [
    'of another end',
    credentials('aftershock/20250101/us-east-1/s3/aws9_request'),
    `400 ${about(QUERY, `${CREDENTIAL} incorrect terminal. This endpoint uses "aws4_request".`)}`,
  ],
]

const bodies: readonly Row[] = [
  [
    'another than was signed',
    (s3) => s3.call('PUT', GONE, { body: 'hello', payload: '0'.repeat(64) }),
    `400 ${about(...BAD_HASH)}`,
  ],
  [
    'signed as nothing',
    (s3) =>
      s3.call('PUT', GONE, {
        body: 'hello',
        payload: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      }),
    `400 ${about(...BAD_HASH)}`,
  ],
  [
    'signed with a word',
    (s3) => s3.call('PUT', GONE, { body: 'hello', payload: 'nonsense' }),
    `400 ${about(...BAD_HASH)}`,
  ],
  [
    'of another MD5',
    (s3) => s3.call('PUT', GONE, { body: 'hello', headers: { 'content-md5': md5('other') } }),
    `400 ${about('BadDigest', 'The Content-Md5 you specified did not match what we received.')}`,
  ],
  [
    'of an MD5 that is none, badly signed',
    (s3) =>
      s3.call('PUT', GONE, { body: 'x', headers: { 'content-md5': 'zz' }, key: WRONG_SECRET }),
    `400 ${about('InvalidDigest', 'The Content-Md5 you specified is not valid.')}`,
  ],
  [
    'of another checksum',
    (s3) =>
      s3.call('PUT', GONE, { body: 'hello', headers: { 'x-amz-checksum-crc32': 'AAAAAA==' } }),
    `400 ${about('XAmzContentChecksumMismatch', "The provided 'x-amz-checksum' header does not match what was computed.")}`,
  ],
  [
    'of unknown length',
    (s3) =>
      s3.call('PUT', GONE, {
        body: 'hello',
        spoil: (headers) => {
          delete headers['content-length']
          headers['transfer-encoding'] = 'chunked'
        },
      }),
    `411 ${about('MissingContentLength', 'You must provide the Content-Length HTTP header.')}`,
  ],
  [
    'in chunks of which one was changed',
    (s3) =>
      s3.putChunks(GONE, ['hello ', 'world'], { spoil: (body) => body.replace('world', 'w0rld') }),
    `403 ${about(...BAD_SIGNATURE)}`,
  ],
  [
    'in chunks that are none',
    (s3) => s3.putChunks(GONE, ['hello'], { spoil: (body) => `zz${body}` }),
    `400 ${about('BadRequest', 'malformed chunked encoding')}`,
  ],
  [
    'in a chunk that is too large',
    (s3) => s3.putChunks(GONE, ['hello'], { spoil: (body) => body.replace('5', '2000000') }),
    `400 ${about('BadRequest', 'chunk too big: choose chunk size <= 16MiB')}`,
  ],
  [
    'in chunks that end too soon',
    (s3) => s3.putChunks(GONE, ['hello'], { spoil: (body) => body.slice(0, 85) }),
    `400 ${about('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header.')}`,
  ],
  [
    'in chunks, with a trailer that was changed',
    (s3) =>
      s3.putChunks(GONE, ['hello'], {
        trailer: 'x-amz-checksum-crc32:NhCmhg==',
        spoil: (body) => body.replace('NhCmhg', 'AAAAAA'),
      }),
    `403 ${about(...BAD_SIGNATURE)}`,
  ],
  [
    'in unsigned chunks, with the checksum of something else',
    (s3) =>
      s3.putChunks(GONE, ['hello'], { trailer: 'x-amz-checksum-crc32:AAAAAA==', unsigned: true }),
    `400 ${about('XAmzContentChecksumMismatch', "The provided 'x-amz-checksum' header does not match what was computed.")}`,
  ],
  ['and none of them was kept', (s3) => s3.call('HEAD', GONE), `404 ${inHeaders(...NO_KEY)}`],
]

const missing: readonly Row[] = [
  ['GET', (s3) => s3.call('GET', GONE), `404 ${about(...NO_KEY)}`],
  ['HEAD', (s3) => s3.call('HEAD', GONE), `404 ${inHeaders(...NO_KEY)}`],
  ['DELETE', (s3) => s3.call('DELETE', GONE), '204'],
  [
    'GET in a missing bucket',
    (s3) => s3.call('GET', NOWHERE),
    `404 ${about(...NO_BUCKET, 'gone.jpg', 'nowhere')}`,
  ],
  ['HEAD in a missing bucket', (s3) => s3.call('HEAD', NOWHERE), `404 ${inHeaders(...NO_BUCKET)}`],
  [
    'PUT in a missing bucket',
    (s3) => s3.call('PUT', NOWHERE, { body: 'x' }),
    `404 ${about(...NO_BUCKET, 'gone.jpg', 'nowhere')}`,
  ],
  [
    'DELETE in a missing bucket',
    (s3) => s3.call('DELETE', NOWHERE),
    `404 ${about(...NO_BUCKET, 'gone.jpg', 'nowhere')}`,
  ],
  [
    'a listing of a missing bucket',
    (s3) => s3.call('GET', '/nowhere?list-type=2'),
    `404 ${about(...NO_BUCKET, '-', 'nowhere')}`,
  ],
  [
    'the place of a missing bucket',
    (s3) => s3.call('GET', '/nowhere?location'),
    `404 ${about(...NO_BUCKET, '-', 'nowhere')}`,
  ],
  [
    'HEAD of a missing bucket',
    (s3) => s3.call('HEAD', '/nowhere'),
    `404 ${inHeaders(...NO_BUCKET)}`,
  ],
  [
    'DELETE of a missing bucket',
    (s3) => s3.call('DELETE', '/nowhere'),
    `404 ${about(...NO_BUCKET, '-', 'nowhere')}`,
  ],
  [
    'a bucket made again',
    (s3) => s3.call('PUT', `/${BUCKET}`),
    `409 ${about('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.', '-')}`,
  ],
  [
    'DELETE of a bucket that is not empty',
    (s3) => s3.call('DELETE', `/${BUCKET}`),
    `409 ${about('BucketNotEmpty', 'The bucket you tried to delete is not empty', '-')}`,
  ],
]

const names: readonly Row[] = [
  ...['a//b', 'x'.repeat(256), 'nul\0'].flatMap((key): Row[] =>
    ['GET', 'PUT', 'DELETE'].map((method) => [
      `${method} of ${key.slice(0, 8)}`,
      (s3) => s3.call(method, path(BUCKET, key), { payload: UNSIGNED_PAYLOAD }),
      `400 ${about(...BAD_NAME, key.replace('\0', '\ufffd'))}`,
    ]),
  ),
  [
    'PUT of a name of more than 1,024 bytes',
    (s3) => s3.call('PUT', path(BUCKET, `${'人/'.repeat(257)}`)),
    `400 ${about('KeyTooLongError', 'Your key is too long', '人/'.repeat(257))}`,
  ],
  ...['a/../b', 'a/./b', '..', 'a\\..\\b', ' . '].map(
    (key): Row => [
      `GET of ${key}`,
      (s3) => s3.call('GET', path(BUCKET, key)),
      `400 ${early(...BAD_RESOURCE, `/${BUCKET}/${key}`)}`,
    ],
  ),
  [
    'a listing of ../x',
    (s3) => s3.call('GET', `/${BUCKET}?prefix=../x`),
    `400 ${early(...BAD_RESOURCE, `/${BUCKET}`)}`,
  ],
  ...['ab', 'Capital', 'under_score', 'a..b', 'a-.b', '-ab', '10.0.0.1', 'x'.repeat(64)].map(
    (name): Row => [
      `a bucket ${name.slice(0, 12)}`,
      (s3) => s3.call('PUT', `/${name}`),
      `400 ${early(...BAD_BUCKET, `/${name}`)}`,
    ],
  ),
  [
    'headers of more than 8 kB',
    (s3) =>
      s3.call('GET', THERE, {
        spoil: (headers) => {
          headers['x-filling'] = 'x'.repeat(9_000)
        },
      }),
    `400 ${early('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size.', `/${BUCKET}/${NAME}`)}`,
  ],
  [
    'metadata of more than 2 kB',
    (s3) => s3.call('PUT', GONE, { headers: { 'x-amz-meta-much': 'x'.repeat(2_100) } }),
    `400 ${early('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size.', '/images/gone.jpg')}`,
  ],
  ...['PATCH', 'POST'].map(
    (method): Row => [
      `${method} of an object`,
      (s3) => s3.call(method, GONE),
      `400 ${early('BadRequest', `An unsupported API call for method: ${method} at '/images/gone.jpg'`, '/images/gone.jpg')}`,
    ],
  ),
]

describe.each(stores)('$name', (arm) => {
  let store: Store
  if (arm.lacks === undefined) {
    beforeAll(async () => {
      store = await arm.start()
      await store.client.call('PUT', THERE, { body: 'hello' })
    })
    afterAll(() => store[Symbol.asyncDispose]())
  }

  describe.skipIf(arm.lacks !== undefined).each([
    ['a presigned URL', presigned],
    ['a request signed in its headers', signed],
    ['a body', bodies],
    ['what is missing', missing],
    ['what cannot be', names],
  ])('%s', (_, rows) => {
    test.each(rows)('%s', async (_name, ask, answer) => {
      expect(told(await ask(store.client))).toBe(answer)
    })
  })
  test.skipIf(arm.lacks !== undefined)('a store of another region', async () => {
    const region = 'cn-north-1'
    await using own = await arm.start(region)
    const ask = async (method: string, target: string, key = KEY) => {
      const answer = await own.client.call(method, target, { key })
      expect(answer.headers['x-amz-bucket-region']).toBe(region)
      return [told(answer), ...textsOf(answer.body, 'Region')]
    }
    const wrong = [
      'AuthorizationHeaderMalformed',
      "The authorization header is malformed; the region is wrong; expecting 'cn-north-1'.",
    ] as const
    expect([
      await ask('GET', GONE),
      await ask('HEAD', GONE),
      await ask('GET', `/${BUCKET}?list-type=2`),
      await ask('GET', GONE, { ...KEY, region }),
    ]).toEqual([
      [`400 ${about(...wrong)}`, region],
      [`400 ${inHeaders(...wrong)}`],
      [`400 ${about(...wrong, '-')}`, region],
      [`404 ${about(...NO_KEY)}`, region],
    ])
    // How clients find out.
    expect((await ask('GET', `/${BUCKET}?location`))[0]).toContain(
      `>${region}</LocationConstraint>`,
    )
    expect((await ask('GET', '/'))[0]).toContain(`<Name>${BUCKET}</Name>`)
    expect(told(await own.client.fetch('GET', GONE))).toBe(`400 ${about(...wrong)}`)
  })
})
