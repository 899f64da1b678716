// Thresholds, fingerprints, alerts and expectations that nothing in the scenario could ever meet.
import { expect, test } from 'vitest'
import { RIGHT, refusal } from './reading.ts'

/** What is written, and every line that is said about it. */
type Row = [text: string, ...expected: string[]]

test.each<Row>([
  [
    'itemz_lost: [rate<0.1]',
    "x.yaml:4:14: thresholds.itemz_lost: unknown metric 'itemz_lost'; did you mean 'item_lost'?",
  ],
  [
    'latency: [p(95)<1s]',
    "x.yaml:4:14: thresholds.latency: unknown metric 'latency'; known: item_succeeded, item_failed, item_skipped, item_rejected, item_discarded, item_lost, item_pending, item_duration, items_offered, items_dropped, item_duplicates, attempts, attempt_failed, attempt_duration, broken_pipes, log_lines, part_utilisation, part_busy, part_queue, part_wait, services_registered, queue_depth, alerts_lost, alerts_waiting, …",
  ],
  [
    'item_lost: [rate=<0.1]',
    "x.yaml:4:26: thresholds.item_lost[0]: unknown operator '=<' in 'rate=<0.1'; known: <= >= == != < >",
  ],
  [
    'item_lost: [rte<0.1]',
    "x.yaml:4:26: thresholds.item_lost[0]: a rate has no 'rte'; did you mean 'rate'? Known: rate, count",
  ],
  [
    'item_duration: [p(195)<40s]',
    'x.yaml:4:30: thresholds.item_duration[0]: p(195): a percentile lies between 0 and 100',
  ],
  [
    'item_lost: rate<0.1',
    "x.yaml:4:25: thresholds.item_lost: needs a list, not 'rate<0.1'; write ['rate<0.1']",
  ],
  ['item_lost: []', 'x.yaml:4:25: thresholds.item_lost: needs at least one entry'],
  [
    'item_lost: [0.1]',
    "x.yaml:4:26: thresholds.item_lost[0]: needs text, not 0.1; write '0.1', in quotes",
  ],
  ['item_lost: [""]', 'x.yaml:4:26: thresholds.item_lost[0]: must not be empty'],
  ['item_lost: {rate: 0.1}', 'x.yaml:4:25: thresholds.item_lost: needs a list, not a mapping'],
  ['item_lost: ', 'x.yaml:4:14: thresholds.item_lost: needs a list, not nothing; leave it out'],
  [
    'item_lost: [rate<1e400]',
    "x.yaml:4:26: thresholds.item_lost[0]: '1e400' in 'rate<1e400' is neither a number nor a duration",
  ],
  [
    'item_lost: [rate<0.7%]',
    "x.yaml:4:26: thresholds.item_lost[0]: '0.7%' in 'rate<0.7%' is neither a number nor a duration; write 0.007",
  ],
  [
    '"item_lost{phse:after}": [rate<0.1]',
    "x.yaml:4:14: thresholds.item_lost{phse:after}: item_lost has no tag 'phse'; did you mean 'phase'? Known: phase, fault, window, stage, class, code",
  ],
  [
    '"item_lost{phase:aftr}": [rate<0.1]',
    "x.yaml:4:14: thresholds.item_lost{phase:aftr}: no phase 'aftr' in this scenario; did you mean 'after'? Known: warmup, before, fault, after",
  ],
  [
    '"item_lost{phase}": [rate<0.1]',
    "x.yaml:4:14: thresholds.item_lost{phase}: 'phase' is not tag:value",
  ],
  [
    '"item_lost{phase:after": [rate<0.1]',
    "x.yaml:4:14: thresholds.item_lost{phase:after: 'item_lost{phase:after' is not a metric; write name or name{tag:value,tag:value}",
  ],
  [
    '"item_lost{fault:nope}": [rate<0.1]',
    "x.yaml:4:14: thresholds.item_lost{fault:nope}: no fault 'nope' in this scenario; give the fault that name: {kind: …, name: …}",
  ],
  [
    '"item_lost{window:nope}": [rate<0.1]',
    "x.yaml:4:14: thresholds.item_lost{window:nope}: no window 'nope' in this scenario; say when it is: windows: {name: {at: …, for: …}}",
  ],
  [
    '"attempts{route:fetsh}": [rate<0.1]',
    "x.yaml:4:14: thresholds.attempts{route:fetsh}: no route 'fetsh' in this scenario; did you mean 'fetch'?",
  ],
  [
    '"log_lines{line:publish faild}": [count<1]',
    "x.yaml:4:14: thresholds.log_lines{line:publish faild}: no line 'publish faild' in this scenario; did you mean 'publish failed'? Known: scan found new images, scan failed, upload failed, queue full: oldest image dropped, no algorithm for task type, algorithm service unregistered: heartbeat timeout, context canceled, publish failed, delete failed, cleanup failed",
  ],
  [
    '"item_failed{class:http-4o4}": [rate<0.1]',
    "x.yaml:4:14: thresholds.item_failed{class:http-4o4}: no class 'http-4o4' in this scenario; did you mean 'http-404'?",
  ],
  [
    '"item_failed{class:timeout}": [rate<0.1]',
    "x.yaml:4:14: thresholds.item_failed{class:timeout}: no class 'timeout' in this scenario; known: ok, connect-timeout, read-timeout, refused, reset, aborted, bad-body, unsuccessful, dropped-oldest, no-service, removed, http-400 … http-599",
  ],
  [
    '"item_failed{stage:fetsh}": [rate<0.1]',
    "x.yaml:4:14: thresholds.item_failed{stage:fetsh}: no stage 'fetsh' in this scenario; did you mean 'fetch'?",
  ],
  [
    '"part_busy{part:quue}": [max<1]',
    "x.yaml:4:14: thresholds.part_busy{part:quue}: no part 'quue' in this scenario; did you mean 'queue'?",
  ],
  [
    'part_busy: [max<1]',
    'x.yaml:4:14: thresholds.part_busy: part_busy needs a part: part_busy{part:…}; known: queue, dispatcher, analyser, sink, service-7901 … service-7912',
  ],
])('a threshold: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': `${RIGHT}thresholds: {${text}}\n` })).toEqual(expected)
})

