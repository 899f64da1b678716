// A clock is said to be off only where no right one could have dated a request so.
import { expect, test } from 'vitest'
import { skewIn } from '../../../src/worlds/real/endings.ts'
import type { Fact } from '../../../src/worlds/real/fact.ts'
import { Dates } from '../../../src/worlds/real/interposer/dates.ts'
import { RealTime } from '../../../src/worlds/real/time.ts'
import { amzDate } from '../../../src/worlds/store/amz-date.ts'

const ANSWERED = 'Thu, 13 Nov 2025 03:20:50 GMT'

test.each([
  ['at once, by a clock that is right', '20251113T032050Z', 5, 0],
  ['within whole seconds', '20251113T032048Z', 5, 0],
  ['eight hours early', '20251112T192050Z', 5, -28_800_000],
  ['a minute ahead', '20251113T032150Z', 5, 60_000],
  ['a minute ahead, and answered late', '20251113T032150Z', 30_000, 60_000],
  ['thirty seconds before an answer that took as long', '20251113T032020Z', 30_000, 0],
  ['a minute before an answer that took half of it', '20251113T031950Z', 30_000, -60_000],
  ['in no date', 'yesterday', 5, 0],
])('dated %s', (_, dated, agoMs, skewMs) => {
  expect(skewIn(dated, ANSWERED, agoMs)).toBe(skewMs)
})

test('a URL that was presigned when the run began and fetched late is dated by a right clock', () => {
  const told: Fact[] = []
  const dates = new Dates(['api'], (fact) => told.push(fact), new RealTime(1, 0))
  const signedAt = (ms: number) => `/images/1.jpg?X-Amz-Date=${amzDate(ms)}`
  dates.signature('api', signedAt(Date.now() - 1_000))
  dates.signature('somebody', signedAt(Date.now() - 3_600_000))
  expect(told).toEqual([])
  dates.signature('api', signedAt(Date.now() - 3_600_000))
  expect(told).toMatchObject([{ fact: 'skew', host: 'api' }])
})
