// A request as it came in: its target taken apart, its headers by name, its body in pieces.
import type { IncomingMessage } from 'node:http'
import { type Headers, parametersOf } from '../sigv4.ts'
import { Refusal } from './refusals.ts'

export interface S3Request {
  readonly method: string
  /** As on the wire. */
  readonly target: string
  /** Unescaped, as are the bucket and the key in it. */
  readonly path: string
  readonly bucket: string
  readonly key: string
  readonly query: Query
  /** By names in lower case; several of one name are joined by commas. */
  readonly headers: Headers
  /** Of the body as it is sent, bytes; undefined where the client did not say. */
  readonly length: number | undefined
  /** May be left before its end: what is not read is drained after the answer. */
  readonly body: AsyncIterable<Buffer>
}

/** The first value of each parameter. */
export class Query {
  readonly #values: ReadonlyMap<string, string>

  constructor(text: string) {
    this.#values = new Map(parametersOf(text).reverse())
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** Empty where it is missing, too. */
  get(name: string): string {
    return this.#values.get(name) ?? ''
  }

  entries(): Iterable<readonly [name: string, value: string]> {
    return this.#values
  }
}

const LARGEST_HEADERS = 8 * 1024
const LARGEST_METADATA = 2 * 1024
const LONGEST_KEY = 1_024
const LONGEST_PART = 255
const LONGEST_PATH = 32 * 1024

/** Throws a `Refusal` for what is no target at all: a broken escape, or text that is no UTF-8. */
export function readRequest(incoming: IncomingMessage): S3Request {
  const { method = '', url: target = '/' } = incoming
  const [path = '', ...query] = target.split('?')
  const headers = headersOf(incoming.rawHeaders)
  const length = headers['content-length']
  const withoutBody = length === undefined && headers['transfer-encoding'] === undefined
  try {
    const decoded = decodeURIComponent(path)
    const [, bucket = '', ...key] = decoded.split('/')
    return {
      method,
      target,
      path: decoded,
      bucket,
      key: key.join('/').replace(/^\/+/, ''),
      query: queryOf(query.join('?')),
      headers,
      length: withoutBody ? 0 : length === undefined ? undefined : Number(length),
      body: { [Symbol.asyncIterator]: () => incoming.iterator({ destroyOnReturn: false }) },
    }
  } catch (error) {
    if (error instanceof URIError) throw new Refusal('badKey')
    throw error
  }
}

/** In one that cannot be read no signature is found. */
function queryOf(text: string): Query {
  try {
    return new Query(text)
  } catch {
    throw new Refusal('unsupportedSignature')
  }
}

/** Bytes that are no ASCII are UTF-8 to S3's clients, and signed as such. */
function headersOf(raw: readonly string[]): Headers {
  const headers: Record<string, string> = {}
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase() ?? ''
    const value = Buffer.from(raw[i + 1] ?? '', 'latin1').toString('utf8')
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`
  }
  return headers
}

/** What is refused whatever is asked for, in MinIO's order. */
export function admit({ path, bucket, query, headers }: S3Request): void {
  const sizes = Object.entries(headers).map(
    ([name, value]) => [name, name.length + Buffer.byteLength(value)] as const,
  )
  const total = (counted: typeof sizes) => counted.reduce((sum, [, bytes]) => sum + bytes, 0)
  if (
    total(sizes) > LARGEST_HEADERS ||
    total(sizes.filter(([name]) => name.startsWith('x-amz-meta-'))) > LARGEST_METADATA
  )
    throw new Refusal('headersTooLarge')
  if (hasBadComponent(path)) throw new Refusal('badResource')
  for (const [name, value] of query.entries())
    if (name !== 'delimiter' && hasBadComponent(value)) throw new Refusal('badResource')
  if (headers.authorization !== undefined && query.has('X-Amz-Credential'))
    throw new Refusal('severalSignatures')
  if (bucket !== '' && !isBucketName(bucket)) throw new Refusal('badBucketName')
}

/** `.` and `..` between slashes of either kind. */
function hasBadComponent(path: string): boolean {
  return (
    path.length > LONGEST_PATH ||
    path.split(/[/\\]/).some((part) => part.trim() === '.' || part.trim() === '..')
  )
}

function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !/\.\.|\.-|-\./.test(name) &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name)
  )
}

/** What a new object may be called: a `Refusal` for anything else. */
export function mustBeKey(key: string): void {
  if (Buffer.byteLength(key) > LONGEST_KEY) throw new Refusal('keyTooLong')
  mustBeName(key)
}

/** What an object can be called at all: each part of its name is the name of a file to MinIO. */
export function mustBeName(key: string): void {
  if (key === '' || key.split('/').some((part) => Buffer.byteLength(part) > LONGEST_PART))
    throw new Refusal('badKey')
  mustBePrefix(key)
}

export function mustBePrefix(prefix: string): void {
  if (prefix.includes('//') || prefix.includes('\0') || hasBadComponent(prefix))
    throw new Refusal('badKey')
}
