// The subset of PromQL against Prometheus' own definitions, worked out by hand.
import { describe, expect, test } from 'vitest'
import type { ExposedName } from '../../src/metrics/exposition.ts'
import { parsePromql } from '../../src/verdict/promql.ts'
import { evaluate } from '../../src/verdict/promql-evaluate.ts'
import { type Labels, Samples, SCRAPE_MS } from '../../src/verdict/samples.ts'

const counter = (...labels: string[]): ExposedName => ({ type: 'counter', labels, help: '' })
const gauge = (...labels: string[]): ExposedName => ({ type: 'gauge', labels, help: '' })
const names = new Map<string, ExposedName>([
  ['calls', counter('route', 'class')],
  ['busy', gauge('part')],
  ['waiting', gauge('part')],
  ['depth', gauge()],
  ['total', counter()],
])

/** A value for every scrape, the first at 0; null where the series was not there. */
type Recorded = readonly [name: string, labels: Labels, values: readonly (number | null)[]]

const is = (name: string, labels: Labels, ...values: (number | null)[]): Recorded => [
  name,
  labels,
  values,
]
const rising = (from: number, by: number, times: number) =>
  Array.from({ length: times }, (_, i) => from + by * i)

/** What the expression yields at the last scrape. */
async function at(text: string, recorded: readonly Recorded[]): Promise<[Labels, number][]> {
  const read = await parsePromql(text, names)
  if ('problem' in read) throw new Error(read.problem)
  const samples = new Samples(read.ok.keepMs, names)
  const scrapes = Math.max(...recorded.map(([, , values]) => values.length))
  for (let i = 0; i < scrapes; i++)
    samples.scrape(i * SCRAPE_MS, (name) =>
      recorded.flatMap(([of, labels, values]) => {
        const value = values[i] ?? null
        return of === name && value !== null ? [{ labels, value }] : []
      }),
    )
  return evaluate(read.ok, samples).map(({ labels, value }) => [labels, value])
}

const problem = async (text: string) => {
  const read = await parsePromql(text, names)
  return 'problem' in read ? read.problem : undefined
}

describe('selectors', () => {
  const calls = [
    is('calls', { route: 'infer', class: 'ok' }, 7),
    is('calls', { route: 'infer', class: 'http-500' }, 2),
    is('calls', { route: 'put', class: 'ok' }, 5),
  ]
  test.each([
    ['calls{route="put"}', [5]],
    ['calls{route!="put"}', [7, 2]],
    ['calls{class=~"http-.*"}', [2]],
    ['calls{class=~"http"}', []],
    ['calls{route="infer",class!~"http-.*|reset",}', [7]],
    ['calls{class=~`http-\\d+`}', [2]],
    ['calls{class=~"(http-[45]..)+|(read.*|o(k|l))"}', [7, 2, 5]],
    ['calls{route=~"a.*|b.*|c.*|d.*|.*f.*"}', [7, 2]],
    ['calls{route=""}', []],
  ])('%s', async (text, values) => {
    expect((await at(text, calls)).map(([, value]) => value)).toEqual(values)
  })

  test('a series that the latest scrape did not find is stale at once, but stands in ranges', async () => {
    const gone = [is('depth', {}, 4, 6, null), is('busy', { part: 'queue' }, 1, 1, 1)]
    expect(await at('depth', gone)).toEqual([])
    expect(await at('sum_over_time(depth[1m])', gone)).toEqual([[{}, 10]])
    expect(await at('last_over_time(depth[1m])', gone)).toEqual([[{}, 6]])
  })
})

