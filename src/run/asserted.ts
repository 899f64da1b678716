// What a scenario asserts, known without running it, for reports of runs that never came to their end.
import type { Resolved } from '../scenario/schema.ts'
import type { Asserted } from './result.ts'

export function assertedBy({ thresholds, alerts, expect }: Resolved): Asserted {
  return {
    thresholds: Object.entries(thresholds).flatMap(([metric, expressions]) =>
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
