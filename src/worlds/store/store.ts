// The object store's answers, as MinIO gives them: what it checks, in which order, and with which codes.
import type { Json } from '../world.ts'
import { ObjectTable } from './objects.ts'

export interface StoreAnswer {
  readonly status: number
  readonly code?: string
  readonly message?: string
  readonly body?: Json
  readonly value?: unknown
}

/** What a presigned URL says, however a world signs. */
export interface PresignedUrl {
  readonly key: string
  readonly datedMs: number
  readonly expirySeconds: number
  isGenuine(): boolean
}

/** A header-signed request may be dated this far from the server's time; so may a presigned one into the future. */
export const LARGEST_SKEW_MS = 15 * 60_000
export const LONGEST_EXPIRY_SECONDS = 604_800

const OK: StoreAnswer = { status: 200 }
const NO_CONTENT: StoreAnswer = { status: 204 }
const NO_SUCH_KEY: StoreAnswer = {
  status: 404,
  code: 'NoSuchKey',
  message: 'The specified key does not exist.',
}
/** A HEAD's answer has no body, so no code reaches the caller. */
const NOT_FOUND: StoreAnswer = { status: 404 }
const TOO_SKEWED: StoreAnswer = {
  status: 403,
  code: 'RequestTimeTooSkewed',
  message: "The difference between the request time and the server's time is too large.",
}
const FORBIDDEN: StoreAnswer = { status: 403 }
const EXPIRED: StoreAnswer = { status: 403, code: 'AccessDenied', message: 'Request has expired' }
const NOT_YET: StoreAnswer = {
  status: 403,
  code: 'AccessDenied',
  message: 'Request is not valid yet',
}
const TOO_LONG: StoreAnswer = {
  status: 400,
  code: 'AuthorizationQueryParametersError',
  message:
    'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
}
const BAD_SIGNATURE: StoreAnswer = {
  status: 403,
  code: 'SignatureDoesNotMatch',
  message:
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
}

/** Times are the store's own, in milliseconds; `datedMs` is the date that the caller signed with. */
export class VirtualStore {
  readonly table = new ObjectTable()

  put(key: string, sizeBytes: number, nowMs: number, datedMs: number): StoreAnswer {
    if (isSkewed(nowMs, datedMs)) return TOO_SKEWED
    this.table.put(key, sizeBytes, nowMs)
    return OK
  }

  head(key: string, nowMs: number, datedMs: number): StoreAnswer {
    if (isSkewed(nowMs, datedMs)) return FORBIDDEN
    const value = this.table.get(key)
    return value === undefined ? NOT_FOUND : { status: 200, value }
  }

  /** Removing a missing key is answered like removing one. */
  remove(key: string, nowMs: number, datedMs: number): StoreAnswer {
    if (isSkewed(nowMs, datedMs)) return TOO_SKEWED
    this.table.remove(key)
    return NO_CONTENT
  }

  removeMany(keys: readonly string[], nowMs: number, datedMs: number): StoreAnswer {
    if (isSkewed(nowMs, datedMs)) return TOO_SKEWED
    for (const key of keys) this.table.remove(key)
    return NO_CONTENT
  }

  list(prefix: string, nowMs: number, datedMs: number): StoreAnswer {
    if (isSkewed(nowMs, datedMs)) return TOO_SKEWED
    return { status: 200, value: this.table.list(prefix) }
  }

  fetch(url: PresignedUrl, nowMs: number): StoreAnswer {
    const refusal = refusalOf(url, nowMs)
    if (refusal !== undefined) return refusal
    const value = this.table.get(url.key)
    return value === undefined ? NO_SUCH_KEY : OK
  }
}

/** Expiry is checked before the signature, and both before the object is looked for. */
export function refusalOf(url: PresignedUrl, nowMs: number): StoreAnswer | undefined {
  if (url.expirySeconds > LONGEST_EXPIRY_SECONDS) return TOO_LONG
  if (url.datedMs - nowMs > LARGEST_SKEW_MS) return NOT_YET
  if (nowMs - url.datedMs > url.expirySeconds * 1_000) return EXPIRED
  return url.isGenuine() ? undefined : BAD_SIGNATURE
}

export function isSkewed(nowMs: number, datedMs: number): boolean {
  return Math.abs(nowMs - datedMs) > LARGEST_SKEW_MS
}

export { BAD_SIGNATURE, NO_SUCH_KEY, TOO_LONG, TOO_SKEWED }
