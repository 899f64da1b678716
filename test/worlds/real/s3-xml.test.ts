// The server's XML: what it writes it reads again, whatever the names, and nothing that is not well-formed.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { all, readXml, textIn, xml } from '../../../src/worlds/real/s3/xml.ts'

const keysIn = (document: string) =>
  all(readXml(document, 'Delete').Object).map((object) => textIn(object, 'Key'))

test('names come back as they were written', () => {
  // Most control characters are no XML, not even by reference.
  const name = fc
    .string({ unit: 'binary' })
    .map((text) =>
      text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?'),
    )
  fc.assert(
    fc.property(fc.array(name), (names) => {
      const document = xml(['Delete', names.map((key) => ['Object', [['Key', key]]] as const)])
      expect(keysIn(document)).toEqual(names)
    }),
    { numRuns: 1_000 },
  )
})

describe('what others write', () => {
  test.each([
    ['<Delete><Object><Key> a </Key></Object></Delete>', [' a ']],
    [
      '<Delete><Object><Key>001</Key></Object><Object><Key>true</Key></Object></Delete>',
      ['001', 'true'],
    ],
    ['<Delete><Object><Key><![CDATA[<a>&b]]></Key></Object></Delete>', ['<a>&b']],
    ['<Delete><Object><Key>&lt;&#x4eba;&#128663;&apos;</Key></Object></Delete>', ["<人🚗'"]],
    ['<Delete><Object><Key>&amp;lt;</Key></Object></Delete>', ['&lt;']],
    ['<s3:Delete xmlns:s3="x"><s3:Object><s3:Key>a</s3:Key></s3:Object></s3:Delete>', ['a']],
    [
      '<?xml version="1.0"?>\n<!-- why -->\n<Delete>\n\t<Object><Key>a</Key></Object>\n</Delete>\n',
      ['a'],
    ],
    ['<Delete><Object><VersionId>null</VersionId><Key>a</Key></Object></Delete>', ['a']],
    ['<Delete><Object></Object><Object/></Delete>', ['', '']],
    ['<Delete></Delete>', []],
    ['<Delete/>', []],
  ])('%s', (document, keys) => {
    expect(keysIn(document)).toEqual(keys)
  })

  test.each([
    '',
    'Delete',
    '<Delete>',
    '<Delete><Object></Delete></Object>',
    '<Delete></Delete><Delete></Delete>',
    '<Delete></Delete>more',
    '<Other></Other>',
    '<Delete><Object><Key>a & b</Key></Object></Delete>',
    '<Delete><Object><Key>&bogus;</Key></Object></Delete>',
    '<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>',
    '<Delete><Object><Key><More>a</More></Key></Object></Delete>',
    // Left out, they would make another key of it.
    '<Delete><Object><Key>a&#14;</Key></Object></Delete>',
    '<Delete><Object><Key>a&#xD800;</Key></Object></Delete>',
    '<Delete><Object><Key>a&#x110000;</Key></Object></Delete>',
    '<Delete><Object><Key>a&#x0000000000;</Key></Object></Delete>',
    '<Delete><Object><Key>a\u0001</Key></Object></Delete>',
    '<Delete><__proto__/></Delete>',
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Delete><Object><Key>&b;</Key></Object></Delete>',
  ])('%s is refused', (document) => {
    expect(() => keysIn(document)).toThrow(
      'The XML you provided was not well-formed or did not validate against our published schema.',
    )
  })
})
