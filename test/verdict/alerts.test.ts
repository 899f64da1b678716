// Alerts over a run: what is scraped, when they fire, and how that is judged.
import { describe, expect, test } from 'vitest'
import {
  type ExposedName,
  type ExposedSeries,
  exposedNames,
  readSeries,
} from '../../src/metrics/exposition.ts'
import { Ledger } from '../../src/metrics/ledger.ts'
import { Recorder } from '../../src/metrics/recorder.ts'
import { Trace } from '../../src/metrics/trace.ts'
import { Windows } from '../../src/metrics/windows.ts'
import { AlertState } from '../../src/verdict/alert-state.ts'
import { AlertEvaluator, alertSchema, SCRAPE_MS } from '../../src/verdict/alerts.ts'
import { keyOf, type ReadSeries } from '../../src/verdict/samples.ts'

const names = new Map<string, ExposedName>([
  ['services', { type: 'gauge', labels: [], help: '' }],
  ['busy', { type: 'gauge', labels: ['part'], help: '' }],
  ['lost', { type: 'counter', labels: ['fate'], help: '', keepHighest: true }],
])

const alert = (settings: object) =>
  alertSchema.parse({ alert: 'A', expr: 'services == 0', ...settings })

/** One scrape for each value of `services`, the first at 0. */
async function run(settings: object, services: readonly number[]): Promise<AlertEvaluator> {
  const evaluator = await AlertEvaluator.create([alert(settings)], names)
  for (const [i, value] of services.entries())
    evaluator.scrape(i * SCRAPE_MS, () => [{ labels: {}, value }])
  return evaluator
}

test('an alert needs a name and an expression', () => {
  expect(alertSchema.parse({ alert: 'NoService', expr: 'services == 0' })).toEqual({
    alert: 'NoService',
    expr: 'services == 0',
    for: 0,
    labels: {},
    annotations: {},
  })
  const whole = {
    alert: 'NoService',
    expr: 'services == 0',
    for: '1m',
    labels: { severity: 'page' },
    annotations: { summary: 'none left' },
    expect: { firesWithin: '3m' },
  }
  expect(alertSchema.parse(whole)).toEqual({
    ...whole,
    for: 60_000,
    expect: { firesWithin: 180_000 },
  })
  const problems = alertSchema.safeParse({ alert: '', expr: 'x', For: '1m', expect: 'always' })
    .error?.issues
  expect(problems?.map(({ path, code }) => [path.join('.'), code])).toEqual([
    ['alert', 'too_small'],
    ['expect', 'invalid_union'],
    ['', 'unrecognized_keys'],
  ])
})

test('an expression that cannot be read is a bad scenario', async () => {
  const creating = AlertEvaluator.create(
    [alert({ alert: 'NoService', expr: 'service == 0' })],
    names,
  )
  await expect(creating).rejects.toMatchObject({
    exitCode: 104,
    message:
      "alert NoService: unknown metric 'service'; did you mean 'services'? Known: services, busy, lost",
  })
})

describe('states', () => {
  const yields = (...parts: string[]) =>
    parts.map((part) => ({ labels: { part }, key: keyOf({ part }), value: 1 }))

  /** [pending, firing] after each step, 15 s apart. */
  const steps = (state: AlertState, ...active: string[][]) =>
    active.map((parts, i) => {
      state.step(i * SCRAPE_MS, yields(...parts))
      return [state.pending, state.firing]
    })

  test('pending until `for` has passed, and from the start again after a break', () => {
    const state = new AlertState(30_000)
    const seen = steps(state, ['a'], ['a'], [], ['a'], ['a'], ['a'], ['a'], [], ['a'])
    expect(seen).toEqual([
      [1, 0],
      [1, 0],
      [0, 0],
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
      [0, 0],
      [1, 0],
    ])
    expect(state.firings).toEqual([{ fromMs: 75_000, toMs: 105_000 }])
  })

  test('without `for` it fires at once', () => {
    const state = new AlertState(0)
    expect(steps(state, [], ['a'], [], ['a'])).toEqual([
      [0, 0],
      [0, 1],
      [0, 0],
      [0, 1],
    ])
    expect(state.firings).toEqual([
      { fromMs: 15_000, toMs: 30_000 },
      { fromMs: 45_000, toMs: Number.POSITIVE_INFINITY },
    ])
  })

  test('each label set has a clock of its own; the alert fires from the first to the last', () => {
    const state = new AlertState(15_000)
    const seen = steps(state, ['a'], ['a', 'b'], ['b', 'c'], ['c'], ['d'], ['a'])
    expect(seen).toEqual([
      [1, 0],
      [1, 1],
      [1, 1],
      [0, 1],
      [1, 0],
      [1, 0],
    ])
    expect(state.firings).toEqual([{ fromMs: 15_000, toMs: 60_000 }])
  })

  test('label sets that take turns never fire', () => {
    const state = new AlertState(15_000)
    steps(state, ['a'], ['b'], ['a'], ['b'], ['a'])
    expect(state.firings).toEqual([])
  })
})

