// The object store's answers: status, code and message as MinIO gives them, and which check comes first.
import { describe, expect, test } from 'vitest'
import { must } from '../../../src/base/assert.ts'
import { type StoreAnswer, VirtualStore } from '../../../src/worlds/store/store.ts'
import { PresignedUrl, Signer } from '../../../src/worlds/virtual/presign.ts'

const NOW_MS = Date.UTC(2025, 10, 13, 3, 20, 50)
const MINUTE_MS = 60_000
const KEY = '人数统计/cam1/000001.jpg'

const EXPIRED = { status: 403, code: 'AccessDenied', message: 'Request has expired' }
const NOT_YET = { status: 403, code: 'AccessDenied', message: 'Request is not valid yet' }
const BAD_SIGNATURE = {
  status: 403,
  code: 'SignatureDoesNotMatch',
  message:
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
}
const NO_SUCH_KEY = { status: 404, code: 'NoSuchKey', message: 'The specified key does not exist.' }
const TOO_LONG = {
  status: 400,
  code: 'AuthorizationQueryParametersError',
  message:
    'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
}
const TOO_SKEWED = {
  status: 403,
  code: 'RequestTimeTooSkewed',
  message: "The difference between the request time and the server's time is too large.",
}
const STORED = { key: KEY, sizeBytes: 120_000, modifiedMs: NOW_MS }

function stored(): VirtualStore {
  const store = new VirtualStore()
  expect(store.put(KEY, STORED.sizeBytes, NOW_MS, NOW_MS)).toEqual({ status: 200 })
  return store
}

const signer = new Signer()
const url = (key: string, atMs: number, expirySeconds: number): PresignedUrl =>
  must(signer.read(signer.presign(key, 'scanner', atMs, expirySeconds)), 'signed here')

/** The answer without what the store remembers of an object. */
const shown = ({ value, ...answer }: StoreAnswer) =>
  value === undefined ? answer : { ...answer, found: true }

const FOUND = { status: 200 }

/** As one reads a URL that somebody else wrote: its own signature is what counts. */
function changed(from: PresignedUrl, change: Partial<PresignedUrl>): PresignedUrl {
  const fresh = must(
    new Signer().read(signer.presign(from.key, from.signer, from.datedMs, from.expirySeconds)),
    'signed',
  )
  const { key, signer: by, date, datedMs, expirySeconds, signature } = { ...fresh, ...change }
  return new PresignedUrl(key, by, date, datedMs, expirySeconds, signature)
}

describe('a presigned GET', () => {
  const at = (ageMs: number, expirySeconds: number, key = KEY, forged = false) => {
    const signed = url(key, NOW_MS, expirySeconds)
    return shown(
      stored().fetch(forged ? changed(signed, { signature: 'beef' }) : signed, NOW_MS + ageMs),
    )
  }

  test.each([
    ['at once', 0, 3_600, FOUND],
    ['at exactly its expiry', 3_600_000, 3_600, FOUND],
    ['a millisecond later', 3_600_001, 3_600, EXPIRED],
    ['14 min 55 s before its date', -(15 * MINUTE_MS - 5_000), 60, FOUND],
    ['exactly 15 min before its date', -15 * MINUTE_MS, 60, FOUND],
    ['15 min 5 s before its date', -(15 * MINUTE_MS + 5_000), 60, NOT_YET],
    ['of the longest life, at its end', 604_800_000, 604_800, FOUND],
    ['of a second more than a week', 0, 604_801, TOO_LONG],
  ])('%s', (_, ageMs, expirySeconds, answer) => {
    expect(at(ageMs, expirySeconds)).toEqual(answer)
  })

  test('checks the expiry before the signature and before the object', () => {
    expect(at(0, 60, 'gone.jpg')).toEqual(NO_SUCH_KEY)
    expect(at(60_001, 60, 'gone.jpg')).toEqual(EXPIRED)
    expect(at(0, 60, KEY, true)).toEqual(BAD_SIGNATURE)
    expect(at(0, 60, 'gone.jpg', true)).toEqual(BAD_SIGNATURE)
    expect(at(60_001, 60, KEY, true)).toEqual(EXPIRED)
    expect(at(-16 * MINUTE_MS, 60, 'gone.jpg', true)).toEqual(NOT_YET)
    expect(at(-16 * MINUTE_MS, 604_801, 'gone.jpg', true)).toEqual(TOO_LONG)
  })

  test('lives n − 1 to n seconds after signing, because its date is cut to a second', () => {
    const late = url(KEY, NOW_MS + 900, 60)
    expect(shown(stored().fetch(late, NOW_MS + 60_000))).toEqual(FOUND)
    expect(shown(stored().fetch(late, NOW_MS + 60_001))).toEqual(EXPIRED)
  })

  test('signed ahead, lives correspondingly longer', () => {
    const ahead = url(KEY, NOW_MS + 10 * MINUTE_MS, 60)
    expect(shown(stored().fetch(ahead, NOW_MS + 11 * MINUTE_MS))).toEqual(FOUND)
    expect(shown(stored().fetch(ahead, NOW_MS + 11 * MINUTE_MS + 1))).toEqual(EXPIRED)
  })

  test.each<[string, Partial<PresignedUrl>]>([
    ['key', { key: 'other.jpg' }],
    ['date', { date: '20251113T032051Z', datedMs: NOW_MS + 1_000 }],
    ['expiry', { expirySeconds: 120 }],
  ])('with a changed %s is refused', (_, change) => {
    expect(shown(stored().fetch(changed(url(KEY, NOW_MS, 60), change), NOW_MS))).toEqual(
      BAD_SIGNATURE,
    )
  })
})

