// What a scenario asserts, known without running it, for reports of runs that never came to their end.
import { pipelineOf, type Resolved } from '../scenario/schema.ts'
import { impliedBy } from './forbidden.ts'
import type { Asserted } from './result.ts'

export function assertedBy(scenario: Resolved): Asserted {
  const { thresholds, alerts, expect } = scenario
  const all = { ...thresholds, ...impliedBy(pipelineOf(scenario), scenario) }
  return {
    thresholds: Object.entries(all).flatMap(([metric, expressions]) =>
      expressions.map((expr) => ({ metric, expr })),
    ),
    alerts: alerts.map(({ alert, expect: wanted }) => ({
      name: alert,
      expect: sayExpected(
        wanted === undefined || wanted === 'never'
          ? (wanted ?? null)
          : { firesWithinMs: wanted.firesWithin },
      ),
    })),
    breach: expect.breach,
  }
}

/** `never`, `fires within 180 s`; null where nothing is expected of an alert. */
export function sayExpected(
  expect: null | 'never' | { readonly firesWithinMs: number },
): string | null {
  if (expect === null || expect === 'never') return expect
  return `fires within ${expect.firesWithinMs / 1_000} s`
}
