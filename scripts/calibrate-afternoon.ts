// How the afternoon of seed 002 was calibrated: every figure of its report beside what the scenario measures.
// Run with `npm run calibrate:afternoon [seeds]` after a build.
//
// Found by hand, one knob for each figure, in this order: how much text-to-image bears and sheds (its failed calls), how
// much slower it is in the first two peaks (read timeouts, tasks lost there), how long it takes no connection (connect
// timeouts), how long background removal takes and how much longer in the third peak (its timeouts, the tasks lost there,
// and with them the success of all), what the front end bears, and how often it is called back (failed callbacks, and
// those who were never told). The log files cover about 73 % of the work (29,736 good calls for 40,446 pictures), so
// counts of the logs are divided by that.

import type { RunEvent } from '../dist/src/metrics/history.js'
import type { RunResult } from '../dist/src/run/result.js'
import { runOnce } from '../dist/src/run/run.js'
import { readScenario } from '../dist/src/scenario/read.js'
import type { Resolved } from '../dist/src/scenario/schema.js'

const file = 'scenarios/generation/afternoon.ts'
const baseline = (await readScenario(file)).resolve('baseline', false)
const COVERAGE = 29_736 / 40_446
const logged = (count: number) => Math.round(count / COVERAGE)
const seeds = Number(process.argv[2] ?? 1)

/** Failed calls, by route and minute. */
class Minutes {
  readonly failed = new Map<string, number[]>()

  readonly observe = (event: RunEvent) => {
    if (event.event !== 'call' || event.class === 'ok') return
    const minutes = this.failed.get(event.route) ?? []
    this.failed.set(event.route, minutes)
    const minute = Math.floor(event.atMs / 60_000)
    minutes[minute] = (minutes[minute] ?? 0) + 1
  }

  /** The clock time of the minute in which most of these calls failed. */
  worst(route: string): string {
    const minutes = Array.from(this.failed.get(route) ?? [], (n) => n ?? 0)
    const at = minutes.indexOf(Math.max(...minutes))
    const clock = new Date(Date.UTC(2025, 7, 16, 13, 29 + at))
    return clock.toISOString().slice(11, 16)
  }
}

async function show(title: string, scenario: Resolved, seed: number): Promise<void> {
  const minutes = new Minutes()
  const run = await runOnce({
    scenario,
    file,
    variant: 'baseline',
    brief: false,
    seed,
    wallMs: () => 0,
    observer: minutes.observe,
  })
  console.log(`\n${title}`)
  for (const [what, target, result] of rows(run, minutes))
    console.log(`  ${what.padEnd(52)}${target.padStart(18)}${result.padStart(18)}`)
}

function rows(run: RunResult, minutes: Minutes): [string, string, string][] {
  const calls = (route: string, ...classes: string[]) =>
    run.attempts
      .filter((a) => a.route === route && (classes.length === 0 || classes.includes(a.class)))
      .reduce((sum, { count }) => sum + count, 0)
  const failed = (route: string) => calls(route) - calls(route, 'ok')
  const { offered, succeeded } = run.items
  const untold = run.untold?.succeeded ?? 0
  const lost = offered - succeeded
  const retries = run.attempts
    .filter(({ class: klass }) => klass !== 'ok')
    .filter(({ route }) => ['detect', 'generate', 'remove_background'].includes(route))
    .reduce((sum, { count }) => sum + count, 0)
  return [
    ['', 'report', 'measured'],
    ['tasks', n(49_263), n(offered)],
    ['succeeded', '82.10 %', share(succeeded, offered)],
    ['called back', '81.70 %', share(succeeded - untold, offered)],
    ['succeeded, and nobody told', n(200), n(untold)],
    ['text-to-image: calls (45,253 logged)', n(logged(45_253)), n(calls('generate'))],
    ['text-to-image: failed calls', '34.3 %', share(failed('generate'), calls('generate'))],
    [
      '  network: reset, refused, aborted',
      n(logged(7_881)),
      n(calls('generate', 'reset', 'refused', 'aborted')),
    ],
    ['  API errors', n(logged(3_818)), n(calls('generate', 'http-500'))],
    ['  read timeouts', n(logged(3_059)), n(calls('generate', 'read-timeout'))],
    [
      '  connect timeouts (638, logged twice)',
      n(logged(638)),
      n(calls('generate', 'connect-timeout')),
    ],
    ['  moderation', n(logged(121)), n(calls('generate', 'http-400'))],
    [
      'background removal: timeouts (12,333 logged)',
      n(logged(12_333)),
      n(failed('remove_background')),
    ],
    ['callbacks failed (13,110 logged)', n(logged(13_110)), n(failed('callback'))],
    ['detection errors (848 logged)', n(logged(848)), n(failed('detect'))],
    ['a task that succeeds takes, median', '20–40 s', seconds(run.metrics.item_duration?.med)],
    [
      '  95th percentile (over 60 s where it times out)',
      '> 60 s',
      seconds(run.metrics.item_duration?.['p(95)']),
    ],
    ['failed calls for each task that fails', '2–3 retries', (retries / lost).toFixed(2)],
    ['worst minute of text-to-image', '13:41–13:55', minutes.worst('generate')],
    ['worst minute of background removal', '14:30–15:00', minutes.worst('remove_background')],
    ['worst minute of callbacks', '15:45–16:00', minutes.worst('callback')],
    ['end to end by multiplying rates per attempt', '≈ 42 %', endToEnd(calls)],
  ]
}

/** The report's own sum, which takes attempts for tasks. */
function endToEnd(calls: (route: string, ...classes: string[]) => number): string {
  const ok = (route: string) => calls(route, 'ok') / calls(route)
  return `${(100 * ok('generate') * ok('remove_background') * ok('callback')).toFixed(0)} %`
}

function n(count: number): string {
  return count.toLocaleString('en')
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)} %`
}

function seconds(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`
}

for (let seed = 1; seed <= seeds; seed++)
  await show(`seed ${seed}, as the scenario has it`, baseline, seed)

const thrice = structuredClone(baseline) as Resolved & {
  pipeline: { attempts: { task: number; removal: number } }
}
thrice.pipeline.attempts.task = 3
thrice.pipeline.attempts.removal = 3
await show(
  'the same with three runs of each task, and three tries of every stage, as the report says',
  thrice,
  1,
)
console.log(
  `Not to be had together: three runs of each task, with 2 to 3 retries for a task that fails (the report) and ${(15_517 / 7_787).toFixed(2)} failed calls to text-to-image for each task that failed there (its logs).`,
)