describe('operators', () => {
  const parts = [
    is('busy', { part: 'queue' }, 8),
    is('busy', { part: 'sink' }, 2),
    is('busy', { part: 'store' }, 0),
    is('waiting', { part: 'store' }, 5),
    is('waiting', { part: 'queue' }, 4),
    is('waiting', { part: 'edge' }, 1),
    is('depth', {}, 10),
  ]
  const queue = { part: 'queue' }
  const sink = { part: 'sink' }
  const store = { part: 'store' }
  const edge = { part: 'edge' }
  test.each<[string, [Labels, number][]]>([
    ['depth * 2 + 3 * 4', [[{}, 32]]],
    ['depth - 1 - 2', [[{}, 7]]],
    ['100 / depth', [[{}, 10]]],
    ['depth / 0', [[{}, Number.POSITIVE_INFINITY]]],
    ['-depth + 0x10', [[{}, 6]]],
    ['- - depth', [[{}, 10]]],
    ['depth -5', [[{}, 5]]],
    ['depth > 1e1', []],
    ['depth >= 1_0', [[{}, 10]]],
    ['3 < depth', [[{}, 10]]],
    ['depth != NaN', [[{}, 10]]],
    ['depth < +Inf', [[{}, 10]]],
    [
      'busy / waiting',
      [
        [queue, 2],
        [store, 0],
      ],
    ],
    ['busy > waiting', [[queue, 8]]],
    ['waiting > busy', [[store, 5]]],
    [
      'busy == busy',
      [
        [queue, 8],
        [sink, 2],
        [store, 0],
      ],
    ],
    [
      'busy and waiting',
      [
        [queue, 8],
        [store, 0],
      ],
    ],
    ['busy unless waiting', [[sink, 2]]],
    [
      'busy or waiting',
      [
        [queue, 8],
        [sink, 2],
        [store, 0],
        [edge, 1],
      ],
    ],
    [
      'busy > 5 or waiting > 4 and busy < 1',
      [
        [queue, 8],
        [store, 5],
      ],
    ],
    ['busy > 1 unless waiting > 3', [[sink, 2]]],
    [
      '(busy or depth) AND busy',
      [
        [queue, 8],
        [sink, 2],
        [store, 0],
      ],
    ],
    ['sum(busy) # of all\n > 9', [[{}, 10]]],
    ['sum(busy) / sum(waiting)', [[{}, 1]]],
    ['avg(busy)', [[{}, 10 / 3]]],
    ['MIN by (part) (busy) < 1', [[store, 0]]],
    ['max(busy) - min(busy)', [[{}, 8]]],
    ['count(busy > 1)', [[{}, 2]]],
    ['sum(busy > 100)', []],
    ['absent(depth)', []],
    ['absent(total)', [[{}, 1]]],
    ['absent(busy{part="cache"})', [[{ part: 'cache' }, 1]]],
    ['absent(busy{part=~"c.*"})', [[{}, 1]]],
    ['absent(sum(busy > 100))', [[{}, 1]]],
  ])('%s', async (text, yields) => {
    expect(await at(text, parts)).toEqual(yields)
  })

  test('labels match whatever their order', async () => {
    const both = [
      is('calls', { route: 'infer', class: 'ok' }, 6),
      is('calls', { class: 'ok', route: 'put' }, 3),
    ]
    expect(await at('calls / sum by (class, route) (calls)', both)).toEqual([
      [{ route: 'infer', class: 'ok' }, 1],
      [{ class: 'ok', route: 'put' }, 1],
    ])
  })
})

