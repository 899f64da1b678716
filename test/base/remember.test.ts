// What is remembered of a text is what reading it gives.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { remembering } from '../../src/base/remember.ts'

test('as reading it says, for texts that share their last digits as well', () => {
  const read = (text: string) => text.length + 7 * (text.codePointAt(0) ?? 0)
  const texts = fc.array(
    fc.tuple(
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom('', '001', '1001', '人001', '002.jpg'),
    ),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(texts, fc.constantFrom(0, 4), (all, ending) => {
      const remembered = remembering(read, ending)
      for (const text of all.map((two) => two.join(''))) expect(remembered(text)).toBe(read(text))
    }),
  )
})

test('a text that was read lately is not read again', () => {
  let reads = 0
  const remembered = remembering((text) => {
    reads++
    return Number(text)
  }, 0)
  for (let round = 0; round < 3; round++)
    for (let n = 100; n < 1_100; n++) expect(remembered(String(n).padStart(8, '0'))).toBe(n)
  expect(reads).toBe(1_000)
})
