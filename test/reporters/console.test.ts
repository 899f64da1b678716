// The console report: what it says of verdicts, of candidates that the facts refute, and how it fits a terminal.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { consoleReport } from '../../src/reporters/console-report.ts'
import type { RunResult } from '../../src/run/result.ts'
import { run } from '../../src/run/scenario.ts'
import { summaryOf } from '../../src/run/summary.ts'
import { readScenario } from '../../src/scenario/read.ts'
import { breached, judged, result, summary } from './result.ts'

const plain = { color: false, command: 'aftershock' }

function rendered(width: number, ...runs: readonly RunResult[]): string[] {
  return consoleReport(summary(...runs), { ...plain, width }).split('\n')
}

/** The table of verdicts, and what is concluded from it. */
function top(width: number, ...runs: readonly RunResult[]): string[] {
  const lines = rendered(width, ...runs)
  const from = lines.indexOf('') + 1
  return lines.slice(from, lines.indexOf('', from))
}

const SCANS = 'log_lines{line:scan found new images,phase:fault}'
const SERVICES = 'services_registered{phase:fault}'

/** What a candidate left: scan lines and services. */
const facts = (scans: number, services: number) => [
  judged(SCANS, 'count==0', scans, scans === 0),
  judged(SERVICES, 'max==0', services, services === 0),
]
const refuted = { breach: [], fingerprint: 'missed' } as const

const heartbeats = breached({
  variant: 'heartbeatsLost',
  expect: { breach: ['item_lost'], fingerprint: 'missed' },
  fingerprint: facts(2_345, 0),
})
const frames = result({ variant: 'framesStopped', expect: refuted, fingerprint: facts(0, 12) })
const partition = breached({ variant: 'partition', fingerprint: facts(0, 0) })

describe('the verdicts', () => {
  test('stand in a row with their figures where there is room', () => {
    expect(top(140, breached({ variant: 'baseline' }), result({ variant: 'fix' }))).toEqual([
      '     variant   verdict                         offered  succeeded     lost   simulated',
      '  ✓  baseline  reproduced: breaches item_lost      100     4.00 %  96.00 %  1m in 0.0s',
      '  ✓  fix       holds                               100      100 %      0 %  1m in 0.0s',
      '  baseline: 96.00 % of all items discarded at dispatch, no-service',
      '  holds: fix',
    ])
  })

  test('stand below them where there is not', () => {
    expect(top(60, breached({ variant: 'baseline' }), result({ variant: 'fix' }))).toEqual([
      '     variant   offered  succeeded     lost   simulated',
      '  ✓  baseline      100     4.00 %  96.00 %  1m in 0.0s',
      '     reproduced: breaches item_lost',
      '  ✓  fix           100      100 %      0 %  1m in 0.0s',
      '     holds',
      '  baseline: 96.00 % of all items discarded at dispatch,',
      '  no-service',
      '  holds: fix',
    ])
  })
})

