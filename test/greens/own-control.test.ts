// A rival's reset on loopback cuts off its own control: load, evidence and verdict.
import { expect, test } from 'vitest'
import { end, SMALL } from './green.ts'

const ALL = {
  reset: '{kind: reset, at: 1m, for: 2m}',
  'reset-reply': '{kind: reset, lost: reply, at: 1m, for: 2m}',
  refuse: '{kind: refuse, at: 1m, for: 2m}',
  hang: '{kind: hang, at: 1m, for: 2m}',
  'lost-replies': '{kind: lost-replies, at: 1m, for: 2m}',
  partition: '{kind: partition, between: "*", and: "*", at: 1m, for: 2m}',
  crash: '{kind: host.crash, host: "*", at: 1m, for: 2m}',
  pause: '{kind: host.pause, host: "*", at: 1m, for: 2m}',
}

test('a fault on everything does not reach the load, the scrapes, the evidence or the verdict', async () => {
  const variants = Object.entries(ALL).map(([name, fault]) => `  ${name}: {faults: [${fault}]}`)
  const { code, runs } = await end(`${SMALL}
thresholds: {item_lost: [rate<0.01], item_duration: [p(95)<5s]}
alerts: [{alert: Offering, expr: "rate(items_offered_total[1m]) < 1.9", for: 1m, expect: never}, {alert: Silent, expr: "sum(increase(items_total{fate='succeeded'}[1m])) < 1", for: 15s, expect: {firesWithin: 105s}}]
variants:
${variants.join('\n')}
`)
  expect(code).toBe(99)
  expect(runs.map(({ variant }) => variant)).toEqual(Object.keys(ALL))
  for (const { variant, verdict, items, faults, alerts, thresholds, digest } of runs) {
    expect([variant, verdict, items.offered]).toEqual([variant, 'fail', 600])
    const { offered, duplicates: _, ...fates } = items
    expect(Object.values(fates).reduce((sum, n) => sum + n, 0)).toBe(offered)
    expect(faults[0]).toMatchObject({ atMs: 60_000, forMs: 120_000, touched: expect.any(Number) })
    expect(faults[0]?.touched).toBeGreaterThan(0)
    expect([variant, alerts.map(({ name, ok }) => `${name} ${ok}`)]).toEqual([
      variant,
      ['Offering true', 'Silent true'],
    ])
    expect(thresholds[0]?.observed).toBeCloseTo(1 - items.succeeded / offered, 12)
    expect(digest).toMatch(/^\w{16}$/)
  }
})

test('nor what is expected of it', async () => {
  const { code, runs } = await end(`${SMALL}
faults: [{kind: reset, at: 1m, for: 2m}]
thresholds: {item_lost: [rate<0.01]}
fingerprint: {"attempts{phase:fault,class:reset}": [rate==1]}
expect: {breach: [item_lost]}
variants:
  reset: {}
  another-cause: {faults: [{kind: refuse, at: 1m, for: 2m}]}
`)
  expect(code).toBe(99)
  expect(runs.map(({ verdict, reasons }) => [verdict, ...reasons])).toEqual([
    ['pass'],
    ['fail', 'fingerprint missed: attempts{phase:fault,class:reset} rate==1, observed 0 %'],
  ])
})
