// AWS Signature Version 4 for S3: requests signed in their headers or in their URL, and bodies signed in chunks.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { amzDate } from '../store/amz-date.ts'

export const ALGORITHM = 'AWS4-HMAC-SHA256'
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'
export const EMPTY_SHA256 = sha256('')

export interface SigningKey {
  readonly accessKey: string
  readonly secretKey: string
  readonly region: string
}

export type Headers = Readonly<Record<string, string>>

/** A request as it goes over the wire. */
export interface Signable {
  readonly method: string
  /** Path and query, escaped: `/bucket/a%20key?prefix=x`. */
  readonly target: string
  /** By names in lower case; `host` is one of them. */
  readonly headers: Headers
}

/** What a request says of its own signature. */
export interface Claim {
  /** `20251113T032050Z`. */
  readonly date: string
  /** The credential's own day and region, `20251113` and `us-east-1`. */
  readonly day: string
  readonly region: string
  readonly signedHeaders: readonly string[]
  /** The body's hash, or one of the words that stand for it. */
  readonly payload: string
}

type Pair = readonly [name: string, value: string]

/** Neither signed by clients nor kept by what stands between them and a server. */
const NEVER_SIGNED = new Set([
  'authorization',
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'transfer-encoding',
  'user-agent',
])

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** Everything but `A–Z a–z 0–9 - _ . ~` escaped, as S3 wants it. */
export function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

export function encodePath(path: string): string {
  return path.split('/').map(encode).join('/')
}

/** The parameters of a query, unescaped, in their order. Throws `URIError` on a broken escape. */
export function parametersOf(query: string): Pair[] {
  const decoded = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [decoded(name), decoded(value.join('='))]
    })
}

/** The request signed in its headers: those it has, and the ones that signing adds. */
export function signHeaders(
  request: Signable & { readonly payload: string },
  key: SigningKey,
  atMs: number,
): Headers {
  const { payload } = request
  const date = amzDate(atMs)
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-content-sha256': payload,
    'x-amz-date': date,
  }
  delete headers.authorization
  const signedHeaders = Object.keys(headers)
    .filter((name) => !NEVER_SIGNED.has(name))
    .sort()
  const claim = { date, day: date.slice(0, 8), region: key.region, signedHeaders, payload }
  const signature = signatureOf({ ...request, headers }, claim, key.secretKey)
  const credential = `${key.accessKey}/${scopeOf(claim)}`
  headers.authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
  return headers
}

/** The path and query of a URL that anybody may use for `expirySeconds`; its host is signed with it. */
export function presign(
  request: Signable,
  key: SigningKey,
  atMs: number,
  expirySeconds: number,
): string {
  const date = amzDate(atMs)
  const signedHeaders = Object.keys(request.headers).sort()
  const claim = {
    date,
    day: date.slice(0, 8),
    region: key.region,
    signedHeaders,
    payload: UNSIGNED_PAYLOAD,
  }
  const parameters = [
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${key.accessKey}/${scopeOf(claim)}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', String(expirySeconds)],
    ['X-Amz-SignedHeaders', signedHeaders.join(';')],
  ] as const
  const own = parameters.map(([name, value]) => `${name}=${encode(value)}`).join('&')
  const target = `${request.target}${request.target.includes('?') ? '&' : '?'}${own}`
  const signature = signatureOf({ ...request, target }, claim, key.secretKey)
  return `${target}&X-Amz-Signature=${signature}`
}

/** Whether the request was signed so with this secret; how long it takes says nothing about where it differs. */
export function verify(
  request: Signable,
  claim: Claim,
  signature: string,
  secretKey: string,
): boolean {
  return isSame(signature, signatureOf(request, claim, secretKey))
}

export function isSame(given: string, own: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(own)]
  return a.length === b.length && timingSafeEqual(a, b)
}

export function signatureOf(request: Signable, claim: Claim, secretKey: string): string {
  const toSign = [ALGORITHM, claim.date, scopeOf(claim), sha256(canonical(request, claim))]
  return hmac(keyFor(claim, secretKey), toSign.join('\n')).toString('hex')
}

/**
 * The signature of the next chunk of a body, or of its trailer: each is signed together with the one before it, the
 * first with the request's own.
 */
export function chunkSignature(
  chunk: { readonly hash: string; readonly trails: boolean },
  before: string,
  claim: Claim,
  secretKey: string,
): string {
  const algorithm = `${ALGORITHM}-${chunk.trails ? 'TRAILER' : 'PAYLOAD'}`
  const hashes = chunk.trails ? [chunk.hash] : [EMPTY_SHA256, chunk.hash]
  const toSign = [algorithm, claim.date, scopeOf(claim), before, ...hashes]
  return hmac(keyFor(claim, secretKey), toSign.join('\n')).toString('hex')
}

function scopeOf({ day, region }: Claim): string {
  return `${day}/${region}/s3/aws4_request`
}

function keyFor({ day, region }: Claim, secretKey: string): Buffer {
  return [day, region, 's3', 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretKey}`))
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** What both sides hash: they agree on it however the request was escaped or its headers were spaced. */
function canonical({ method, target, headers }: Signable, claim: Claim): string {
  const [path = '', query = ''] = divided(target)
  const names = claim.signedHeaders.map((name) => name.toLowerCase()).sort()
  return [
    method,
    encodePath(decodeURIComponent(path)),
    canonicalQuery(query),
    ...names.map((name) => `${name}:${trimmed(headers[name] ?? '')}`),
    '',
    names.join(';'),
    claim.payload,
  ].join('\n')
}

function divided(target: string): [path: string, query: string] {
  const at = target.indexOf('?')
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)]
}

function canonicalQuery(query: string): string {
  return parametersOf(query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
}

function trimmed(value: string): string {
  return value.trim().replaceAll(/\s+/g, ' ')
}
