// Pages of listings against a plain model: whatever the keys and the page's size, together they are the whole.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageOf } from '../../../src/worlds/real/s3/listing.ts'

const bytes = (text: string) => Buffer.from(text)
const byBytes = (a: string, b: string) => Buffer.compare(bytes(a), bytes(b))

/** What is listed: each key, or what it has in common with others up to the delimiter, once. */
function whole(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const found = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
      return end < 0 ? key : `${key.slice(0, end + delimiter.length)}…`
    })
  return [...new Set(found)].sort()
}

const key = fc.string({
  unit: fc.constantFrom('a', 'b', '/', '人', '\ufffd', '🚗'),
  minLength: 1,
  maxLength: 6,
})

test('pages put together are the whole, in the order of bytes, none fuller than asked for', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { maxLength: 40 }),
      fc.constantFrom('', 'a', 'a/', '人', 'b/a'),
      fc.constantFrom('', '/', 'a', '人/'),
      fc.integer({ min: 1, max: 5 }),
      (keys, prefix, delimiter, most) => {
        const sorted = keys
          .filter((k) => k.startsWith(prefix))
          .sort(byBytes)
          .map((k) => ({ key: k, sizeBytes: 1, modifiedMs: 0 }))
        const found: string[] = []
        for (let after = ''; ; ) {
          const page = pageOf(sorted, { prefix, delimiter, after, most })
          const listed = page.objects.map((object) => object.key)
          expect(listed).toEqual(listed.toSorted(byBytes))
          expect(page.prefixes).toEqual(page.prefixes.toSorted(byBytes))
          expect(listed.length + page.prefixes.length).toBeLessThanOrEqual(most)
          found.push(...listed, ...page.prefixes.map((common) => `${common}…`))
          if (page.next === undefined) break
          expect(listed.length + page.prefixes.length).toBe(most)
          after = page.next
        }
        expect(found.sort()).toEqual(whole(keys, prefix, delimiter))
      },
    ),
    { numRuns: 1_000 },
  )
})