describe('over a range', () => {
  test('ranges are open on the left and closed on the right', async () => {
    const depth = [is('depth', {}, 1, 2, 3, 4, 5)]
    expect(await at('count_over_time(depth[15s])', depth)).toEqual([[{}, 1]])
    expect(await at('count_over_time(depth[16s])', depth)).toEqual([[{}, 2]])
    expect(await at('sum_over_time(depth[30s])', depth)).toEqual([[{}, 9]])
    expect(await at('avg_over_time((depth[1m]))', depth)).toEqual([[{}, 3.5]])
    expect(await at('min_over_time(depth[45s])', depth)).toEqual([[{}, 3]])
    expect(await at('max_over_time(depth[1h])', depth)).toEqual([[{}, 5]])
    expect(await at('sum_over_time(depth[30s]) + sum_over_time(depth[1m])', depth)).toEqual([
      [{}, 23],
    ])
  })

  // increase = growth × (sampled + before + after) ÷ sampled, of Prometheus' extrapolatedRate; rate = that ÷ range.
  test.each<[string, string, (number | null)[], number]>([
    // (300 s, 600 s] holds 20 samples: growth 570 in 285 s. The start is 15 s away, under 1.1 spacings: before = 15.
    ['steady', 'increase(total[5m])', rising(0, 30, 41), (570 * (285 + 15)) / 285],
    ['steady', 'rate(total[5m])', rising(0, 30, 41), (570 * (285 + 15)) / 285 / 300],
    // The start is 1 s away: before = 1.
    ['off the grid', 'increase(total[46s])', rising(0, 30, 41), (90 * (45 + 1)) / 45],
    // Too young for its range, so half a spacing, but it was 0 at the first sample already: before = 0.
    ['new, from 0', 'increase(total[5m])', rising(0, 30, 5), 120],
    // It would have been 0 fifty seconds before: before = 7.5.
    ['new, from 100', 'increase(total[5m])', rising(100, 30, 5), (120 * (60 + 7.5)) / 60],
    // It would have been 0 five seconds before: before = 5.
    ['new, from 10', 'increase(total[5m])', rising(10, 30, 5), (120 * (60 + 5)) / 60],
    // Its last sample is 30 s old, over 1.1 spacings: after = 7.5; before = 5.
    [
      'gone',
      'increase(total[5m])',
      [...rising(10, 30, 5), null, null],
      (120 * (60 + 5 + 7.5)) / 60,
    ],
    // 1 2 3 2 3 4: growth 4 − 1 + 3 = 6 in 75 s; 0 at 12.5 s before: before = 12.5.
    ['reset', 'increase(total[90s])', [0, 1, 2, 3, 2, 3, 4], (6 * (75 + 12.5)) / 75],
    ['reset', 'rate(total[90s])', [0, 1, 2, 3, 2, 3, 4], (6 * (75 + 12.5)) / 75 / 90],
    // 20 50 0 30 5: growth 5 − 20 + 50 + 30 = 65 in 60 s; 0 at 18.5 s before, so the whole 15: before = 15.
    ['reset twice', 'increase(total[75s])', [0, 20, 50, 0, 30, 5], (65 * (60 + 15)) / 60],
    ['still', 'rate(total[1m])', [9, 9, 9, 9, 9], 0],
  ])('%s: %s', async (_, text, values, expected) => {
    expect(await at(text, [is('total', {}, ...values)])).toEqual([
      [{}, expect.closeTo(expected, 12)],
    ])
  })

  test('one sample has no rate', async () => {
    expect(await at('rate(total[5m])', [is('total', {}, 5)])).toEqual([])
  })

  test('the share of failed calls, as rules have it', async () => {
    const calls = [
      is('calls', { route: 'infer', class: 'ok' }, ...rising(0, 9, 9)),
      is('calls', { route: 'infer', class: 'reset' }, ...rising(0, 1, 9)),
      is('calls', { route: 'put', class: 'ok' }, ...rising(0, 5, 9)),
    ]
    const text =
      'sum by (route) (rate(calls{class!="ok"}[1m])) / sum by (route) (rate(calls[1m])) > 0.05'
    expect(await at(text, calls)).toEqual([[{ route: 'infer' }, expect.closeTo(0.1, 12)]])
  })
})

describe('memory', () => {
  test('five hours of samples leave no more than the longest range', () => {
    const samples = new Samples(
      new Map([
        ['depth', 0],
        ['total', 300_000],
      ]),
      names,
    )
    for (let i = 0; i <= 1_200; i++) samples.scrape(i * SCRAPE_MS, () => [{ labels: {}, value: i }])
    const kept = ['depth', 'total'].map((name) =>
      Array.from(samples.of(name), ({ size, capacity }) => ({ size, capacity })),
    )
    expect(kept).toEqual([[{ size: 1, capacity: 8 }], [{ size: 20, capacity: 32 }]])
    const [total] = samples.of('total')
    expect(Array.from({ length: 20 }, (_, i) => total?.value(i))).toEqual(rising(1_181, 1, 20))
  })
})

const functions =
  'rate, increase, avg_over_time, min_over_time, max_over_time, sum_over_time, count_over_time, last_over_time, absent'

