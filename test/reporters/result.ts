// A run's result, but for what a test says of it.
import type { Judged, RunResult, Summary } from '../../src/run/result.ts'
import { summaryOf } from '../../src/run/summary.ts'

const items = {
  offered: 100,
  succeeded: 100,
  failed: 0,
  skipped: 0,
  rejected: 0,
  discarded: 0,
  pending: 0,
  duplicates: 0,
}

export function result(more: Partial<RunResult> = {}): RunResult {
  return {
    scenario: 'outage',
    file: 'outage.ts',
    variant: 'default',
    world: 'virtual',
    brief: false,
    seed: 1,
    verdict: 'pass',
    outcome: 'held',
    expect: { breach: [], fingerprint: 'met' },
    reasons: [],
    simulatedMs: 60_000,
    wallMs: 0,
    digest: null,
    items,
    failures: [],
    attempts: [],
    metrics: {},
    reported: {},
    books: [],
    thresholds: [],
    fingerprint: [],
    faults: [],
    alerts: [],
    parts: {},
    ...more,
  }
}

/** A run that lost nearly everything, as it was meant to. */
export function breached(more: Partial<RunResult> = {}): RunResult {
  return result({
    outcome: 'breached',
    expect: { breach: ['item_lost'], fingerprint: 'met' },
    items: { ...items, succeeded: 4, discarded: 96 },
    failures: [{ fate: 'discarded', stage: 'dispatch', class: 'no-service', count: 96 }],
    thresholds: [judged('item_lost', 'rate<0.01', 0.96, false)],
    ...more,
  })
}

export function judged(
  metric: string,
  expr: string,
  observed: number | null,
  ok: boolean | null,
): Judged {
  return { metric, expr, observed, ok }
}

export function summary(...runs: readonly RunResult[]): Summary {
  return summaryOf(runs)
}
