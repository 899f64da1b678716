// What is done with one object: put, got, looked at, copied, removed.
import type { Headers } from '../sigv4.ts'
import type { Authenticated } from './authentication.ts'
import { announcedMd5, receive, sizeOf } from './body.ts'
import { describing, isWanted, mustBeFree, mustBeWanted } from './conditions.ts'
import { type Range, rangeOf } from './range.ts'
import { Refusal } from './refusals.ts'
import { type Reply, xmlReply } from './reply.ts'
import { mustBeKey, mustBeName, type S3Request } from './request.ts'
import { Reservation, type Storage } from './storage.ts'
import { xml } from './xml.ts'

export interface Work {
  readonly request: S3Request
  readonly signed: Authenticated
  readonly storage: Storage
  /** The server's time, whenever it is asked. */
  readonly now: () => number
}

/** Kept beside an object's bytes and given back with them. */
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]
const METADATA = 'x-amz-meta-'

export async function putObject({ request, signed, storage, now }: Work): Promise<Reply> {
  const { key, headers } = request
  mustBeKey(key)
  const bucket = storage.bucket(request.bucket)
  mustBeFree(headers, bucket.find(key))
  storage.mustHold(sizeOf(request))
  using reservation = new Reservation(storage)
  const take = (more: number) => reservation.grow(more)
  const { bytes, md5, checksums } = await receive(request, signed, take)
  // Others were served while this one's body came in.
  const still = storage.bucket(request.bucket)
  mustBeFree(headers, still.find(key))
  reservation.keep()
  storage.put(still, key, { bytes, etag: md5, headers: keptOf(headers) }, now())
  return { status: 200, headers: { ...checksums, etag: `"${md5}"` } }
}

/** Said before the signature is looked at. */
export function mustBeUpload(request: S3Request): void {
  announcedMd5(request)
  sizeOf(request)
}

export function keptOf(headers: Headers): Headers {
  const kept = Object.entries(headers).filter(
    ([name]) => KEPT.includes(name) || name.startsWith(METADATA),
  )
  const own: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(kept),
  }
  // How the body was sent is nothing of the object's.
  const encodings = (own['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim())
  const left = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked')
  delete own['content-encoding']
  return left.length === 0 ? own : { ...own, 'content-encoding': left.join(',') }
}

/** Of a HEAD, too: its body is left out when it is written. */
export function getObject({ request, storage }: Work): Reply {
  const { headers, query } = request
  mustBeName(request.key)
  const found = storage.bucket(request.bucket).get(request.key)
  if (!isWanted(headers, found)) return { status: 304, headers: describing(found) }
  const range = rangeOf(headers.range, found.bytes.length)
  const asked: Headers = {
    ...found.headers,
    ...describing(found),
    ...Object.fromEntries(
      KEPT.filter((name) => query.has(`response-${name}`)).map((name) => [
        name,
        query.get(`response-${name}`),
      ]),
    ),
  }
  if (range === undefined) return { status: 200, headers: asked, body: found.bytes }
  return {
    status: 206,
    headers: { ...asked, 'content-range': contentRange(range, found.bytes.length) },
    body: found.bytes.subarray(range.start, range.end),
  }
}

function contentRange({ start, end }: Range, sizeBytes: number): string {
  return `bytes ${start}-${end - 1}/${sizeBytes}`
}

export function removeObject({ request, storage, now }: Work): Reply {
  const bucket = storage.bucket(request.bucket)
  mustBeName(request.key)
  storage.remove(bucket, request.key, now())
  return { status: 204 }
}

export function copyObject({ request, storage, now }: Work): Reply {
  const { key, headers } = request
  const [fromBucket, fromKey] = sourceOf(headers['x-amz-copy-source'] ?? '')
  const directive = headers['x-amz-metadata-directive'] ?? 'COPY'
  if (directive !== 'COPY' && directive !== 'REPLACE') throw new Refusal('badDirective')
  const replaces = directive === 'REPLACE'
  const source = storage.bucket(fromBucket).get(fromKey)
  mustBeWanted(headers, source)
  if (!replaces && fromBucket === request.bucket && fromKey === key)
    throw new Refusal('copyToItself')
  mustBeKey(key)
  const bucket = storage.bucket(request.bucket)
  storage.take(source.bytes.length)
  const copy = { ...source, headers: replaces ? keptOf(headers) : source.headers }
  const atMs = now()
  storage.put(bucket, key, copy, atMs)
  return xmlReply(
    xml([
      'CopyObjectResult',
      [
        ['LastModified', new Date(atMs).toISOString()],
        ['ETag', `"${source.etag}"`],
      ],
    ]),
  )
}

/** `/bucket/a%20key`, with or without the slash and a version. */
function sourceOf(header: string): [bucket: string, key: string] {
  try {
    const [path = ''] = header.split('?')
    const [bucket = '', ...key] = decodeURIComponent(path).replace(/^\//, '').split('/')
    if (bucket !== '' && key.join('') !== '') return [bucket, key.join('/')]
  } catch {
    // A broken escape names no key.
  }
  throw new Refusal('badCopySource')
}
