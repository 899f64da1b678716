// An item's trace: as the W3C writes it, told from every other's, and the same in every run with the seed.
import { expect, test } from 'vitest'
import { Random } from '../../../src/base/random.ts'
import { traceparentOf } from '../../../src/pipelines/process/traceparent.ts'

const of = (seed: number, id: string) => traceparentOf(new Random(seed), id)

test('is written as the W3C writes it, and says which item it is', () => {
  expect(of(1, '00000042')).toMatch(/^00-00000042[\da-f]{24}-[\da-f]{16}-01$/)
})

test('depends on the id and the seed alone', () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => String(i).padStart(8, '0'))
  const traces = [1, 2].flatMap((seed) => ids.map((id) => of(seed, id).slice(3, 35)))
  expect(new Set(traces).size).toBe(2_000)
  expect(of(1, '00000042')).toBe(of(1, '00000042'))
})