describe('refused', () => {
  test.each([
    ['', 'syntax error at column 1: the expression ends too early'],
    ['depth >', 'syntax error at column 8: the expression ends too early'],
    ['depth =< 3', "syntax error at column 7: unexpected '='"],
    ['depth > 3 by', "syntax error at column 11: unexpected 'by'"],
    ['depth and\n  (busy', 'syntax error at line 2, column 8: the expression ends too early'],
    ['absense(depth)', `unknown function 'absense'; did you mean 'absent'? Known: ${functions}`],
    [
      'depht > 3',
      "unknown metric 'depht'; did you mean 'depth'? Known: calls, busy, waiting, depth, total",
    ],
    ['calls{rout="x"}', "calls has no label 'rout'; did you mean 'route'? Known: route, class"],
    ['depth{part="x"}', "depth has no label 'part', nor any other"],
    [
      'sum by (prt) (busy)',
      "what sum() is given has no label 'prt'; did you mean 'part'? Known: part",
    ],
    [
      'rate(depth[5m])',
      'rate() is for counters, and depth is a gauge; use one of avg_over_time, min_over_time, max_over_time, ' +
        'sum_over_time, count_over_time, last_over_time',
    ],
    [
      'increase(total[15s])',
      'increase() needs two samples and one is taken every 15 s, so its range must be longer, as in total[1m]',
    ],
    ['rate(total)', "rate() takes a metric with a range, as in rate(x[5m]), not 'total'"],
    ['rate(total[0s])', 'range [0s]: must be longer than zero'],
    [
      'rate(total[300])',
      "range [300]: '300' is not a duration; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
    ],
    ['depth[5m]', "'depth[5m]' is a range: it stands inside a function, as in rate(x[5m])"],
    ['1 > 2', "'1 > 2' compares two numbers; one side must be series"],
    ['(1 + 2) * 3', "'(1 + 2) * 3' is a number, so the alert would always fire; compare a metric"],
    ['depth and 1', "'and' takes series on both sides, and 'depth and 1' has a number"],
    ['sum(3)', "sum() takes series, and '3' is a number"],
    ['sum(busy, depth)', 'sum() takes one argument here, not 2'],
    ['depth > 5m', "'5m' is a duration where a number stands; write seconds as a plain number"],
    [
      'calls / depth',
      "'/' pairs series with the same labels, but in 'calls / depth' the left side has {route, class} and the " +
        'right side has no labels; aggregate both alike, as in sum(…) / sum(…)',
    ],
    ['calls{route=~"("}', "'(' is not a regular expression that can be read here"],
    [
      'calls{route=~"a(?!b)"}',
      "'a(?!b)' has a lookaround or a backreference, which Prometheus' RE2 does not know",
    ],
    ...['(.+)+x', '(ok|o.)*', '((a{1,})b){2,}', '.*a.*b.*c.*d.*'].map((pattern) => [
      `calls{route=~"${pattern}"}`,
      `'${pattern}' repeats what can itself match in many ways; write it without a repetition inside a repetition`,
    ]),
    ['calls{route="\\d"}', 'unknown escape \'\\d\' in "\\d"; a backslash is written \\\\'],
  ])('%j', async (text, says) => {
    expect(await problem(text)).toEqual(says)
  })

  test.each([
    ['delta(depth[5m])', "the function 'delta'", `; known: ${functions}`],
    ['irate(total[5m])', "the function 'irate'", `; did you mean 'rate'? Known: ${functions}`],
    ['quantile(0.9, busy)', "the aggregation 'quantile'", '; known: sum, avg, min, max, count'],
    ['sum without (part) (busy)', "'without'", ''],
    ['sum by ("part") (busy)', 'a quoted name', ''],
    ['rate(total[5m:1m])', 'a subquery', ''],
    ['rate(total[5m] offset 1m)', "'offset'", ''],
    ['rate(total[4m+1m])', "'4m+1m' as a range", ''],
    ['total @ 3', "'@'", ''],
    ['total anchored', "'anchored'", ''],
    ['depth == bool 1', "'bool'", ''],
    ['busy and on(part) waiting', "'on'", ''],
    ['busy / ignoring(part) group_left() waiting', "'group_left'", ''],
    ['depth ^ 2', "the operator '^'", ''],
    ['busy atan2 waiting', "the operator 'atan2'", ''],
    ['depth > 010', "the number '010'", ''],
    ['"depth"', 'a string on its own', ''],
    ['{part="x"}', `'{part="x"}', which names no metric before its brace,`, ''],
  ])('%s', async (text, construct, more) => {
    expect(await problem(text)).toEqual(`${construct} is not supported in alert expressions${more}`)
  })
})