describe('scrapes', () => {
  test('samples come first: an expression sees what it is evaluated with', async () => {
    const evaluator = await run({}, [1, 0, 1])
    expect(evaluator.results(undefined, 30_000)).toEqual([
      {
        name: 'A',
        expr: 'services == 0',
        expect: null,
        firedAtMs: 15_000,
        resolvedAtMs: 30_000,
        ok: null,
      },
    ])
  })

  test('only names that some alert uses are read, each once', async () => {
    const alerts = [{ expr: 'services < 3' }, { expr: 'services == 0 or max(busy) > 9' }]
    const evaluator = await AlertEvaluator.create(alerts.map(alert), names)
    const asked: string[] = []
    evaluator.scrape(0, (name) => {
      asked.push(name)
      return []
    })
    expect(asked).toEqual(['services', 'busy'])
  })

  test('they go forward in time', async () => {
    const evaluator = await run({}, [1, 1])
    expect(() => evaluator.scrape(SCRAPE_MS, () => [])).toThrow(
      'internal error: scrapes go forward in time: 15000 ms after 15000 ms',
    )
  })

  test('a success that comes late is no restart of the counter of losses', async () => {
    const evaluator = await AlertEvaluator.create(
      [alert({ expr: 'increase(lost[1m]) > 10' })],
      names,
    )
    for (const [i, value] of [500, 500, 499, 499, 500, 499].entries())
      evaluator.scrape(i * SCRAPE_MS, () => [{ labels: { fate: 'discarded' }, value }])
    expect(evaluator.results(undefined, 75_000).map((r) => r.firedAtMs)).toEqual([null])
  })

  test('five hours of them: fires once, when the mean over half an hour has fallen', async () => {
    const services = Array.from({ length: 1_201 }, (_, i) => (i < 600 ? 12 : 0))
    const expr = 'avg_over_time(services[30m]) < 6'
    const evaluator = await run({ expr, for: '1m', expect: 'never' }, services)
    // 120 samples: below 6 with the 61st that is 0, at 9,000 + 60 × 15 s; then for a minute.
    expect(evaluator.results(undefined, 18_000_000)).toEqual([
      { name: 'A', expr, expect: 'never', firedAtMs: 9_960_000, resolvedAtMs: null, ok: false },
    ])
  })
})

