// Listings of a bucket, a page at a time: ListObjectsV2 and the one before it.
import type { ObjectInfo } from '../../world.ts'
import type { Work } from './objects.ts'
import { Refusal } from './refusals.ts'
import { type Reply, xmlReply } from './reply.ts'
import { mustBePrefix, type Query } from './request.ts'
import type { Bucket } from './storage.ts'
import { type Element, xml } from './xml.ts'

const MOST_KEYS = 1_000
export const OWNER: Element = [
  'Owner',
  [
    ['ID', 'aftershock'],
    ['DisplayName', 'aftershock'],
  ],
]

interface Asked {
  readonly prefix: string
  readonly delimiter: string
  /** Only what comes after it, in the order of their UTF-8 bytes. */
  readonly after: string
  readonly most: number
}

export interface Page {
  readonly objects: readonly ObjectInfo[]
  /** What keys have in common up to the delimiter: each stands for all of them. */
  readonly prefixes: readonly string[]
  /** Where the next page starts; undefined on the last. */
  readonly next: string | undefined
}

/** `sorted`: of what begins with the prefix, in the order of their bytes. */
export function pageOf(sorted: readonly ObjectInfo[], asked: Asked): Page {
  const { prefix, delimiter, after, most } = asked
  const objects: ObjectInfo[] = []
  const prefixes: string[] = []
  let last = after
  for (const object of sorted) {
    if (compareBytes(object.key, after) <= 0) continue
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length)
    const common = end < 0 ? undefined : object.key.slice(0, end + delimiter.length)
    if (common !== undefined && last.startsWith(common)) continue
    if (objects.length + prefixes.length === most)
      return { objects, prefixes, next: most === 0 ? undefined : last }
    if (common === undefined) objects.push(object)
    else prefixes.push(common)
    last = common ?? object.key
  }
  return { objects, prefixes, next: undefined }
}

/** Keys are ordered by their UTF-8 bytes; JavaScript compares UTF-16, which differs beyond U+FFFF. */
function compareBytes(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return rankOf(x) - rankOf(y)
  }
  return a.length - b.length
}

/** Halves of what is beyond U+FFFF come after all that is not. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

function pageIn(bucket: Bucket, asked: Asked): Page {
  const entries = bucket.store.table.list(asked.prefix).entries()
  return pageOf(
    entries.toSorted((a, b) => compareBytes(a.key, b.key)),
    asked,
  )
}

export function listObjectsV2({ request, storage }: Work): Reply {
  const { query } = request
  const token = query.get('continuation-token')
  if (query.has('continuation-token') && token === '') throw new Refusal('badToken')
  const most = maxKeysOf(query)
  const marker = tokenKey(token)
  const asked = askedOf(query, marker, most)
  const bucket = storage.bucket(request.bucket)
  const startAfter = query.get('start-after')
  const page = pageIn(bucket, { ...asked, after: marker || startAfter })
  const name = naming(query)
  return listReply(query, bucket, page, [
    startAfter === '' ? undefined : ['StartAfter', name(startAfter)],
    token === '' ? undefined : ['ContinuationToken', token],
    page.next === undefined
      ? undefined
      : ['NextContinuationToken', Buffer.from(page.next).toString('base64')],
    ['KeyCount', page.objects.length + page.prefixes.length],
    ['MaxKeys', most],
  ])
}

export function listObjects({ request, storage }: Work): Reply {
  const { query } = request
  const most = maxKeysOf(query)
  const marker = query.get('marker')
  const asked = askedOf(query, marker, most)
  const bucket = storage.bucket(request.bucket)
  const page = pageIn(bucket, asked)
  const name = naming(query)
  return listReply(query, bucket, page, [
    ['Marker', name(marker)],
    page.next === undefined ? undefined : ['NextMarker', name(page.next)],
    ['MaxKeys', most],
  ])
}

function askedOf(query: Query, after: string, most: number): Asked {
  const encoding = query.get('encoding-type')
  if (encoding !== '' && encoding.toLowerCase() !== 'url') throw new Refusal('badEncoding')
  const prefix = query.get('prefix')
  mustBePrefix(prefix)
  if (!after.startsWith(prefix) && after !== '') throw new Refusal('notImplemented')
  return { prefix, delimiter: query.get('delimiter'), after, most: Math.min(most, MOST_KEYS) }
}

function maxKeysOf(query: Query): number {
  const text = query.get('max-keys')
  if (text === '') return MOST_KEYS
  if (!/^\d{1,18}$/.test(text)) throw new Refusal('badMaxKeys')
  return Number(text)
}

function tokenKey(token: string): string {
  const key = Buffer.from(token, 'base64')
  if (key.toString('base64') !== token) throw new Refusal('badToken')
  return key.toString('utf8')
}

function listReply(
  query: Query,
  bucket: Bucket,
  page: Page,
  paging: readonly (Element | undefined)[],
): Reply {
  const name = naming(query)
  const withOwner = query.get('list-type') !== '2' || query.get('fetch-owner') === 'true'
  const delimiter = query.get('delimiter')
  const encoding = query.get('encoding-type')
  const entry = ({ key, sizeBytes, modifiedMs }: ObjectInfo): Element => [
    'Contents',
    [
      ['Key', name(key)],
      ['LastModified', new Date(modifiedMs).toISOString()],
      ['ETag', `"${bucket.get(key).etag}"`],
      ['Size', sizeBytes],
      withOwner ? OWNER : undefined,
      ['StorageClass', 'STANDARD'],
    ],
  ]
  return xmlReply(
    xml([
      'ListBucketResult',
      [
        ['Name', bucket.name],
        ['Prefix', name(query.get('prefix'))],
        ...paging,
        delimiter === '' ? undefined : ['Delimiter', name(delimiter)],
        ['IsTruncated', page.next !== undefined],
        ...page.objects.map(entry),
        ...page.prefixes.map((prefix): Element => ['CommonPrefixes', [['Prefix', name(prefix)]]]),
        encoding === '' ? undefined : ['EncodingType', encoding],
      ],
    ]),
  )
}

/** How the client wants names written: escaped as in a form, where it asked for it. */
export function naming(query: Query): (name: string) => string {
  if (query.get('encoding-type') === '') return (name) => name
  return (name) => new URLSearchParams([['', name]]).toString().slice(1).replaceAll('%2F', '/')
}
