// The screen as text: what stands where, at widths and heights that terminals have.
import { renderToString } from 'ink'
import { expect, test } from 'vitest'
import { Screen } from '../../../src/cli/ui/screen.tsx'
import { LiveView } from '../../../src/cli/ui/view.ts'
import type { Glimpse } from '../../../src/run/glimpse.ts'
import { judged, result } from '../../reporters/result.ts'

const HOUR_MS = 3_600_000

function glimpse(atHour: number, more: Partial<Glimpse> = {}): Glimpse {
  return {
    nowMs: atHour * HOUR_MS,
    loadEndMs: 5 * HOUR_MS,
    offered: atHour * 36_000,
    succeeded: atHour * 36_000 - 10,
    lost: 0,
    levels: { services_registered: 12, queue_depth: 40 },
    thresholds: [
      judged('item_lost', 'rate<0.01', 0, true),
      judged('item_lost{phase:after}', 'rate<0.001', null, null),
    ],
    breach: [],
    faults: [
      { name: 'heartbeat.loss', spans: [[HOUR_MS, 4 * HOUR_MS]] },
      { name: 'host.restart', spans: [[4 * HOUR_MS, 4 * HOUR_MS]] },
    ],
    hosts: { analyser: 'up', 'service-1': 'up', 'service-2': 'paused', 'service-3': 'down' },
    parts: [
      { name: 'queue', busy: 0, waiting: 40 },
      { name: 'dispatcher', busy: 8, waiting: 0 },
    ],
    ...more,
  }
}

function view(): LiveView {
  const live = new LiveView('virtual', 6, 0)
  const tell = (share: number, seen: Glimpse, wallMs: number) =>
    live.progress('heartbeat-loss', 'baseline', 1, share, () => seen, wallMs)
  tell(0, glimpse(0, { succeeded: 0 }), 0)
  tell(0.1, glimpse(0.5), 1_000)
  tell(0.2, glimpse(1), 2_000)
  tell(0.4, glimpse(2, { succeeded: 36_000, lost: 35_990 }), 4_000)
  return live
}

const frame = (live: LiveView, columns: number, rows: number) =>
  renderToString(<Screen view={live} columns={columns} rows={rows} />, { columns }).split('\n')

test('80 columns are enough', () => {
  expect(frame(view(), 80, 24)).toEqual([
    'heartbeat-loss · baseline · seed 1  virtual world  0 of 6 runs done',
    'progress    ██████████▊░░░░░░░░░░░░░░░░ 40 %  about 6s left, 56s for all',
    'clock       2h of 5h  wall 4s  1,800 × as fast',
    'items       offered 72,000  succeeded 36,000  lost 35,990  open 10',
    'throughput                                               ██▁ 0.00278/s',
    'lost                                                     ▁▁█ 99.97 %',
    'thresholds  ✓ item_lost rate<0.01  0 %  margin +1.00 pt',
    '            ? item_lost{phase:after} rate<0.001  nothing',
    'faults      ───────███████◆▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒┄┄┄┄┄┄┄ heartbeat.loss active',
    '            ──────────────◇┄┄┄┄┄┄┄┄┄┄┄┄┄┄▒┄┄┄┄┄┄┄ host.restart',
    'levels      services_registered 12 · queue_depth 40 · queue 0 busy, 40 waiting',
    '            dispatcher 8 busy',
    'hosts       analyser ●',
    '            service-* ●‖✗',
    'q stops, and reports what was measured',
  ])
})

test('a breach is marked, an expected one otherwise', () => {
  const live = view()
  const thresholds = [
    judged('item_lost', 'rate<0.01', 0.5, false),
    judged('item_duration', 'p(95)<10s', 31_000, false),
  ]
  const seen = glimpse(2, { thresholds, breach: ['item_lost'] })
  live.progress('x', 'y', 1, 0.4, () => seen, 4_000)
  live.ended(result({ scenario: 'heartbeat-loss', variant: 'baseline', seed: 1, verdict: 'fail' }))
  const lines = frame(live, 80, 24)
  expect(lines[0]).toBe('x · y · seed 1  virtual world  1 of 6 runs done  ✗ 1')
  expect(lines.filter((line) => line.includes('✗ item'))).toEqual([
    'thresholds  ✗ item_lost rate<0.01  50.00 %  breach expected',
    '            ✗ item_duration p(95)<10s  31s  margin -21s',
  ])
})

test('no line is wider than the terminal, no frame higher', () => {
  const live = view()
  live.progress('another scenario of a long name', 'and-a-variant', 123_456, 0.5, undefined, 4_000)
  for (const columns of [40, 60, 80, 200])
    for (const rows of [3, 10, 15, 24]) {
      const lines = frame(live, columns, rows)
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns)
      expect(lines.length).toBeLessThan(rows)
    }
})

test('before anything is known there is a header, and when it stops it says so', () => {
  const live = new LiveView('real', 1, 0)
  live.isStopping = true
  expect(frame(live, 80, 24)).toEqual([
    'aftershock  real world  0 of 1 runs done',
    'stopping: what was measured is reported',
  ])
})
