// Which upstream answers for a host of the world outside.
import { expect, test } from 'vitest'
import { bareNames, placeIn, standInFor } from '../../../src/worlds/real/egress/places.ts'

const NAMES = { 'api.example.com': 'one', 'api.example.com:8443': 'two', 'img.example.com': 'one' }

test.each([
  ['api.example.com:443', 'one'],
  ['API.Example.Com.:443', 'one'],
  ['api.example.com:8443', 'two'],
  ['api.example.com', 'one'],
  ['evil.com', undefined],
  ['api.example.com.evil.com:443', undefined],
  ['203.0.113.9:443', undefined],
  ['user@api.example.com:443/path', undefined],
  ['', undefined],
])('%s', (target, upstream) => {
  const place = placeIn(target, 443)
  expect(place === undefined ? undefined : standInFor(place, NAMES)).toBe(upstream)
})

test('a certificate for each name', () => {
  expect(bareNames(NAMES)).toEqual(['api.example.com', 'img.example.com'])
})
