// Presigned URLs: what is signed is what is read back, whatever the key, and no change goes unnoticed.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amzDate } from '../../../src/worlds/store/amz-date.ts'
import { Signer } from '../../../src/worlds/virtual/presign.ts'

const AT_MS = Date.UTC(2025, 10, 13, 3, 20, 50)
const KEY = '人数统计/cam1/000001.jpg'

const signed = (key: string) => new Signer().presign(key, 'scanner', AT_MS, 3_600)
const read = (url: string) => new Signer().read(url)

describe('a key comes back as it was', () => {
  test.each([
    KEY,
    'plain/cam1/000001.jpg',
    'with a space/a b.jpg',
    'percent/100%.jpg',
    'percent/%3F%23%2F%20.jpg',
    'percent/%E4%BA.jpg',
    'why?.jpg',
    'cam#1/a.jpg',
    'a+b/c+d.jpg',
    'a&X-Amz-Date=19700101T000000Z.jpg',
    '?X-Amz-Credential=other',
    'semi;colon:at@equals=dollar$comma,.jpg',
    '🚗/🧍🏽‍♀️.jpg',
    '/leading//double/',
    '../up/./here',
  ])('%s', (key) => {
    expect(read(signed(key))?.key).toBe(key)
  })

  test('any key, any time, any expiry', () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.string({
        unit: fc.constantFrom('?', '#', '%', '+', '&', '=', '/', ' ', '2', '5', 'F', 'é'),
        minLength: 1,
      }),
    )
    const time = fc.integer({ min: 0, max: Date.UTC(2100, 0) })
    // One signer for all: what it remembers must not show.
    const signer = new Signer()
    fc.assert(
      fc.property(key, time, fc.integer({ min: 1, max: 604_800 }), (k, atMs, expirySeconds) => {
        const url = signer.presign(k, 'host-1', atMs, expirySeconds)
        // S3 dates are whole seconds.
        const whole = Math.floor(atMs / 1_000) * 1_000
        const expected = {
          key: k,
          signer: 'host-1',
          date: amzDate(atMs),
          datedMs: whole,
          expirySeconds,
        }
        for (const reader of [signer, new Signer()]) {
          const found = reader.read(url)
          expect(found).toMatchObject(expected)
          expect(found?.isGenuine()).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

test('a URL is one that others would read the same way', () => {
  const key = '人数统计/cam#1/why? 100%+.jpg'
  const url = new URL(signed(key))
  expect(decodeURIComponent(url.pathname)).toBe(`/images/${key}`)
  expect([...url.searchParams.keys()]).toEqual([
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-Signature',
  ])
  expect(url.hash).toBe('')
})

test('dates are written as S3 writes them', () => {
  expect(amzDate(AT_MS)).toBe('20251113T032050Z')
  expect(read(signed(KEY))).toMatchObject({ date: '20251113T032050Z', datedMs: AT_MS })
})

test('a signer that is used again dates each URL by its own second', () => {
  const signer = new Signer()
  const dates = [0, 999, 1_000, 999, 61_000].map(
    (ms) => signer.read(signer.presign(KEY, 's', AT_MS + ms, 60))?.datedMs,
  )
  expect(dates).toEqual([0, 0, 1_000, 0, 61_000].map((ms) => AT_MS + ms))
})

test.each([
  [
    'another origin',
    'http://elsewhere/images/a.jpg?X-Amz-Credential=s&X-Amz-Date=20251113T032050Z&X-Amz-Expires=1&X-Amz-Signature=0',
  ],
  ['no query', 'http://objects/images/a.jpg'],
  ['a query that is not S3’s', 'http://objects/images/a.jpg?size=small'],
  ['a parameter missing', signed(KEY).replace(/&X-Amz-Date=[^&]*/, '')],
  ['a broken escape', signed(KEY).replace('%E4', '%')],
  ['nothing', ''],
])('%s is not a presigned URL', (_, url) => {
  expect(read(url)).toBeUndefined()
})

test.each([
  ['key', (url: string) => url.replace('000001', '000002')],
  ['date', (url: string) => url.replace('032050Z', '032051Z')],
  ['expiry', (url: string) => url.replace('Expires=3600', 'Expires=3601')],
  ['signature', (url: string) => `${url}0`],
])('a changed %s is noticed, by who signed the URL too', (_, change) => {
  const signer = new Signer()
  const url = signer.presign(KEY, 'scanner', AT_MS, 3_600)
  expect(signer.read(url)?.isGenuine()).toBe(true)
  expect(signer.read(change(url))?.isGenuine()).toBe(false)
  expect(read(change(url))?.isGenuine()).toBe(false)
})
