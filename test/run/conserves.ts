// What holds of every run, whatever its scenario: nothing is lost from the books, and it can be had again.
import { expect } from 'vitest'
import { resolve, runResolved, type Written } from './scenarios.ts'

export async function conserves(written: Written, seed: number): Promise<void> {
  const scenario = await resolve(written)
  const result = await runResolved(scenario, seed)
  const { items, failures, metrics } = result
  const { offered, succeeded, failed, skipped, rejected, discarded, pending } = items
  expect(succeeded + failed + skipped + rejected + discarded + pending).toBe(offered)
  expect(failures.reduce((sum, { count }) => sum + count, 0)).toBe(
    failed + skipped + rejected + discarded,
  )
  expect(metrics.items_offered?.count ?? 0).toBe(offered)
  expect(notNumbers(result)).toEqual([])
  expect(await runResolved(scenario, seed)).toEqual(result)
}

/** Where a figure is not one: it would be null in the summary and mean "nothing was measured". */
function notNumbers(value: unknown, at = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${at} is ${value}`]
  if (value === undefined) return [`${at} is undefined`]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => notNumbers(inner, `${at}.${key}`))
}
