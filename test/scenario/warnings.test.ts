// What `validate` warns of: faults that may well touch nothing, and breaches that any cause would do for.
import { expect, test } from 'vitest'
import { readScenario } from '../../src/scenario/read.ts'
import { aftershock } from '../cli/aftershock.ts'
import { Folder } from './reading.ts'

const START = `pipeline: {kind: inference, services: 3}
load: {kind: arrivals, rate: 2/s, for: 5m}
thresholds: {item_lost: [rate<0.01]}
`

async function warned(text: string): Promise<readonly string[]> {
  using folder = new Folder({ 'x.yaml': START + text })
  const { warnings } = await readScenario(`${folder.path}/x.yaml`)
  return warnings().map((line) => folder.plain(line))
}

/** How many touches it says, of a fault in line 4; `undefined`: it says nothing. */
async function touches(fault: string, load = ''): Promise<string | undefined> {
  const [line, ...more] = await warned(`faults: [{${fault}}]\n${load}`)
  expect(more).toEqual([])
  return line?.replace(/^x\.yaml:4:10: faults\[0\]: warning: (.*) to be expected in its .*$/, '$1')
}

test.each<[fault: string, said: string | undefined]>([
  // Two items a second, each put, fetched and inferred once.
  ['kind: status, status: 500, route: infer, at: 1m, for: 1s', 'about 2 touches are'],
  ['kind: status, status: 500, route: infer, at: 1m, for: 2s', undefined],
  ['kind: status, status: 500, route: infer, at: 1m, for: 2s, nth: 4', 'about 1 touch is'],
  ['kind: status, status: 500, route: infer, at: 1m, for: 100ms', 'about 1 touch is'],
  ['kind: status, status: 500, route: infer, at: 100ms, for: 100ms', 'no touches are'],
  ['kind: reset, route: "{put,fetch}", probability: 0.001', 'about 1.2 touches are'],
  ['kind: latency, add: 1s, route: put, at: 1m, for: 100ms, every: 1m', undefined],
  ['kind: latency, add: 1s, route: put, at: 1m, for: 100ms, every: 2m', 'about 2 touches are'],
  ['kind: refuse, to: service-*, at: 1m, for: 500ms', 'about 1 touch is'],
  ['kind: refuse, to: service-7901, at: 1m, for: 3s', 'about 2 touches are'],
  ['kind: refuse, from: service-*, route: heartbeat, at: 1m, for: 30s', undefined],
  ['kind: object.delete, before: head', 'no touches are'],
  ['kind: object.delete, before: fetch, at: 1m, for: 1s', 'about 2 touches are'],
  ['kind: split-replies, route: infer, at: 1m, for: 1s', 'about 2 touches are'],
  ['kind: sink.down, at: 1m, for: 1s', 'about 0.6 touches are'],
  ['kind: load.stop, at: 1m, for: 1s', 'about 2 touches are'],
  ['kind: hang, route: list, at: 1m, for: 2s', 'about 2 touches are'],
  ['kind: heartbeat.loss, at: 1m, for: 10s', 'about 1 touch is'],
  ['kind: heartbeat.loss, services: [service-7901], at: 1m, for: 30s', 'about 1 touch is'],
  ['kind: heartbeat.delay, by: 1s, services: [service-7901, service-7902], for: 1m', undefined],
  // The first two of many are two for certain, and those of a few are not.
  ['kind: reset, route: put, first: 2', undefined],
  ['kind: reset, route: put, first: 2, probability: 0.5', 'about 1 touch is'],
  // Not known beforehand: which keys, how often cleanup deletes, which service beats first, what holds down what.
  ['kind: status, status: 500, route: put, key: "**", at: 1m, for: 1s', undefined],
  ['kind: status, status: 500, at: 1m, for: 100ms', undefined],
  ['kind: status, status: 500, route: deleteMany, at: 1m, for: 100ms', undefined],
  ['kind: heartbeat.loss, services: 1, at: 1m, for: 1s', undefined],
  ['kind: split-replies, at: 1m, for: 1s', undefined],
  ['kind: host.crash, host: sink, at: 1m, for: 1s', undefined],
  ['kind: capacity, service: service-*, factor: 0.5, for: 1s', undefined],
  ['kind: partition, between: analyser, and: sink, for: 100ms', undefined],
  ['kind: status, status: 500, route: infer, at: 1m, for: 1s, mayMiss: true', undefined],
])('%s', async (fault, said) => {
  expect(await touches(fault)).toBe(said)
})

test.each<[load: string, said: string | undefined]>([
  ['kind: arrivals, rate: 2/s, for: 5m, process: poisson', undefined],
  ['kind: arrivals, rate: 1/m, for: 5m, bursts: {every: 2m, size: 9}', undefined],
  ['kind: arrivals, rate: 1/m, for: 5m', 'about 1 touch is'],
  ['kind: ramp, from: 2/s, stages: [{to: 0, for: 1m}, {to: 0, for: 4m}]', 'no touches are'],
  // How fast users are only the run can tell.
  ['kind: closed, users: 1, for: 5m, think: 4m', undefined],
])('of the load %s', async (load, said) => {
  const [line] = await warned(
    `faults: [{kind: reset, route: put, at: 110s, for: 20s}]\nvariants: {only: {load: {${load}}}}\n`,
  )
  expect(line?.replace(/^x\.yaml:4:10: faults\[0\]: warning: (.*) to be expected.*$/, '$1')).toBe(
    said,
  )
})

test('each is said once, with its place, its figure and its cure', async () => {
  using folder = new Folder({
    'x.yaml': `${START}faults:
  - {kind: status, status: 500, route: infer, at: 1m, for: 1m, probability: 0.02}
variants:
  rare: {}
  often: {load: {rate: 4/s}, expect: {breach: [item_lost]}}
brief: {load: {for: 61s}}
`,
  })
  const rest =
    'with none the run is inconclusive: let it last longer or make it more probable, run more seeds, or say mayMiss: true'
  expect(await aftershock(['validate', 'x.yaml'], { cwd: folder.path })).toEqual({
    code: 0,
    stdout: 'x.yaml: ok, 2 variants, each whole and brief\n',
    stderr: `x.yaml:5:5: faults[0] (in rare): warning: about 2.4 touches are to be expected in its 1m; ${rest}
x.yaml:5:5: faults[0] (in the brief of rare): warning: about 0.04 touches are to be expected in its 1s; ${rest}
x.yaml:5:5: faults[0] (in the brief of often): warning: about 0.08 touches are to be expected in its 1s; ${rest}
x.yaml:8:47: variants.often.expect.breach: warning: any cause will do for this breach: a fingerprint would prove that it was this one
`,
  })
})
