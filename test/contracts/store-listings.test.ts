// A store's listings, whole and in pages: on the embedded server and on MinIO.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, path, textsOf, told } from './s3-client.ts'
import { BUCKET, type Store, stores } from './stores.ts'

/** The page, without what differs from store to store: times, owners, and how it continues. */
const pageOf = ({ body }: Answer) =>
  body
    .replace(/^.*?<ListBucketResult[^>]*>/s, '')
    .replaceAll(
      /<(LastModified|Owner|NextMarker|NextContinuationToken|ContinuationToken)>.*?<\/\1>/g,
      '<$1/>',
    )
    .replaceAll(/<ETag>.*?<\/ETag>/g, '')

const LISTED = ['a', 'b/1', 'b/2', 'b/c/3', 'c d', 'd+e', 'é', '人/1', '人/2', '\ufffd', '🚗', 'z']
const entry = (key: string, owner = '', size = Buffer.byteLength(key)) =>
  `<Contents><Key>${key}</Key><LastModified/><Size>${size}</Size>${owner}<StorageClass>STANDARD</StorageClass></Contents>`
const common = (prefix: string) => `<CommonPrefixes><Prefix>${prefix}</Prefix></CommonPrefixes>`

describe.each(stores)('$name', (arm) => {
  const lacks = arm.lacks !== undefined
  let store: Store
  if (!lacks) {
    beforeAll(async () => {
      store = await arm.start()
      for (const key of LISTED) await store.client.call('PUT', path(BUCKET, key), { body: key })
    })
    afterAll(() => store[Symbol.asyncDispose]())
  }

  const list = async (query: string) =>
    pageOf(await store.client.call('GET', `/${BUCKET}?${query}`))
  const keysOf = async (query: string) => {
    const { body } = await store.client.call('GET', `/${BUCKET}?${query}`)
    return [...textsOf(body, 'Key'), ...textsOf(body, 'Prefix').slice(1)]
  }

  test.skipIf(lacks)('says all there is to say', async () => {
    expect(await list('list-type=2&prefix=b/&delimiter=/&max-keys=99999&start-after=b/1')).toBe(
      `<Name>images</Name><Prefix>b/</Prefix><StartAfter>b/1</StartAfter><KeyCount>2</KeyCount><MaxKeys>99999</MaxKeys><Delimiter>/</Delimiter><IsTruncated>false</IsTruncated>${entry('b/2')}${common('b/c/')}</ListBucketResult>`,
    )
    expect(await list('prefix=b/&delimiter=/&max-keys=1&marker=b/1')).toBe(
      `<Name>images</Name><Prefix>b/</Prefix><Marker>b/1</Marker><NextMarker/><MaxKeys>1</MaxKeys><Delimiter>/</Delimiter><IsTruncated>true</IsTruncated>${entry('b/2', '<Owner/>')}</ListBucketResult>`,
    )
    expect(await list('list-type=2&encoding-type=url&fetch-owner=true&prefix=c%20')).toBe(
      `<Name>images</Name><Prefix>c+</Prefix><KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>${entry('c+d', '<Owner/>', 3)}<EncodingType>url</EncodingType></ListBucketResult>`,
    )
  })

  test.skipIf(lacks).each([
    ['', ['a', 'b/1', 'b/2', 'b/c/3', 'c d', 'd+e', 'z', 'é', '人/1', '人/2', '\ufffd', '🚗']],
    ['delimiter=/', ['a', 'c d', 'd+e', 'z', 'é', '\ufffd', '🚗', 'b/', '人/']],
    ['prefix=b', ['b/1', 'b/2', 'b/c/3']],
    ['prefix=b&delimiter=/', ['b/']],
    ['prefix=b/&delimiter=/', ['b/1', 'b/2', 'b/c/']],
    [
      'delimiter=c',
      ['a', 'b/1', 'b/2', 'd+e', 'z', 'é', '人/1', '人/2', '\ufffd', '🚗', 'b/c', 'c'],
    ],
    ['prefix=nothing', []],
    [`prefix=${encodeURIComponent('人')}`, ['人/1', '人/2']],
    ['max-keys=0', []],
    ['start-after=b/2', ['b/c/3', 'c d', 'd+e', 'z', 'é', '人/1', '人/2', '\ufffd', '🚗']],
    ['start-after=b/&delimiter=/', ['c d', 'd+e', 'z', 'é', '\ufffd', '🚗', '人/']],
    ['start-after=b/1&delimiter=/', ['c d', 'd+e', 'z', 'é', '\ufffd', '🚗', '人/']],
    ['start-after=zz', ['é', '人/1', '人/2', '\ufffd', '🚗']],
  ])('of %s', async (query, keys) => {
    expect(await keysOf(`list-type=2&${query}`)).toEqual(keys)
    // The one before it calls the same by another name.
    expect(await keysOf(query.replace('start-after', 'marker'))).toEqual(keys)
  })

  test.skipIf(lacks).each(['', 'delimiter=/', 'encoding-type=url', 'prefix=b/&delimiter=/'])(
    'in pages of two, %s',
    async (query) => {
      const whole = await keysOf(`list-type=2&${query}`)
      const pages = { tokens: [] as string[], markers: [] as string[] }
      for (let token = ''; ; ) {
        const { body } = await store.client.call(
          'GET',
          `/${BUCKET}?list-type=2&max-keys=2&${query}${token === '' ? '' : `&continuation-token=${encodeURIComponent(token)}`}`,
        )
        pages.tokens.push(...textsOf(body, 'Key'), ...textsOf(body, 'Prefix').slice(1))
        token = textsOf(body, 'NextContinuationToken')[0] ?? ''
        if (token === '') break
      }
      for (let marker = ''; ; ) {
        const { body } = await store.client.call(
          'GET',
          `/${BUCKET}?max-keys=2&${query}${marker === '' ? '' : `&marker=${query.includes('url') ? marker : encodeURIComponent(marker)}`}`,
        )
        pages.markers.push(...textsOf(body, 'Key'), ...textsOf(body, 'Prefix').slice(1))
        marker = textsOf(body, 'NextMarker')[0] ?? ''
        if (marker === '') break
      }
      expect(pages.tokens.toSorted()).toEqual(whole.toSorted())
      expect(pages.markers.toSorted()).toEqual(whole.toSorted())
    },
  )

  test.skipIf(lacks).each([
    ['list-type=2&max-keys=-1', 'Argument maxKeys must be an integer between 0 and 2147483647'],
    ['list-type=2&max-keys=many', 'Argument maxKeys must be an integer between 0 and 2147483647'],
    ['list-type=2&encoding-type=xml', 'Invalid Encoding Method specified in Request'],
    ['list-type=2&continuation-token=', 'The continuation token provided is incorrect'],
    ['list-type=2&continuation-token=!!', 'The continuation token provided is incorrect'],
  ])('is refused for %s', async (query, message) => {
    expect(told(await store.client.call('GET', `/${BUCKET}?${query}`))).toBe(
      `400 InvalidArgument: ${message} (${BUCKET}, -, /${BUCKET})`,
    )
  })
})
