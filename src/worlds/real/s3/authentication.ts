// Who sent a request: its signature taken apart and judged, each check in MinIO's order and words.
import { amzDateMs } from '../../store/amz-date.ts'
import { isSkewed, LONGEST_EXPIRY_SECONDS, refusalOf } from '../../store/store.ts'
import { ALGORITHM, type Claim, EMPTY_SHA256, UNSIGNED_PAYLOAD, verify } from '../sigv4.ts'
import { isChunked, UNSIGNED_CHUNKS } from './chunks.ts'
import { Refusal } from './refusals.ts'
import type { S3Request } from './request.ts'

export interface Guard {
  readonly credentials: { readonly accessKey: string; readonly secretKey: string }
  /** Undefined: any region is taken, as MinIO does where none is set. */
  readonly region: string | undefined
  readonly nowMs: number
}

/** A request whose signature was right, and what its body has to be checked against. */
export interface Authenticated {
  readonly claim: Claim
  /** The hash of the body that the client announced, or a word that stands for it. */
  readonly announced: string | undefined
  readonly signature: string
  readonly secretKey: string
}

interface Credential {
  readonly accessKey: string
  readonly day: string
  readonly region: string
}

const SHORTEST_ACCESS_KEY = 3

/** How a request is signed, and the date of one that is signed in its headers, are judged before anything else. */
export function admitSigning({ method, headers, query }: S3Request, nowMs: number): void {
  if (headers.authorization === undefined) return
  if (!headers.authorization.startsWith(ALGORITHM)) {
    if (query.has('X-Amz-Credential')) return
    throw new Refusal('unsupportedSignature')
  }
  // Bodies that are checked by a trailer alone came to MinIO late: their dates are not looked at.
  if (method === 'PUT' && headers['x-amz-content-sha256'] === UNSIGNED_CHUNKS) return
  const date = headers['x-amz-date'] || headers.date
  if (!date) throw new Refusal('noDate')
  const datedMs = amzDateMs(date) ?? httpDateMs(date)
  if (datedMs === undefined) throw new Refusal('badDate')
  if (isSkewed(nowMs, datedMs)) throw new Refusal('tooSkewed')
}

/** `Thu, 13 Nov 2025 03:20:50 GMT`. */
function httpDateMs(date: string): number | undefined {
  const isOne = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d ([A-Z]{3}|[+-]\d{4})$/
  const ms = isOne.test(date) ? Date.parse(date) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

export function authenticate(request: S3Request, guard: Guard): Authenticated {
  const { method, headers, query } = request
  const isSigned = headers.authorization !== undefined
  if (!isSigned && !query.has('X-Amz-Credential')) throw new Refusal('accessDenied')
  const signed = isSigned ? bySignedHeaders(request, guard) : byPresignedUrl(request, guard)
  const { announced } = signed
  const isUnderstood =
    announced === undefined ||
    announced === UNSIGNED_PAYLOAD ||
    (method === 'PUT' && isSigned && isChunked(announced)) ||
    /^[\da-f]{64}$/i.test(announced)
  if (!isUnderstood) throw new Refusal('badPayloadHash')
  return signed
}

function bySignedHeaders(request: S3Request, guard: Guard): Authenticated {
  const { headers } = request
  const fields = (headers.authorization ?? '').slice(ALGORITHM.length).split(',')
  const [first = '', second = '', third = ''] = fields.map((field) => field.trim())
  if (fields.length !== 3) throw new Refusal('missingFields')
  const { accessKey, ...scope } = credentialOf(first, guard)
  const signedHeaders = signedHeadersOf(second)
  const signature = field(third, 'Signature', 'missingSignature')
  mustHaveSigned(request, signedHeaders)
  mustKnow(accessKey, guard)
  const date = headers['x-amz-date'] || headers.date
  if (!date) throw new Refusal('noDate')
  if (amzDateMs(date) === undefined) throw new Refusal('badDate')
  const announced = headers['x-amz-content-sha256']
  const claim = { ...scope, date, signedHeaders, payload: announced ?? EMPTY_SHA256 }
  const { secretKey } = guard.credentials
  if (!verify(request, claim, signature, secretKey)) throw new Refusal('badSignature')
  return { claim, announced, signature, secretKey }
}

function byPresignedUrl(request: S3Request, guard: Guard): Authenticated {
  const { query, headers, key } = request
  if (!PARAMETERS.every((name) => query.has(name))) throw new Refusal('missingParameters')
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) throw new Refusal('badAlgorithm')
  const { accessKey, ...scope } = credentialOf(`Credential=${query.get('X-Amz-Credential')}`, guard)
  const date = query.get('X-Amz-Date')
  const datedMs = amzDateMs(date)
  if (datedMs === undefined) throw new Refusal('badPresignedDate')
  const expires = query.get('X-Amz-Expires')
  const expirySeconds = expiryOf(expires)
  const signedHeaders = signedHeadersOf(`SignedHeaders=${query.get('X-Amz-SignedHeaders')}`)
  const signature = field(
    `Signature=${query.get('X-Amz-Signature')}`,
    'Signature',
    'missingSignature',
  )
  mustKnow(accessKey, guard)
  mustHaveSigned(request, signedHeaders)
  const unsigned = Object.keys(headers).some(
    (name) => name.startsWith('x-amz-meta-') && !signedHeaders.includes(name),
  )
  if (unsigned) throw new Refusal('unsignedHeaders')
  const announced = query.get('X-Amz-Content-Sha256') || headers['x-amz-content-sha256']
  const claim = { ...scope, date, signedHeaders, payload: announced ?? UNSIGNED_PAYLOAD }
  const { secretKey } = guard.credentials
  // MinIO signs the expiry as it understood it: a fraction, or a zero before it, is not what the client signed.
  const isGenuine = () =>
    String(Math.trunc(expirySeconds)) === expires && verify(request, claim, signature, secretKey)
  const refusal = refusalOf({ key, datedMs, expirySeconds, isGenuine }, guard.nowMs)
  if (refusal !== undefined) throw new Refusal(refusal)
  return { claim, announced, signature, secretKey }
}

