// What a store does with objects: put, got, looked at, copied and removed; on the embedded server and on MinIO.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, md5, path, type S3Client, textsOf, told } from './s3-client.ts'
import { BUCKET, type Store, stores } from './stores.ts'

const KEYS = [
  '人数统计/cam1/000001.jpg',
  'a b',
  'a+b',
  '100%',
  '%2F',
  'a&b=c',
  '~tilde',
  "q'u(o)t*e!",
  'a:b;c@d$e,f',
  'é',
  '🚗',
  '\ufffd',
  '#hash?',
  'a"b<c>',
  'deep/er/still/x',
  'a',
  'a/b',
  'z'.repeat(255),
]

/** What an answer says of an object. */
const shown = ({ status, headers, body }: Answer) => ({
  status,
  body,
  type: headers['content-type'],
  length: headers['content-length'],
  etag: headers.etag,
  range: headers['content-range'],
})
const HELLO = { type: 'binary/octet-stream', etag: '"5d41402abc4b2a76b9719d911017c592"' }

const deleteOf = (keys: readonly string[], quiet = false) =>
  `<Delete>${quiet ? '<Quiet>true</Quiet>' : ''}${keys.map((key) => `<Object><Key>${key.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</Key></Object>`).join('')}</Delete>`

const removeMany = (s3: S3Client, body: string) =>
  s3.call('POST', `/${BUCKET}?delete`, { body, headers: { 'content-md5': md5(body) } })

async function empty(s3: S3Client): Promise<void> {
  for (;;) {
    const { body } = await s3.call('GET', `/${BUCKET}?list-type=2&encoding-type=url`)
    const keys = textsOf(body, 'Key').map((key) => decodeURIComponent(key.replaceAll('+', ' ')))
    if (keys.length === 0) return
    for (const key of keys) await s3.call('DELETE', path(BUCKET, key))
  }
}

const put = (s3: S3Client, key: string, body = key) => s3.call('PUT', path(BUCKET, key), { body })

describe.each(stores)('$name', (arm) => {
  let store: Store
  let s3: S3Client
  if (arm.lacks === undefined) {
    beforeAll(async () => {
      store = await arm.start()
      s3 = store.client
    })
    afterAll(() => store[Symbol.asyncDispose]())
    beforeEach(() => empty(s3))
  }

  describe.skipIf(arm.lacks !== undefined)('one object', () => {
    test.each(KEYS.map((key) => [key.slice(0, 20), key]))('%s comes back', async (_, key) => {
      expect(told(await put(s3, key))).toBe('200')
      expect((await s3.call('GET', path(BUCKET, key))).body).toBe(key)
      expect((await s3.fetch('GET', path(BUCKET, key))).body).toBe(key)
      expect(textsOf((await s3.call('GET', `/${BUCKET}?list-type=2`)).body, 'Key')).toEqual([key])
      expect(told(await s3.call('DELETE', path(BUCKET, key)))).toBe('204')
      expect((await s3.call('GET', path(BUCKET, key))).status).toBe(404)
    })

    test('is given back as it was put, and described alike to all who look', async () => {
      await s3.call('PUT', path(BUCKET, 'typed'), {
        body: 'hello',
        headers: {
          'content-type': 'image/jpeg',
          'cache-control': 'no-cache',
          'content-encoding': 'gzip',
          'x-amz-meta-who': 'me',
          'x-amz-meta-where': 'here, there',
        },
      })
      const looks = ['GET', 'HEAD'].map((method) => s3.call(method, path(BUCKET, 'typed')))
      for (const { headers } of await Promise.all(looks))
        expect(headers).toMatchObject({
          'accept-ranges': 'bytes',
          'cache-control': 'no-cache',
          'content-encoding': 'gzip',
          'content-length': '5',
          'content-type': 'image/jpeg',
          etag: HELLO.etag,
          'last-modified': expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/),
          'x-amz-meta-where': 'here, there',
          'x-amz-meta-who': 'me',
        })
      const asked = `${path(BUCKET, 'typed')}?response-content-type=text%2Fplain&response-cache-control=public`
      const { headers } = await s3.fetch('GET', asked)
      expect(headers).toMatchObject({ 'content-type': 'text/plain', 'cache-control': 'public' })
    })

    test('is replaced by the next of its name', async () => {
      await put(s3, 'a', 'first')
      await put(s3, 'a', 'second')
      expect((await s3.call('GET', path(BUCKET, 'a'))).body).toBe('second')
    })

    test.each([
      ['bytes=1-2', { status: 206, body: 'el', length: '2', range: 'bytes 1-2/5' }],
      ['bytes=0-0', { status: 206, body: 'h', length: '1', range: 'bytes 0-0/5' }],
      ['bytes=1-', { status: 206, body: 'ello', length: '4', range: 'bytes 1-4/5' }],
      ['bytes=-2', { status: 206, body: 'lo', length: '2', range: 'bytes 3-4/5' }],
      ['bytes=-99', { status: 206, body: 'hello', length: '5', range: 'bytes 0-4/5' }],
      ['bytes=3-99', { status: 206, body: 'lo', length: '2', range: 'bytes 3-4/5' }],
      // What is no range that S3 knows is not there.
      ...['bytes=a-b', 'bytes=', 'bytes=-', '0-1', 'bytes=0-1,3-4', 'Bytes=1-2', 'bytes= 1-2'].map(
        (range): [string, object] => [
          range,
          { status: 200, body: 'hello', length: '5', range: undefined },
        ],
      ),
    ])('range %s', async (range, expected) => {
      await put(s3, 'a', 'hello')
      const got = await s3.call('GET', path(BUCKET, 'a'), { headers: { range } })
      expect(shown(got)).toEqual({ ...HELLO, ...expected })
      const looked = await s3.call('HEAD', path(BUCKET, 'a'), { headers: { range } })
      expect(shown(looked)).toEqual({ ...HELLO, ...expected, body: '' })
    })

    const unsatisfiable = (message: string) =>
      `416 InvalidRange: ${message} (${BUCKET}, a, /${BUCKET}/a)`
    test.each([
      ['bytes=5-', unsatisfiable("The requested range 'bytes=5--1' is not satisfiable")],
      ['bytes=9-10', unsatisfiable("The requested range 'bytes=9-10' is not satisfiable")],
      ['bytes=3-1', unsatisfiable('The requested range is not satisfiable')],
      ['bytes=-0', unsatisfiable('The requested range is not satisfiable')],
    ])('no range %s', async (range, expected) => {
      await put(s3, 'a', 'hello')
      expect(told(await s3.call('GET', path(BUCKET, 'a'), { headers: { range } }))).toBe(expected)
    })

    test('may be empty', async () => {
      await put(s3, 'a', '')
      const etag = '"d41d8cd98f00b204e9800998ecf8427e"'
      const type = HELLO.type
      expect(shown(await s3.call('GET', path(BUCKET, 'a')))).toEqual({
        status: 200,
        body: '',
        type,
        length: '0',
        etag,
        range: undefined,
      })
      expect(
        told(await s3.call('GET', path(BUCKET, 'a'), { headers: { range: 'bytes=0-' } })),
      ).toBe(unsatisfiable("The requested range 'bytes=0--1' is not satisfiable"))
    })

    const FAILED = `412 PreconditionFailed: At least one of the pre-conditions you specified did not hold (${BUCKET}, a, /${BUCKET}/a)`
    const PAST = 'Wed, 01 Jan 2020 00:00:00 GMT'
    const FUTURE = 'Fri, 01 Jan 2098 00:00:00 GMT'
    test.each([
      [{ 'if-match': HELLO.etag }, '200: hello'],
      [{ 'if-match': '5d41402abc4b2a76b9719d911017c592' }, '200: hello'],
      [{ 'if-match': '*' }, '200: hello'],
      [{ 'if-match': '"other"' }, FAILED],
      [{ 'if-none-match': '"other"' }, '200: hello'],
      [{ 'if-none-match': HELLO.etag }, '304'],
      [{ 'if-none-match': '*' }, '304'],
      [{ 'if-modified-since': PAST }, '200: hello'],
      [{ 'if-modified-since': FUTURE }, '304'],
      [{ 'if-unmodified-since': PAST }, FAILED],
      [{ 'if-unmodified-since': FUTURE }, '200: hello'],
      [{ 'if-match': '"other"', 'if-unmodified-since': FUTURE }, FAILED],
      [{ 'if-match': HELLO.etag, 'if-unmodified-since': PAST }, '200: hello'],
      [{ 'if-modified-since': 'once', 'if-unmodified-since': 'never' }, '200: hello'],
    ])('got on condition of %o', async (headers, expected) => {
      await put(s3, 'a', 'hello')
      const conditions: Record<string, string> = { ...headers }
      expect(told(await s3.call('GET', path(BUCKET, 'a'), { headers: conditions }))).toBe(expected)
    })

    test.each([
      ['a', { 'if-none-match': '*' }, FAILED],
      ['a', { 'if-match': '"other"' }, FAILED],
      ['a', { 'if-match': HELLO.etag }, '200'],
      ['b', { 'if-none-match': '*' }, '200'],
      [
        'b',
        { 'if-match': HELLO.etag },
        `404 NoSuchKey: The specified key does not exist. (${BUCKET}, b, /${BUCKET}/b)`,
      ],
    ])('put as %s on condition of %o', async (key, headers, expected) => {
      await put(s3, 'a', 'hello')
      const conditions: Record<string, string> = { ...headers }
      const answer = await s3.call('PUT', path(BUCKET, key), { body: 'new', headers: conditions })
      expect(told(answer)).toBe(expected)
      const kept = await s3.call('GET', path(BUCKET, 'a'))
      expect(kept.body).toBe(key === 'a' && expected === '200' ? 'new' : 'hello')
    })

    test.each([
      ['in signed chunks', ['hello ', 'world'], {}],
      ['in no chunk at all', [], {}],
      ['with a signed trailer', ['hello ', 'world'], { trailer: 'x-amz-checksum-crc32:DUoRhQ==' }],
      [
        'with an unsigned trailer',
        ['hello ', 'world'],
        { trailer: 'x-amz-checksum-crc32:DUoRhQ==', unsigned: true },
      ],
      // The one kind of request whose date MinIO does not look at.
      [
        'with an unsigned trailer, by a clock that is off',
        ['hello ', 'world'],
        { trailer: 'x-amz-checksum-crc32:DUoRhQ==', unsigned: true, skewMs: 3_600_000 },
      ],
    ])('put %s', async (_, chunks, options) => {
      const answer = await s3.putChunks(path(BUCKET, 'a'), chunks, options)
      expect(told(answer)).toBe('200')
      const { body, headers } = await s3.call('GET', path(BUCKET, 'a'))
      expect(body).toBe(chunks.join(''))
      expect(headers['content-encoding']).toBeUndefined()
    })
  })

  describe.skipIf(arm.lacks !== undefined)('removal of many', () => {
    const result = (inner: string) =>
      `200: <?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</DeleteResult>`
    const deleted = (key: string) => `<Deleted><Key>${key}</Key></Deleted>`

    test('takes what there is, and says the same of what there is not', async () => {
      for (const key of ['a', '人/1', 'x&y <z>', 'kept']) await put(s3, key)
      expect(told(await removeMany(s3, deleteOf(['a', 'never', '人/1', 'x&y <z>'])))).toBe(
        result(['a', 'never', '人/1', 'x&amp;y &lt;z&gt;'].map(deleted).join('')),
      )
      const { body } = await s3.call('GET', `/${BUCKET}?list-type=2`)
      expect(textsOf(body, 'Key')).toEqual(['kept'])
    })

    test('may be quiet', async () => {
      await put(s3, 'a')
      expect(told(await removeMany(s3, deleteOf(['a', 'never'], true)))).toBe(result(''))
      expect((await s3.call('GET', path(BUCKET, 'a'))).status).toBe(404)
    })

    test('reads what others write', async () => {
      await put(s3, 'a')
      await put(s3, '人\n')
      const body =
        '<?xml version="1.0"?><Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n <Object>\n  <Key>a</Key> </Object><Object><Key>&#x4eba;&#10;</Key></Object></Delete>'
      expect(told(await removeMany(s3, body))).toBe(result(deleted('a') + deleted('人&#xA;')))
      expect(textsOf((await s3.call('GET', `/${BUCKET}`)).body, 'Key')).toEqual([])
    })

    const MALFORMED = '400 MalformedXML'
    test.each([
      ['nothing', '<Delete></Delete>', MALFORMED],
      ['too many', deleteOf(Array.from({ length: 1_001 }, (_, i) => `k${i}`)), MALFORMED],
      ['half a document', '<Delete><Object><Key>a', MALFORMED],
      ['tags that cross', '<Delete><Object><Key>a</Object></Key></Delete>', MALFORMED],
      ['no XML', 'a', MALFORMED],
      ['an unknown entity', '<Delete><Object><Key>&bogus;</Key></Object></Delete>', MALFORMED],
      [
        'entities of its own',
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><Delete><Object><Key>&a;</Key></Object></Delete>',
        MALFORMED,
      ],
      ['no body', '', '411 MissingContentLength'],
    ])('is refused %s', async (_, body, expected) => {
      await put(s3, 'a')
      expect(told(await removeMany(s3, body)).slice(0, expected.length)).toBe(expected)
      expect((await s3.call('HEAD', path(BUCKET, 'a'))).status).toBe(200)
    })

    test('wants a digest', async () => {
      expect(told(await s3.call('POST', `/${BUCKET}?delete`, { body: deleteOf(['a']) }))).toBe(
        `400 MissingContentMD5: Missing or invalid required header for this request: Content-Md5 or Amz-Content-Checksum (${BUCKET}, -, /${BUCKET})`,
      )
    })
  })

  describe.skipIf(arm.lacks !== undefined)('a copy', () => {
    const copy = (to: string, from: string, headers: Readonly<Record<string, string>> = {}) =>
      s3.call('PUT', path(BUCKET, to), { headers: { 'x-amz-copy-source': from, ...headers } })

    test('is an object of its own', async () => {
      await s3.call('PUT', path(BUCKET, 'a b'), {
        body: 'hello',
        headers: { 'content-type': 'image/jpeg' },
      })
      for (const from of [`/${BUCKET}/a%20b`, `${BUCKET}/a%20b`]) {
        const { status, body } = await copy('copied', from)
        expect([status, textsOf(body, 'ETag')]).toEqual([200, [HELLO.etag]])
      }
      await s3.call('DELETE', path(BUCKET, 'a b'))
      const { body, headers } = await s3.call('GET', path(BUCKET, 'copied'))
      expect([body, headers['content-type']]).toEqual(['hello', 'image/jpeg'])
    })

    test('onto itself changes what is said of it, or nothing', async () => {
      await put(s3, 'a', 'hello')
      expect((await copy('a', `${BUCKET}/a`)).body).toContain(
        '<Code>InvalidRequest</Code><Message>This copy request is illegal because it is trying to copy an object to itself without changing',
      )
      const headers = { 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-who': 'me' }
      expect((await copy('a', `${BUCKET}/a`, headers)).status).toBe(200)
      const got = await s3.call('GET', path(BUCKET, 'a'))
      expect([got.body, got.headers['x-amz-meta-who']]).toEqual(['hello', 'me'])
    })

    test.each([
      [`${BUCKET}/missing`, {}, '404 NoSuchKey'],
      ['nowhere/a', {}, '404 NoSuchBucket'],
      ['nonsense', {}, '400 InvalidArgument'],
      [`${BUCKET}/a`, { 'x-amz-metadata-directive': 'OTHER' }, '400 InvalidArgument'],
      [`${BUCKET}/a`, { 'x-amz-copy-source-if-match': '"other"' }, '412 PreconditionFailed'],
      [`${BUCKET}/a`, { 'x-amz-copy-source-if-none-match': '*' }, '412 PreconditionFailed'],
    ])('of %s, %o, is refused', async (from, headers, expected) => {
      await put(s3, 'a', 'hello')
      const answer = await copy('b', from, { ...headers })
      expect(told(answer).slice(0, expected.length)).toBe(expected)
      expect((await s3.call('HEAD', path(BUCKET, 'b'))).status).toBe(404)
    })
  })

  describe.skipIf(arm.lacks !== undefined)('an upload in parts', () => {
    const target = path(BUCKET, '人/parts')
    const LARGE = 'x'.repeat(5 << 20)
    const begin = async (headers: Readonly<Record<string, string>> = {}) => {
      const { body } = await s3.call('POST', `${target}?uploads`, { headers })
      return textsOf(body, 'UploadId')[0] ?? ''
    }
    const part = async (id: string, number: number, body: string) => {
      const to = `${target}?partNumber=${number}&uploadId=${id}`
      const { headers } = await s3.call('PUT', to, { body })
      return [number, headers.etag ?? ''] as const
    }
    const complete = (id: string, parts: readonly (readonly [number, string])[]) =>
      s3.call('POST', `${target}?uploadId=${id}`, {
        body: `<CompleteMultipartUpload>${parts.map(([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`).join('')}</CompleteMultipartUpload>`,
      })

    test('becomes an object when it is complete', async () => {
      const id = await begin({ 'content-type': 'video/mp4', 'x-amz-meta-who': 'me' })
      const second = await part(id, 2, 'end')
      await part(id, 1, 'first try')
      const first = await part(id, 1, LARGE)
      expect((await s3.call('HEAD', target)).status).toBe(404)
      const listed = await s3.call('GET', `${target}?uploadId=${id}`)
      expect([textsOf(listed.body, 'PartNumber'), textsOf(listed.body, 'Size')]).toEqual([
        ['1', '2'],
        [String(LARGE.length), '3'],
      ])
      const whole = await complete(id, [first, second])
      const digests = [first, second].map(([, etag]) => Buffer.from(etag.slice(1, -1), 'hex'))
      const etag = `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-2"`
      expect([whole.status, textsOf(whole.body, 'ETag')]).toEqual([200, [etag]])
      const got = await s3.call('GET', target)
      expect(got.body === `${LARGE}end`).toBe(true)
      expect(got.headers).toMatchObject({
        'content-type': 'video/mp4',
        etag,
        'x-amz-meta-who': 'me',
      })
      expect(told(await complete(id, [first, second])).slice(0, 16)).toBe('404 NoSuchUpload')
    })

    test('is refused parts that it has not, and leaves nothing when it is given up', async () => {
      const id = await begin()
      const first = await part(id, 1, 'small')
      const second = await part(id, 2, 'end')
      const refusals = await Promise.all([
        complete(id, [first, second]),
        complete(id, [second, first]),
        complete(id, [[1, '"00"']]),
        complete(id, [[3, first[1]]]),
        complete(id, []),
        s3.call('POST', `${target}?uploadId=${id}`, { body: '<Complete' }),
      ])
      expect(refusals.map((answer) => told(answer).split(':')[0])).toEqual([
        '400 EntityTooSmall',
        '400 InvalidPartOrder',
        '400 InvalidPart',
        '400 InvalidPart',
        '400 InvalidRequest',
        '400 MalformedXML',
      ])
      expect(told(await s3.call('DELETE', `${target}?uploadId=${id}`))).toBe('204')
      expect(told(await complete(id, [first])).slice(0, 16)).toBe('404 NoSuchUpload')
      const late = await s3.call('PUT', `${target}?partNumber=1&uploadId=${id}`, { body: 'x' })
      expect(told(late).slice(0, 16)).toBe('404 NoSuchUpload')
      expect((await s3.call('HEAD', target)).status).toBe(404)
    })
  })

  test.skipIf(arm.lacks !== undefined)('buckets come and go', async () => {
    const names = async () => textsOf((await s3.call('GET', '/')).body, 'Name')
    expect(await names()).toEqual([BUCKET])
    const body =
      '<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>'
    expect(told(await s3.call('PUT', '/another', { body }))).toBe('200')
    expect(told(await s3.call('HEAD', '/another'))).toBe('200')
    expect(await names()).toEqual(['another', BUCKET])
    expect(told(await s3.call('GET', '/another?location'))).toBe(
      '200: <?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>',
    )
    expect(told(await s3.call('DELETE', '/another'))).toBe('204')
    expect(await names()).toEqual([BUCKET])
    expect(told(await s3.call('PUT', '/malformed', { body: '<Create' })).slice(0, 16)).toBe(
      '400 MalformedXML',
    )
    expect(await names()).toEqual([BUCKET])
  })
})
