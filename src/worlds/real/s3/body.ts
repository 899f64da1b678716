// A body taken in: counted, hashed, and compared with everything that the client said of it.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type Headers, UNSIGNED_PAYLOAD } from '../sigv4.ts'
import type { Authenticated } from './authentication.ts'
import { decoded, isChunked } from './chunks.ts'
import { Refusal } from './refusals.ts'
import type { S3Request } from './request.ts'

export interface Body {
  readonly bytes: Buffer
  /** Lower-case digits. */
  readonly md5: string
  /** The additional checksums that it came with, as headers: the client is told of them again. */
  readonly checksums: Headers
}

const CHECKSUM = 'x-amz-checksum-'

/** S3's additional checksums that are checked here; others are refused rather than believed. */
const CHECKSUMS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  crc32: (bytes) => {
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc32(bytes))
    return sum
  },
  sha1: (bytes) => createHash('sha1').update(bytes).digest(),
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
}

/** How long the object will be; a `Refusal` where the client does not say, or says it wrongly. */
export function sizeOf({ headers, length }: S3Request): number {
  const text = isChunked(headers['x-amz-content-sha256'] ?? '')
    ? headers['x-amz-decoded-content-length']
    : undefined
  if (text === undefined && length !== undefined) return length
  if (text === undefined || text === '') throw new Refusal('noLength')
  if (!/^\d{1,15}$/.test(text)) throw new Refusal('badChunk')
  return Number(text)
}

/** The MD5 that the client announced; a `Refusal` for one that is none. */
export function announcedMd5({ headers }: S3Request): Buffer | undefined {
  const text = headers['content-md5']
  if (text === undefined) return undefined
  const md5 = Buffer.from(text, 'base64')
  if (md5.length !== 16 || md5.toString('base64') !== text) throw new Refusal('badDigestHeader')
  return md5
}

/** `take` is told of all bytes as they come, and may refuse them. */
export async function receive(
  request: S3Request,
  signed: Authenticated,
  take: (bytes: number) => void,
): Promise<Body> {
  const { headers } = request
  const size = sizeOf(request)
  const trailer = new Map<string, string>()
  const announced = namesIn(headers['x-amz-trailer'])
  const chunked = isChunked(signed.announced ?? '')
  const pieces: Buffer[] = []
  const md5 = createHash('md5')
  let taken = 0
  for await (const piece of chunked
    ? decoded(request.body, { ...signed, announced }, trailer)
    : request.body) {
    taken += piece.length
    if (taken > size) throw new Refusal('excess')
    take(piece.length)
    md5.update(piece)
    pieces.push(piece)
  }
  if (taken < size) throw new Refusal('incomplete')
  const bytes = Buffer.concat(pieces)
  const digest = md5.digest()
  if (announcedMd5(request)?.equals(digest) === false) throw new Refusal('badDigest')
  if (!chunked) mustMatch(signed.announced ?? UNSIGNED_PAYLOAD, bytes)
  const checksums = checksumsIn({ ...headers, ...Object.fromEntries(trailer) })
  for (const [name, value] of Object.entries(checksums)) mustSumUp(name, value, bytes)
  return { bytes, md5: digest.toString('hex'), checksums }
}

function namesIn(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
}

function mustMatch(payload: string, bytes: Buffer): void {
  if (payload === UNSIGNED_PAYLOAD) return
  if (createHash('sha256').update(bytes).digest('hex') !== payload.toLowerCase())
    throw new Refusal('badPayloadHash')
}

function mustSumUp(name: string, value: string, bytes: Buffer): void {
  const sum = CHECKSUMS[name.slice(CHECKSUM.length)]?.(bytes)
  if (sum === undefined) throw new Refusal('notImplemented')
  const given = Buffer.from(value, 'base64')
  if (given.length !== sum.length) throw new Refusal('badChecksumHeader')
  if (!given.equals(sum)) throw new Refusal('badChecksum')
}

/** Begin like checksums, but are none. */
const BESIDE: ReadonlySet<string> = new Set(['algorithm', 'mode', 'type'].map((n) => CHECKSUM + n))

export function checksumsIn(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith(CHECKSUM) && !BESIDE.has(name)),
  )
}