describe('candidates', () => {
  test('are refuted by the facts that they miss, or meet them all', () => {
    expect(top(140, heartbeats, frames, partition)).toEqual([
      '     variant         offered  succeeded     lost   simulated',
      '  ✓  heartbeatsLost      100     4.00 %  96.00 %  1m in 0.0s',
      '     refuted by log_lines{line:scan found new images,phase:fault} count==0: observed 2,345',
      '  ✓  framesStopped       100      100 %      0 %  1m in 0.0s',
      '     refuted by services_registered{phase:fault} max==0: observed 12',
      '  ✓  partition           100     4.00 %  96.00 %  1m in 0.0s',
      '     meets all 2 facts of the report',
      '  partition: 96.00 % of all items discarded at dispatch, no-service',
    ])
  })

  test('stand against each fact at the end', () => {
    expect(rendered(80, heartbeats, frames, partition).slice(-13)).toEqual([
      '',
      '  the candidates against the facts of the report',
      '    1  log_lines{line:scan found new images,phase:fault}: count==0',
      '    2  services_registered{phase:fault}: max==0',
      '',
      '     candidate       1        2',
      '  ✗  heartbeatsLost  ✗ 2,345  ✓ 0   refuted by 1',
      '  ✗  framesStopped   ✓ 0      ✗ 12  refuted by 2',
      '  ✓  partition       ✓ 0      ✓ 0   meets all 2',
      '',
      'pass: 3 of 3 runs end as expected',
      'reproduce: aftershock run outage.ts --seed 1',
      '',
    ])
  })

  test('say which fact refutes them', () => {
    expect(rendered(140, heartbeats).slice(8, 13)).toEqual([
      '    fates       offered 100: succeeded 4 · discarded 96',
      '    lost        discarded  at dispatch  no-service  96  96.00 %',
      '    SLO         ✗  item_lost: rate<0.01  96.00 %  breach expected',
      '    fingerprint ✗  log_lines{line:scan found new images,phase:fault}: count==0  2,345  refutes it',
      '                ✓  services_registered{phase:fault}: max==0                     0',
    ])
  })

  test('over several seeds: how far they were off, and how often', () => {
    const seeds = [
      heartbeats,
      { ...heartbeats, seed: 2, fingerprint: facts(2_350, 0) },
      { ...heartbeats, seed: 3, fingerprint: facts(2_340, 1) },
    ]
    expect(top(140, ...seeds, partition).slice(1, 4)).toEqual([
      '  ✓  heartbeatsLost      300     4.00 %  96.00 %  3m in 0.0s',
      '     refuted by log_lines{line:scan found new images,phase:fault} count==0: observed 2,340–2,350; and by services_registered{phase:fault}',
      '     max==0: observed 1 (1 of 3 seeds)',
    ])
    expect(rendered(140, ...seeds, partition).slice(-7, -4)).toEqual([
      '     candidate       1              2',
      '  ✗  heartbeatsLost  ✗ 2,340–2,350  ✗ 1 (1 of 3 seeds)  refuted by 1, 2',
      '  ✓  partition       ✓ 0            ✓ 0                 meets all 2',
    ])
  })

  test('that end otherwise than expected fail', () => {
    const reason = 'the fingerprint was expected to be missed and was met'
    const wrong = { ...heartbeats, verdict: 'fail', reasons: [reason], fingerprint: facts(0, 0) }
    expect(top(140, wrong as RunResult, frames)).toEqual([
      '     variant         verdict                                                          offered  succeeded     lost   simulated',
      '  ✗  heartbeatsLost  FAIL: the fingerprint was expected to be missed and was met          100     4.00 %  96.00 %  1m in 0.0s',
      '  ✓  framesStopped   refuted by services_registered{phase:fault} max==0: observed 12      100      100 %      0 %  1m in 0.0s',
    ])
  })

  test('are none of the fixes: those hold, or do not', () => {
    const fix = result({ variant: 'fix', fingerprint: facts(0, 12) })
    expect(top(140, heartbeats, partition, fix).slice(5)).toEqual([
      '  ✓  fix                 100      100 %      0 %  1m in 0.0s',
      '     holds',
      '  partition: 96.00 % of all items discarded at dispatch, no-service',
      '  holds: fix',
    ])
  })

  test('are shown only where a scenario has some', () => {
    expect(rendered(80, partition).filter((line) => line.includes('candidate'))).toEqual([])
  })
})

describe('a terminal', () => {
  test.each(['services-lost', 'heartbeat-partial', 'deleted-while-queued'])(
    'of 80 columns holds every line of %s but the commands',
    async (name) => {
      const folder = fileURLToPath(new URL('../../scenarios/inference/', import.meta.url))
      const scenario = await readScenario(join(folder, `${name}.ts`))
      const runs = await run({ ...scenario, file: `${name}.ts` }, { brief: true, seeds: 2 })
      const lines = consoleReport(summaryOf(runs), { ...plain, width: 80 }).split('\n')
      expect(lines.filter((line) => stringWidth(line) > 80 && !line.includes('run '))).toEqual([])
    },
  )
})

