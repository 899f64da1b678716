// Bars, sparklines and spans: always as wide as asked for, and true to what they show.
import { describe, expect, test } from 'vitest'
import { bar, spanLine, sparkline } from '../../../src/cli/ui/marks.ts'

describe('a bar', () => {
  test.each([
    [0, '░░░░'],
    [1, '████'],
    [0.5, '██░░'],
    [0.53, '██▏░'],
    [7, '████'],
    [-1, '░░░░'],
  ])('of %d', (share, text) => {
    expect(bar(share, 4)).toBe(text)
  })
})

describe('a sparkline', () => {
  test.each([
    [[0, 5, 10], 4, 10, ' ▁▅█'],
    [[1, 2, 3, 4, 5], 2, 5, '▇█'],
    [[0, 0], 2, 0, '▁▁'],
    [[], 3, 1, '   '],
  ])('of %j', (values, cells, top, text) => {
    expect(sparkline(values, cells, top)).toBe(text)
  })
})

describe('spans', () => {
  const at = (nowMs: number) => ({ nowMs, endMs: 100, cells: 10 })
  test.each([
    ['to come', [[50, 80]], 5, '◇┄┄┄┄▒▒▒┄┄'],
    ['going on', [[50, 80]], 65, '─────█◆▒┄┄'],
    ['over', [[50, 80]], 95, '─────███─◇'],
    ['of an instant', [[50, 50]], 0, '◇┄┄┄┄▒┄┄┄┄'],
    ['none', [], 100, '─────────◇'],
  ] as const)('%s', (_, spans, nowMs, text) => {
    expect(spanLine(spans, at(nowMs))).toBe(text)
  })
})