test.each<Row>([
  ['thresholds: [rate<0.1]\n', 'x.yaml:4:13: thresholds: needs a mapping, not a list'],
  ['thresholds: rate<0.1\n', "x.yaml:4:13: thresholds: needs a mapping, not 'rate<0.1'"],
  [
    'fingerprint: {itm_failed: [rate>0]}\n',
    "x.yaml:4:15: fingerprint.itm_failed: unknown metric 'itm_failed'; did you mean 'item_failed'?",
  ],
  [
    'expect: {breach: [item_lost]}\n',
    "x.yaml:4:19: expect.breach[0]: 'item_lost' is no threshold of this variant, which has none",
  ],
  [
    'thresholds: {item_lost: [rate<0.1]}\nexpect: {breach: [item_lst]}\n',
    "x.yaml:5:19: expect.breach[0]: 'item_lst' is no threshold of this variant; did you mean 'item_lost'? Known: item_lost",
  ],
  [
    'thresholds: {item_lost: [rate<0.1], item_failed: [rate<0.1]}\nexpect: {breach: [item_lost, items]}\n',
    "x.yaml:5:30: expect.breach[1]: 'items' is no threshold of this variant; known: item_lost, item_failed",
  ],
  [
    'expect: {breach: item_lost}\n',
    "x.yaml:4:18: expect.breach: needs a list, not 'item_lost'; write ['item_lost']",
  ],
  [
    'expect: {fingerprint: missed}\n',
    'x.yaml:4:23: expect.fingerprint: there is no fingerprint here that could be missed',
  ],
  [
    'expect: {breech: [item_lost]}\n',
    "x.yaml:4:10: expect.breech: unknown key 'breech'; did you mean 'breach'? Known: breach, fingerprint, holds",
  ],
  [
    'expect: {fingerprint: missed}\n',
    'x.yaml:4:23: expect.fingerprint: there is no fingerprint here that could be missed',
  ],
  [
    'expect: {fingerprint: mised}\n',
    "x.yaml:4:23: expect.fingerprint: unknown word 'mised'; did you mean 'missed'? Known: met, missed",
  ],
  ['expect: {holds: 95}\n', 'x.yaml:4:17: expect.holds: must be at most 1, not 95'],
  ['expect: breach\n', "x.yaml:4:9: expect: needs a mapping, not 'breach'"],
  [
    `faults: [{kind: hang, name: outage}]\nthresholds: {"item_lost{fault:outge}": [rate<0.1]}\n`,
    "x.yaml:5:14: thresholds.item_lost{fault:outge}: no fault 'outge' in this scenario; did you mean 'outage'? Known: outage",
  ],
])('what is judged: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': RIGHT + text })).toEqual(expected)
})