const PARAMETERS = ['Algorithm', 'Credential', 'Signature', 'Date', 'SignedHeaders', 'Expires'].map(
  (name) => `X-Amz-${name}`,
)

function expiryOf(text: string): number {
  if (!/^[+-]?\d+(\.\d*)?$/.test(text)) throw new Refusal('badExpires')
  const seconds = Number(text)
  if (seconds < 0) throw new Refusal('negativeExpires')
  if (seconds > LONGEST_EXPIRY_SECONDS) throw new Refusal('expiresTooLong')
  return seconds
}

/** Of `Credential=<key>/20251113/us-east-1/s3/aws4_request`; the key itself may have slashes in it. */
function credentialOf(text: string, { region: own }: Guard): Credential {
  const at = text.indexOf('=')
  if (at < 0) throw new Refusal('missingFields')
  if (text.slice(0, at) !== 'Credential') throw new Refusal('missingCredential')
  const parts = text
    .slice(at + 1)
    .trim()
    .replace(/\/+$/, '')
    .split('/')
  if (parts.length < 5) throw new Refusal('badCredential')
  const accessKey = parts.slice(0, -4).join('/')
  const [day = '', region = '', service = '', terminal = ''] = parts.slice(-4)
  if (accessKey.length < SHORTEST_ACCESS_KEY) throw new Refusal('unknownKey')
  if (amzDateMs(`${day}T000000Z`) === undefined) throw new Refusal('badCredentialDay')
  if (own !== undefined && region !== own) throw wrongRegion(own)
  if (service !== 's3') throw new Refusal('badService')
  if (terminal !== 'aws4_request') throw new Refusal('badTerminal')
  return { accessKey, day, region }
}

function wrongRegion(own: string): Refusal {
  return new Refusal({
    status: 400,
    code: 'AuthorizationHeaderMalformed',
    message: `The authorization header is malformed; the region is wrong; expecting '${own}'.`,
  })
}

function signedHeadersOf(text: string): readonly string[] {
  return field(text, 'SignedHeaders', 'missingSignedHeaders').split(';')
}

function field(
  text: string,
  name: string,
  otherwise: 'missingSignature' | 'missingSignedHeaders',
): string {
  const [found = '', value = '', ...more] = text.split('=')
  if (more.length > 0 || !text.includes('=')) throw new Refusal('missingFields')
  if (found !== name) throw new Refusal(otherwise)
  if (value === '') throw new Refusal('missingFields')
  return value
}

function mustKnow(accessKey: string, { credentials }: Guard): void {
  if (accessKey !== credentials.accessKey) throw new Refusal('unknownKey')
}

/** The host has to be signed, and whatever is said to be signed has to be there. */
function mustHaveSigned({ headers }: S3Request, signed: readonly string[]): void {
  const isThere = (name: string) => headers[name.toLowerCase()] !== undefined
  if (!signed.includes('host') || !signed.every(isThere)) throw new Refusal('unsignedHeaders')
}
