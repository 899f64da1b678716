// The object store's answers, as MinIO gives them: what it checks, in which order, and with which codes.
import { ObjectTable } from './objects.ts'

/** All are of one shape, for speed. */
export class StoreAnswer {
  readonly status: number
  readonly code: string | undefined
  readonly message: string | undefined
  /** What was found. */
  readonly value: unknown

  constructor(status: number, code?: string, message?: string, value?: unknown) {
    this.status = status
    this.code = code
    this.message = message
    this.value = value
  }
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

const OK = new StoreAnswer(200)
const NO_CONTENT = new StoreAnswer(204)
const NO_SUCH_KEY = new StoreAnswer(404, 'NoSuchKey', 'The specified key does not exist.')
/** A HEAD's answer has no body, so no code reaches the caller. */
const NOT_FOUND = new StoreAnswer(404)
const TOO_SKEWED = new StoreAnswer(
  403,
  'RequestTimeTooSkewed',
  "The difference between the request time and the server's time is too large.",
)
const FORBIDDEN = new StoreAnswer(403)
const EXPIRED = new StoreAnswer(403, 'AccessDenied', 'Request has expired')
const NOT_YET = new StoreAnswer(403, 'AccessDenied', 'Request is not valid yet')
const TOO_LONG = new StoreAnswer(
  400,
  'AuthorizationQueryParametersError',
  'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
)
/** Says nothing of the credentials: the folder was removed under the object. */
export const FOLDER_VANISHED = new StoreAnswer(403, 'AccessDenied', 'Access Denied.')
const BAD_SIGNATURE = new StoreAnswer(
  403,
  'SignatureDoesNotMatch',
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
)
const found = (value: unknown) => new StoreAnswer(200, undefined, undefined, value)

/** A key always comes with the same item: the number of what it is about, or -1. Times are the store's own, in milliseconds; `datedMs` is the date that the caller signed with. */
export class VirtualStore {
  readonly table = new ObjectTable()

  put(key: string, sizeBytes: number, nowMs: number, datedMs: number, item = -1): StoreAnswer {
    if (isSkewed(nowMs, datedMs)) return TOO_SKEWED
    this.table.put(key, sizeBytes, nowMs, item)
    return OK
  }

  head(key: string, nowMs: number, datedMs: number, item = -1): StoreAnswer {
    if (isSkewed(nowMs, datedMs)) return FORBIDDEN
    const value = this.table.get(key, item)
    return value === undefined ? NOT_FOUND : found(value)
  }

  /** Removing a missing key is answered like removing one. */
  remove(key: string, nowMs: number, datedMs: number, item = -1): StoreAnswer {
    if (isSkewed(nowMs, datedMs)) return TOO_SKEWED
    this.table.remove(key, item)
    return NO_CONTENT
  }

  removeMany(
    keys: readonly string[],
    nowMs: number,
    datedMs: number,
    itemOf: (key: string) => number = () => -1,
  ): StoreAnswer {
    if (isSkewed(nowMs, datedMs)) return TOO_SKEWED
    for (const key of keys) this.table.remove(key, itemOf(key))
    return NO_CONTENT
  }

  list(prefix: string, nowMs: number, datedMs: number): StoreAnswer {
    if (isSkewed(nowMs, datedMs)) return TOO_SKEWED
    return found(this.table.list(prefix))
  }

  fetch(url: PresignedUrl, nowMs: number, item = -1): StoreAnswer {
    const refusal = refusalOf(url, nowMs)
    if (refusal !== undefined) return refusal
    const value = this.table.get(url.key, item)
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
