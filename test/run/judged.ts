// A judgement of a run that held, but for what a test says of it.
import { type Evidence, judge } from '../../src/run/judge.ts'
import type { AlertOutcome, Items, Judged } from '../../src/run/result.ts'
import type { Resolved } from '../../src/scenario/schema.ts'

export const items: Items = {
  offered: 100,
  succeeded: 100,
  failed: 0,
  skipped: 0,
  rejected: 0,
  discarded: 0,
  pending: 0,
  duplicates: 0,
}

export const held: Judged = { metric: 'item_lost', expr: 'rate<0.01', observed: 0, ok: true }

export const breached: Judged = { ...held, observed: 0.5, ok: false }

export const unmeasured: Judged = { ...held, observed: null, ok: null }

export const alert: AlertOutcome = {
  name: 'A',
  expr: 'up == 0',
  expect: 'never',
  firedAtMs: null,
  resolvedAtMs: null,
  ok: true,
}

export type Expect = Partial<Resolved['expect']>

export function judged({
  expect: wanted = {},
  pending = 'forbidden',
  ...more
}: Partial<Omit<Evidence, 'scenario'>> & { expect?: Expect; pending?: Resolved['pending'] } = {}) {
  const scenario = {
    expect: { breach: [], fingerprint: 'met', ...wanted },
    pending,
  } as unknown as Resolved
  return judge({
    scenario,
    interrupted: false,
    items,
    dropped: 0,
    pendingInWarmup: 0,
    unseen: [],
    thresholds: [held],
    fingerprint: [],
    alerts: [],
    ...more,
  })
}
