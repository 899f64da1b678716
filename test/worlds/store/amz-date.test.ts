// Dates as S3 writes them, and nothing that only looks like one.
import { expect, test } from 'vitest'
import { amzDate, amzDateMs } from '../../../src/worlds/store/amz-date.ts'

test.each([
  ['20251113T032050Z', Date.UTC(2025, 10, 13, 3, 20, 50)],
  ['20240229T235959Z', Date.UTC(2024, 1, 29, 23, 59, 59)],
  ['20250229T000000Z', undefined],
  ['20251301T000000Z', undefined],
  ['20251113T240000Z', undefined],
  ['20251113T032050', undefined],
  ['2025-11-13T03:20:50Z', undefined],
  ['', undefined],
])('the date %s', (date, ms) => {
  expect(amzDateMs(date)).toBe(ms)
  if (ms !== undefined) expect(amzDate(ms + 999)).toBe(date)
})