describe('a variant’s lines', () => {
  const lines = (run: RunResult) =>
    rendered(120, run).filter((line) =>
      /^ {4}(windows|faults|books|untold|recovery| {12})/.test(line),
    )

  test('windows stand in columns, with a note below', () => {
    const window = { atMs: 0, rate: 4, lost: 0.1437, p95Ms: 123_000, callsPerSuccess: 4.26 }
    expect(
      lines(
        result({
          windows: [
            { ...window, window: 'first-wave', utilisation: { tasks: 0.92 } },
            { ...window, window: '第二波', lost: 0, utilisation: { tasks: 1 } },
          ],
        }),
      ),
    ).toEqual([
      '    windows     window      offered     lost   p95  calls  tasks',
      '                first-wave      4/s  14.37 %  2m3s   4.26   92 %',
      '                第二波          4/s      0 %  2m3s   4.26  100 %',
      '                calls to upstreams per success; parts: busy ÷ full; full first: tasks, in 第二波',
    ])
  })

  test('evidence, times and who was not told are said in words', () => {
    const fault = { kind: 'reset', describe: 'all reset', atMs: 60_000, forMs: 30_000, times: 1 }
    const evidence = { delayedMs: 18_041_010, connectionsCut: 7, skewMs: -28_800_000 }
    const shown = lines(
      result({
        faults: [{ ...fault, mayMiss: false, touched: 854, evidence }],
        untold: { succeeded: 293, failed: 86 },
        books: [
          {
            reported: 'avg_inference_ms',
            says: 202,
            metric: 'attempt_duration{route:infer} avg',
            measured: 205.94,
          },
        ],
      }),
    )
    expect(shown).toEqual([
      '    untold      nobody was told of 293 succeeded, 86 failed',
      '    faults      reset at 1m for 30s: all reset; touched 854, delayed 5h1m in all, connections cut 7, skew -8h',
      '    books       it says avg_inference_ms 202  measured attempt_duration{route:infer} avg 205.9 ms',
    ])
  })
})

test('of several seeds that end as expected one is shown that the fault touched', () => {
  const fault = { kind: 'reset', describe: 'reset', atMs: 0, forMs: 9, times: 1, evidence: {} }
  const seed = (of: number, touched: number) =>
    result({ seed: of, faults: [{ ...fault, mayMiss: false, touched }] })
  const shown = (...runs: RunResult[]) =>
    rendered(80, ...runs).find((line) => line.startsWith('  default (seed'))
  expect(shown(seed(1, 0), seed(2, 5), seed(3, 7))).toBe('  default (seed 2)')
  expect(shown(seed(1, 0), seed(2, 0))).toBe('  default (seed 1)')
  expect(shown(seed(1, 5), { ...seed(2, 0), verdict: 'fail' })).toBe('  default (seed 2)')
})

test('of several scenarios the end has a line each, and says again what failed', () => {
  const bad = result({
    scenario: 'second',
    file: 'second.yaml',
    variant: 'fix',
    verdict: 'fail',
    reasons: ['item_lost rate<0.01: breached, observed 30.00 %'],
  })
  const good = [breached({ variant: 'baseline' }), result({ variant: 'fix' })]
  expect(rendered(80, ...good, bad).slice(-8, -2)).toEqual([
    '✓  outage  holds: fix',
    '✗  second  0 of 1 variants end as expected',
    '',
    '✗  second · fix: item_lost rate<0.01: breached, observed 30.00 %',
    '',
    'FAIL: 2 of 3 runs end as expected, 1 fail',
  ])
  expect(rendered(80, bad).filter((line) => line.includes('second · fix'))).toEqual([])
})