test.each<Row>([
  ['expr: queue_depth > 3', 'x.yaml:4:10: alerts[0].alert: missing; needs text'],
  ['alert: A', 'x.yaml:4:10: alerts[0].expr: missing; needs text'],
  ['alert: A, expr: ""', 'x.yaml:4:27: alerts[0].expr: must not be empty'],
  [
    'alert: A, expr: queue_depth >',
    'x.yaml:4:27: alerts[0].expr: syntax error at column 14: the expression ends too early',
  ],
  [
    'alert: A, expr: queue_depht > 3',
    "x.yaml:4:27: alerts[0].expr: unknown metric 'queue_depht'; did you mean 'queue_depth'?",
  ],
  [
    'alert: A, expr: "rat(items_total[5m]) > 3"',
    "x.yaml:4:27: alerts[0].expr: unknown function 'rat'; did you mean 'rate'? Known: rate, increase, avg_over_time, min_over_time, max_over_time, sum_over_time, count_over_time, last_over_time, absent",
  ],
  [
    `alert: A, expr: "items_total{fte='failed'} > 3"`,
    "x.yaml:4:27: alerts[0].expr: items_total has no label 'fte'; did you mean 'fate'? Known: fate",
  ],
  [
    `alert: A, expr: "items_total{fate='faild'} > 3"`,
    "x.yaml:4:27: alerts[0].expr: no fate 'faild' in this scenario; did you mean 'failed'? Known: succeeded, failed, skipped, rejected, discarded",
  ],
  [
    `alert: A, expr: "queue_depth > 1 and sum(part_busy{part=~'servise-.*'}) > 3"`,
    "x.yaml:4:27: alerts[0].expr: no part in this scenario is matched in 'queue_depth > 1 and sum(part_busy{part=~'servise-.*'}) > 3'; known: queue, dispatcher, analyser, sink, service-7901 … service-7912",
  ],
  [
    'alert: A, expr: "3 > 2"',
    "x.yaml:4:27: alerts[0].expr: '3 > 2' compares two numbers; one side must be series",
  ],
  [
    'alert: A, expr: queue_depth > 3, expect: nevr',
    "x.yaml:4:52: alerts[0].expect: unknown word 'nevr'; did you mean 'never'? Known: never",
  ],
  [
    'alert: A, expr: queue_depth > 3, expect: {fireswithin: 3m}',
    "x.yaml:4:53: alerts[0].expect.fireswithin: unknown key 'fireswithin'; did you mean 'firesWithin'? Known: firesWithin",
  ],
  [
    'alert: A, expr: queue_depth > 3, expect: {firesWithin: 3}',
    'x.yaml:4:66: alerts[0].expect.firesWithin: 3 has no unit; write 3s or 3ms',
  ],
  [
    'alert: A, expr: queue_depth > 3, expect: {within: 3m}',
    "x.yaml:4:53: alerts[0].expect.within: unknown key 'within', and 'firesWithin' is missing",
  ],
  [
    'alert: A, expr: queue_depth > 3, expect: 3m',
    "x.yaml:4:52: alerts[0].expect: needs 'never' or a mapping, not '3m'",
  ],
  [
    'alert: A, expr: queue_depth > 3, for: 1 minute',
    "x.yaml:4:49: alerts[0].for: '1 minute' has the unknown unit 'minute'; write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d",
  ],
  [
    'alert: A, expr: queue_depth > 3, for: 60',
    'x.yaml:4:49: alerts[0].for: 60 has no unit; write 60s or 60ms',
  ],
  [
    'alert: A, expr: queue_depth > 3, labels: {severity: 1}',
    "x.yaml:4:63: alerts[0].labels.severity: needs text, not 1; write '1', in quotes",
  ],
  [
    'alert: A, expr: queue_depth > 3, labels: {"a b": x}',
    'x.yaml:4:53: alerts[0].labels.a b: a label is letters, digits and _',
  ],
  [
    'alert: A, exp: queue_depth > 3',
    "x.yaml:4:21: alerts[0].exp: unknown key 'exp'; did you mean 'expr'? Known: expr, for, labels, annotations, expect",
  ],
])('an alert: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': `${RIGHT}alerts: [{${text}}]\n` })).toEqual(expected)
})

test.each<Row>([
  [
    'alerts: {alert: A, expr: queue_depth > 3}\n',
    'x.yaml:4:9: alerts: needs a list, not a mapping; write [{…}]',
  ],
  ['alerts: [queue_depth > 3]\n', "x.yaml:4:10: alerts[0]: needs a mapping, not 'queue_depth > 3'"],
])('alerts: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': RIGHT + text })).toEqual(expected)
})

test.each<Row>([
  ['w: {for: 5s}', 'x.yaml:4:14: windows.w.at: missing; needs a duration such as 10s or 1h30m'],
  ['w: {at: 5s, for: 0s}', 'x.yaml:4:28: windows.w.for: a duration must be longer than zero here'],
  ['w: {at: 1m}', 'x.yaml:4:19: windows.w.at: starts at 1m, but the load ends at 1m'],
  ['a b: {at: 5s}', 'x.yaml:4:11: windows.a b: a name is letters, digits, _ . -'],
  ['w: {from: 5s}', "x.yaml:4:15: windows.w.from: unknown key 'from', and 'at' is missing"],
])('a window: %j', async (text, ...expected) => {
  expect(await refusal({ 'x.yaml': `${RIGHT}windows: {${text}}\n` })).toEqual(expected)
})

test('a window in the warm-up', async () => {
  const text = `${RIGHT}warmup: 10s\nwindows: {w: {at: 9s}}\nthresholds: {'item_lost{window:w}': [rate<1]}\n`
  expect(await refusal({ 'x.yaml': text })).toEqual([
    'x.yaml:5:19: windows.w.at: starts at 9s, inside the warm-up of 10s, where nothing is measured',
  ])
})