describe('a request signed in its headers', () => {
  const each = (store: VirtualStore, datedMs: number, key = KEY) => ({
    put: shown(store.put(key, 1, NOW_MS, datedMs)),
    list: shown(store.list('', NOW_MS, datedMs)),
    head: shown(store.head(key, NOW_MS, datedMs)),
    remove: shown(store.remove(key, NOW_MS, datedMs)),
  })
  const allowed = {
    put: { status: 200 },
    list: { status: 200, found: true },
    head: { status: 200, found: true },
    remove: { status: 204 },
  }
  // A HEAD's answer has no body, so no code can be in it.
  const refused = { put: TOO_SKEWED, list: TOO_SKEWED, head: { status: 403 }, remove: TOO_SKEWED }

  test.each([
    ['on time', 0, allowed],
    ['15 min ahead', 15 * MINUTE_MS, allowed],
    ['15 min behind', -15 * MINUTE_MS, allowed],
    ['more than 15 min ahead', 15 * MINUTE_MS + 1, refused],
    ['more than 15 min behind', -15 * MINUTE_MS - 1, refused],
  ])('%s', (_, skewMs, answers) => {
    expect(each(stored(), NOW_MS + skewMs)).toEqual(answers)
  })

  test('and refused changes nothing', () => {
    const store = stored()
    each(store, NOW_MS + 16 * MINUTE_MS, KEY)
    each(store, NOW_MS + 16 * MINUTE_MS, 'other.jpg')
    expect([store.table.size, store.table.get(KEY)]).toMatchObject([1, STORED])
  })

  test('HEAD of a missing key has no code; when skewed it is not even looked for', () => {
    expect(stored().head('gone.jpg', NOW_MS, NOW_MS)).toEqual({ status: 404 })
    expect(stored().head('gone.jpg', NOW_MS, 0)).toEqual({ status: 403 })
    expect(stored().head(KEY, NOW_MS, NOW_MS).value).toMatchObject(STORED)
  })
})

describe('removal', () => {
  test('is seen at once, and removing what is gone is answered the same', () => {
    const store = stored()
    expect(store.remove(KEY, NOW_MS, NOW_MS)).toEqual({ status: 204 })
    expect(store.remove(KEY, NOW_MS, NOW_MS)).toEqual({ status: 204 })
    expect(store.head(KEY, NOW_MS, NOW_MS)).toEqual({ status: 404 })
    expect(store.fetch(url(KEY, NOW_MS, 60), NOW_MS)).toEqual(NO_SUCH_KEY)
    expect(store.list('', NOW_MS, NOW_MS).value).toMatchObject({ count: 0 })
  })

  test('of many takes all that are there, or, when skewed, none', () => {
    const store = stored()
    store.put('other.jpg', 1, NOW_MS, NOW_MS)
    store.put('kept.jpg', 1, NOW_MS, NOW_MS)
    const keys = [KEY, 'never.jpg', 'other.jpg']
    expect(store.removeMany(keys, NOW_MS, NOW_MS + 16 * MINUTE_MS)).toEqual(TOO_SKEWED)
    expect(store.table.size).toBe(3)
    expect(store.removeMany(keys, NOW_MS, NOW_MS).status).toBeLessThan(300)
    expect([store.table.size, store.table.has('kept.jpg')]).toEqual([1, true])
  })
})
