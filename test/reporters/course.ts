// A run with a course, for charts: five hours in 480 instants, with a fault and an alert.
import type { RunResult } from '../../src/run/result.ts'
import { breached, judged } from './result.ts'

const INSTANTS = 480
const HOUR_MS = 3_600_000
const END_MS = 5 * HOUR_MS

export function withCourse(more: Partial<RunResult> = {}): RunResult {
  const atMs = Array.from({ length: INSTANTS + 1 }, (_, i) => (i * END_MS) / INSTANTS)
  const isDown = atMs.map((at) => at > HOUR_MS && at <= 4 * HOUR_MS)
  const each = (up: number, down: number) => isDown.map((down_) => (down_ ? down : up))
  const durations = isDown.map((down) => (down ? null : 800))
  const level = (up: number, down: number) => {
    const value = each(up, down)
    return { value, min: value, max: value.map((n) => n + 1) }
  }
  return breached({
    variant: 'baseline',
    incident: 'made up',
    about: 'Heartbeats are lost',
    simulatedMs: END_MS,
    fingerprint: [judged('services_registered{phase:fault}', 'min==0', 0, true)],
    books: [
      { reported: 'processed_total', says: 100, metric: 'item_succeeded count', measured: 4 },
    ],
    faults: [
      {
        kind: 'heartbeat.loss',
        describe: 'heartbeats of all services lost',
        atMs: HOUR_MS,
        forMs: 3 * HOUR_MS,
        times: 1,
        touched: 12,
        mayMiss: false,
        evidence: { withheld: 12 },
      },
    ],
    alerts: [
      {
        name: 'NoAlgorithmService',
        expr: 'services_registered == 0',
        expect: 'fires within 180 s',
        firedAtMs: HOUR_MS + 120_000,
        resolvedAtMs: 4 * HOUR_MS,
        ok: true,
      },
    ],
    attempts: [{ route: 'infer', class: 'ok', count: 4 }],
    parts: {
      queue: { busy: { avg: 0, max: 0 }, queue: { avg: 1.5, max: 12 }, waitMs: null },
    },
    course: {
      atMs,
      offered: each(450, 450),
      fates: { succeeded: each(450, 0), discarded: each(0, 450) },
      attempts: { ok: each(450, 0), 'infer http-500': each(1, 0) },
      durationMs: { p50: durations, p95: durations, p99: durations },
      levels: {
        services_registered: { help: 'Algorithm services in the registry', ...level(12, 0) },
        queue_depth: { help: 'Images in the bounded queue', ...level(0, 12) },
      },
      faults: [[[HOUR_MS, 4 * HOUR_MS]]],
    },
    ...more,
  })
}
