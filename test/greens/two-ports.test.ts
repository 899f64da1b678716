// A rival takes two hosts that differ only in their port for one.
import { expect, test } from 'vitest'
import { end } from './green.ts'

const TWO = `
pipeline: {kind: inference, services: 2, tasks: 1}
load: {kind: arrivals, rate: 4/s, for: 5m}
warmup: 30s
`

test('a fault on one of two ports leaves the other alone, and its figures are its own', async () => {
  const { code, runs } = await end(`${TWO}
thresholds: {"part_queue{part:service-7901}": [max<5], "part_queue{part:service-7902}": [max<5]}
faults: [{kind: capacity, service: service-7901, factor: 0, at: 1m, for: 30s}]
variants:
  first: {}
  second: {faults: [{kind: capacity, service: service-7902, factor: 0, at: 1m, for: 30s}]}
`)
  const breached = (port: number) => [
    'fail',
    expect.stringMatching(`^part_queue{part:service-${port}} max<5: breached`),
  ]
  expect(code).toBe(99)
  expect(runs.map(({ verdict, reasons }) => [verdict, ...reasons])).toEqual([
    breached(7901),
    breached(7902),
  ])
})

test('calls to one are not calls to the other', async () => {
  const { code, runs } = await end(`${TWO}
thresholds: {item_lost: [rate<0.01]}
variants:
  one: {faults: [{kind: refuse, to: service-7901, route: infer}]}
  other: {faults: [{kind: refuse, to: service-7902, route: infer}]}
  both: {faults: [{kind: refuse, to: service-790*, route: infer}]}
  down: {faults: [{kind: host.crash, host: service-7902, at: 1m}]}
`)
  expect(code).toBe(99)
  expect(runs.map((r) => r.verdict)).toEqual(['fail', 'fail', 'fail', 'fail'])
  const [one, other, both] = runs.map((r) => r.items.failed / r.items.offered)
  expect(both).toBeGreaterThan(0.95)
  for (const half of [one, other]) {
    expect(half).toBeGreaterThan(0.3)
    expect(half).toBeLessThan(0.7)
  }
  expect(runs[3]?.parts).toMatchObject({ 'service-7901': {}, 'service-7902': {} })
})

test('a name that is only the beginning of another is none', async () => {
  const { code, stderr } = await end(`${TWO}
faults: [{kind: refuse, to: service-790, route: infer}]
thresholds: {item_lost: [rate<0.01]}
`)
  expect(code).toBe(104)
  expect(stderr).toBe(
    "x.yaml:6:29: faults[0].to: no host or part of this scenario is called or matches 'service-790'; did you mean 'service-7901'? Known: analyser, sink, service-7901, service-7902, objects\n",
  )
})