describe('judgement', () => {
  const up = [12, 12, 12, 12]
  const down = [0, 0, 0]
  const within = { expect: { firesWithin: '30s' } }
  const expected = { firesWithinMs: 30_000 }
  type Case = [string, object, number[], number | undefined, number, object]
  test.each<Case>([
    [
      'never, and it did not',
      { expect: 'never' },
      up,
      0,
      45_000,
      { expect: 'never', firedAtMs: null, resolvedAtMs: null, ok: true },
    ],
    [
      'never, but it did',
      { expect: 'never' },
      [0, 12],
      15_000,
      15_000,
      { expect: 'never', firedAtMs: 0, resolvedAtMs: 15_000, ok: false },
    ],
    [
      'in time',
      within,
      [...up, ...down],
      40_000,
      90_000,
      { expect: expected, firedAtMs: 60_000, resolvedAtMs: null, ok: true },
    ],
    [
      'at the fault itself',
      within,
      [...up, ...down, 12],
      60_000,
      105_000,
      { expect: expected, firedAtMs: 60_000, resolvedAtMs: 105_000, ok: true },
    ],
    [
      'late',
      within,
      [...up, ...down],
      29_999,
      90_000,
      { expect: expected, firedAtMs: 60_000, resolvedAtMs: null, ok: false },
    ],
    [
      'not at all',
      within,
      up,
      10_000,
      45_000,
      { expect: expected, firedAtMs: null, resolvedAtMs: null, ok: false },
    ],
    [
      'not before the run ended',
      within,
      up,
      20_000,
      45_000,
      {
        expect: expected,
        firedAtMs: null,
        resolvedAtMs: null,
        ok: null,
        unclear: 'the run ended before its time was up',
      },
    ],
    [
      'firing already',
      within,
      [0, 0, 12, 0],
      20_000,
      45_000,
      { expect: expected, firedAtMs: 0, resolvedAtMs: 30_000, ok: false },
    ],
    [
      'once before and once in time',
      within,
      [0, 12, 0, 12],
      20_000,
      60_000,
      { expect: expected, firedAtMs: 30_000, resolvedAtMs: 45_000, ok: true },
    ],
    [
      'no fault',
      within,
      down,
      undefined,
      30_000,
      {
        expect: expected,
        firedAtMs: 0,
        resolvedAtMs: null,
        ok: null,
        unclear: 'no fault came',
      },
    ],
    [
      'the run ended before the fault',
      within,
      down,
      60_000,
      30_000,
      {
        expect: expected,
        firedAtMs: 0,
        resolvedAtMs: null,
        ok: null,
        unclear: 'no fault came',
      },
    ],
    [
      'nothing expected',
      {},
      down,
      0,
      30_000,
      { expect: null, firedAtMs: 0, resolvedAtMs: null, ok: null },
    ],
  ])('%s', async (_, settings, services, firstFaultMs, endMs, result) => {
    const evaluator = await run(settings, services)
    expect(evaluator.results(firstFaultMs, endMs)).toEqual([
      { name: 'A', expr: 'services == 0', ...result },
    ])
  })
})

describe('silence is no proof', () => {
  const never = async (
    settings: object,
    scrapes: readonly (readonly ExposedSeries[])[],
    loadEndMs?: number,
  ) => {
    const known = new Map([
      ...names,
      [
        'calls',
        { type: 'counter', labels: ['route', 'class'], help: '', eventLabels: ['class'] },
      ] as const,
    ])
    const evaluator = await AlertEvaluator.create([alert({ expect: 'never', ...settings })], known)
    for (const [i, series] of scrapes.entries())
      evaluator.scrape(i * SCRAPE_MS, (name) => series.filter(({ labels }) => labels.__ === name))
    const endMs = (scrapes.length - 1) * SCRAPE_MS
    const [result] = evaluator.results(undefined, endMs, loadEndMs ?? endMs)
    return result?.unclear ?? result?.ok
  }
  const of = (name: string, value: number, labels = {}) => ({
    labels: { __: name, ...labels },
    value,
  })
  const services = of('services', 12)
  const infer = of('calls', 5, { route: 'infer', class: 'ok' })

  test.each<[expr: string, ...found: (string | boolean)[]]>([
    ['services == 0', true],
    ['sum(services == 0) and sum(lost > 0)', 'what it reads was never there'],
    ['services == 0 or lost > 0', true],
    ['sum(services == 0) unless sum(lost > 0)', true],
    ['sum(lost > 0) unless sum(services == 0)', 'what it reads was never there'],
    ['absent(services)', true],
    ['sum(rate(lost[1m])) > 1', 'what it reads was never there'],
    // A class appears with its first call: that there was none says something, if there were calls at all.
    ['calls{route="infer",class="http-404"} > 0', true],
    ['calls{route="fetch",class="http-404"} > 0', 'what it reads was never there'],
    ['busy{part="queue"} > 0', 'what it reads was never there'],
  ])('%s', async (expr, found) => {
    const scrape = [services, infer]
    expect(await never({ expr }, [scrape, scrape, scrape])).toBe(found)
  })

  test('of an alert that had no time to fire', async () => {
    const up = [services]
    expect(await never({ for: '30s' }, [up, up, up])).toBe('the run was over before it could fire')
    expect(await never({ for: '30s' }, [up, up, up, up])).toBe(true)
    expect(await never({}, [up])).toBe('the run was over before it could fire')
  })

  test('of an alert that is pending at the end, unless only since the load was over', async () => {
    const up = [services]
    const down = [of('services', 0)]
    const about = 'it was about to fire when the run ended'
    expect(await never({ for: '30s' }, [up, up, up, down, down])).toBe(about)
    expect(await never({ for: '30s' }, [up, up, up, down, down], 45_000)).toBe(about)
    expect(await never({ for: '30s' }, [up, up, up, down, down], 44_999)).toBe(true)
    expect(await never({ for: '30s' }, [up, down, down, up, up])).toBe(true)
  })
})

