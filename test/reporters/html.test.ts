// The page without a browser: what it says, that it is the same every time, and that nothing quoted is markup.
import { describe, expect, test } from 'vitest'
import { html } from '../../src/reporters/index.ts'
import type { RunResult } from '../../src/run/result.ts'
import { withCourse } from './course.ts'
import { breached, judged, result, summary } from './result.ts'

const OPTIONS = { color: false, width: 0, command: 'aftershock' }

/** The words of a page in order, tags and scripts left out. */
async function words(...runs: readonly RunResult[]): Promise<string> {
  const page = await html.render(summary(...runs), OPTIONS)
  return page
    .replace(/<head>.*<\/head>/s, '')
    .replaceAll(/<(script|svg)\b.*?<\/\1>/gs, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
}

test('says the verdict first, then why, and how to run it again', async () => {
  const said = await words(withCourse(), result({ variant: 'fix' }))
  const order = [
    '✓ Pass outage',
    '2 of 2 runs end as expected',
    'Run again: aftershock run outage.ts --seed 1',
    'made up',
    '✓ reproduced: breaches item_lost',
    'baseline: 96.00 % of all items discarded at dispatch, no-service',
    'holds: fix',
    'Faults and alerts',
    'Items: offered, and how they ended, per second',
    'Attempts: calls by how they ended, per second',
    'Time from intended start to success',
    'Algorithm services in the registry (services_registered)',
    'Lost items by stage and cause',
    'Thresholds',
    'item_lost rate&lt;0.01 ✗ breached, as expected 96.00 % -95.00 pt',
    'Fingerprint: the facts of the report',
    'Alerts',
    'at 1h2m, 2m after the first fault, until 4h',
    'Faults and their evidence',
    'heartbeat.loss heartbeats of all services lost at 1h for 3h 12 withheld 12',
    'Two sets of books',
    'processed_total 100 item_succeeded count 4',
    'This variant again: aftershock run outage.ts --variant baseline --seed 1',
  ]
  const places = order.map((text) => said.indexOf(text))
  expect(order.filter((_, i) => places[i] === -1)).toEqual([])
  expect(places).toEqual([...places].sort((a, b) => a - b))
})

test('is the same for the same runs, byte for byte', async () => {
  const render = () => html.render(summary(withCourse()), OPTIONS)
  expect(await render()).toBe(await render())
})

test('quotes what processes wrote', async () => {
  const said = [
    { host: 'worker', item: '00000007', lines: ['try 2 of <00000007>', 'gave up'] },
    { host: 'api', lines: ['Error: no such camera'] },
  ]
  expect(await words(result({ said }))).toContain(
    'worker 00000007 try 2 of &lt;00000007&gt; gave up api its end Error: no such camera',
  )
})

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>\u202E\u0000]]>`

describe('whatever is quoted', () => {
  const text = HOSTILE
  const run = withCourse({
    scenario: text,
    file: text,
    variant: text,
    incident: text,
    about: text,
    verdict: 'fail',
    reasons: [text],
    failures: [{ fate: 'failed', stage: text, class: text, code: text, message: text, count: 1 }],
    thresholds: [judged(text, text, 1, false)],
    reported: { [text]: 1 },
    books: [{ reported: text, says: 1, metric: text, measured: 2 }],
    attempts: [{ route: text, class: text, code: text, count: 1 }],
    parts: { [text]: {} },
    alerts: [
      {
        name: text,
        expr: text,
        expect: text,
        firedAtMs: 1,
        resolvedAtMs: null,
        ok: null,
        unclear: text,
      },
    ],
  })
  const course = run.course
  const hostile = {
    ...run,
    ...(course === undefined
      ? {}
      : {
          course: {
            ...course,
            attempts: { [text]: course.offered },
            levels: { [text]: { help: text, value: [], min: [], max: [1] } },
          },
        }),
  }

  test('is text, in tables, in charts and in data', async () => {
    const page = await html.render(summary(hostile), OPTIONS)
    const known = /<script>!?var uPlot|<script>\/\*|<script type="application\/json">/g
    const scripts = page.match(/<script/g)?.length ?? 0
    expect(scripts).toBe((page.match(known) ?? []).length)
    expect(page.match(/<\/script/g)?.length).toBe(scripts)
    const found = ['<img', '\u202E', '\u0000', 'alert(1)</script>'].filter((t) => page.includes(t))
    expect(found).toEqual([])
  })

  test('and its data is still JSON', async () => {
    const page = await html.render(summary(hostile), OPTIONS)
    const data = [...page.matchAll(/<script type="application\/json">(.*?)<\/script>/gs)]
    const names = data.flatMap(([, json = '']) =>
      (JSON.parse(json) as { lines: { name: string }[] }).lines.map((line) => line.name),
    )
    const shown = HOSTILE.replace('\u202E', '\uFFFD')
    expect(names.filter((name) => name === shown)).toHaveLength(2)
  })
})

test('without a course there are tables, and no script', async () => {
  const page = await html.render(summary(breached()), OPTIONS)
  const found = ['<script', '<svg', '<b>Thresholds</b>'].filter((text) => page.includes(text))
  expect(found).toEqual(['<b>Thresholds</b>'])
})

test('of upstreams, recovery, windows and the real world it says what the console says', async () => {
  const window = { atMs: 0, rate: 5, lost: 0, p95Ms: 18_000, callsPerSuccess: 3, utilisation: {} }
  const said = await words(
    result({
      items: { ...result().items, succeeded: 60, failed: 40 },
      upstreams: {
        calls: 300,
        callsPerSuccess: 5,
        amplification: 2.5,
        usefulWork: 0.2,
        routes: [{ route: 'generate', calls: 300, failed: 0.8, amplification: 2.5 }],
        overTime: [],
      },
      untold: { failed: 40 },
      recovery: {
        triggerMs: 300_000,
        healedAtMs: 900_000,
        afterMs: null,
        watchedMs: 2_100_000,
        because: 'success',
        metastable: true,
      },
      windows: [
        { ...window, window: 'before', utilisation: { worker: 0.5 } },
        { ...window, window: 'after', lost: 0.4, utilisation: { worker: 1 } },
      ],
      environment: {
        speed: 10,
        parts: { objects: 'binary, MinIO' },
        unfit: [],
        lagP99Ms: { main: 12, interposers: 8.25 },
        sendLatenessP99Ms: 100,
        ownLatency: { put: { calls: 620, ownMs: 8.8, share: 1, storeMs: 4.2 } },
        capacityTaken: {},
        measuredSkewMs: { analyser: -28_800_000 },
      },
    }),
  )
  const told = [
    'Both denominators: per item, and per attempt of how many succeeded calls an item',
    'items 100 60.00 % attempts: generate 300 20.00 % 2.5',
    'What retries cost : 5 upstream calls per success · amplification 2.5 · useful work 20.00 %',
    'Recovery : metastable: not recovered within 35m of the last fault, though the trigger lasted 5m',
    'Untold : nobody was told of 40 failed',
    'Windows window offered lost p95 calls worker before 5/s 0 % 18s 3.00 50 % after 5/s 40.00 % 18s 3.00 100 %',
    'full first: worker, in after',
    'world ×10, objects: binary, MinIO',
    'Clock: analyser −8h as its dates show',
    'sent 10 ms late; event loops late by 12 ms in main, 8.3 ms in interposers',
    'Real calls’ own time, on the wall route calls each of the latency the store’s put 620 8.8 ms 100 % 4.2 ms',
  ]
  expect(told.filter((text) => !said.includes(text))).toEqual([])
})