describe('what a run exposes', () => {
  const pipeline = {
    metrics: {
      services_registered: { type: 'gauge', help: 'Services' },
      alerts_lost: { type: 'counter', help: 'Alerts' },
    },
    reports: { drop_rate: 'Dropped' },
  } as const

  test('names', () => {
    const told = Array.from(exposedNames(pipeline), ([name, { type, labels }]) => [
      name,
      type,
      labels,
    ])
    expect(told).toEqual([
      ['items_offered_total', 'counter', []],
      ['items_total', 'counter', ['fate']],
      ['attempts_total', 'counter', ['route', 'class']],
      ['part_busy', 'gauge', ['part']],
      ['part_waiting', 'gauge', ['part']],
      ['log_lines_total', 'counter', ['line']],
      ['broken_pipes', 'counter', []],
      ['services_registered', 'gauge', []],
      ['alerts_lost', 'counter', []],
      ['reported_drop_rate', 'gauge', []],
    ])
  })

  test('values, over the whole run with its warm-up', () => {
    const windows = new Windows(10_000_000, [])
    const trace = new Trace()
    const recorder = new Recorder(windows, trace, ['put', 'infer'])
    const ledger = new Ledger(windows, trace, ['put', 'infer'], [])
    const read: ReadSeries = (name) => readSeries({ ledger, recorder }, name)
    const all = () =>
      Object.fromEntries(
        Array.from(exposedNames(pipeline).keys(), (name) => [
          name,
          read(name).map(({ labels, value }) => [labels, value]),
        ]),
      )
    const fates = (rejected: number): [object, number][] => [
      [{ fate: 'succeeded' }, 0],
      [{ fate: 'failed' }, 0],
      [{ fate: 'skipped' }, 0],
      [{ fate: 'rejected' }, rejected],
      [{ fate: 'discarded' }, 0],
    ]
    expect(all()).toEqual({
      items_offered_total: [[{}, 0]],
      items_total: fates(0),
      attempts_total: [],
      part_busy: [],
      part_waiting: [],
      log_lines_total: [],
      broken_pipes: [[{}, 0]],
      services_registered: [],
      alerts_lost: [],
      reported_drop_rate: [],
    })

    const [put, infer] = recorder.routes
    const { ok } = recorder.results
    for (const nowUs of [1_000_000, 20_000_000]) {
      ledger.offer(nowUs / 1_000_000, nowUs, nowUs)
      ledger.refuse(nowUs / 1_000_000, nowUs)
      put?.record(nowUs, nowUs + 1, ok)
      infer?.record(nowUs, nowUs + 1, ok)
      infer?.record(nowUs, nowUs + 1, recorder.results.of('http-404', 'NoSuchKey'))
      infer?.record(nowUs, nowUs + 1, recorder.results.of('http-404', 'ExpiredToken'))
      recorder.log('scan failed').add(nowUs, 2)
      recorder.counter('broken_pipes').add(nowUs, 1)
      recorder.counter('alerts_lost').add(nowUs, 3)
      recorder.part('queue').changeWaiting(nowUs, 5)
      recorder.part('queue').changeBusy(nowUs, 1)
    }
    recorder.gauge('services_registered').set(0, 12)
    recorder.reportedGauge('drop_rate').set(0, 0.25)
    const queue = { part: 'queue' }
    expect(all()).toEqual({
      items_offered_total: [[{}, 2]],
      items_total: fates(2),
      attempts_total: [
        [{ route: 'put', class: 'ok' }, 2],
        [{ route: 'infer', class: 'ok' }, 2],
        [{ route: 'infer', class: 'http-404' }, 4],
      ],
      part_busy: [[queue, 2]],
      part_waiting: [[queue, 10]],
      log_lines_total: [[{ line: 'scan failed' }, 4]],
      broken_pipes: [[{}, 2]],
      services_registered: [[{}, 12]],
      alerts_lost: [[{}, 6]],
      reported_drop_rate: [[{}, 0.25]],
    })
  })
})
