// An alert that was expected to stay silent, and could not have fired.
import { expect, test } from 'vitest'
import { end, SMALL, told } from './green.ts'

const never = (expr: string, more = '') =>
  `{alerts: [{alert: A, expr: '${expr}', expect: never${more}}]}`

test('silence for want of data, time or a fault is no silence', async () => {
  const { code, runs } = await end(`${SMALL}
variants:
  no-such-part: ${never('part_busy{part="sink"} > 0')}
  no-such-call: ${never('rate(attempts_total{route="unregister"}[1m]) > 0')}
  no-such-failure: ${never('rate(attempts_total{route="infer",class="http-500"}[1m]) > 0')}
  too-short: ${never('services_registered < 9', ', for: 10m')}
  fires: ${never('services_registered == 3', ', for: 1m')}
  no-fault: {alerts: [{alert: A, expr: services_registered == 0, expect: {firesWithin: 1m}}]}
  about-to: {faults: [{kind: refuse, route: infer, at: 280s}], alerts: [{alert: A, expr: 'sum(rate(attempts_total{class="refused"}[1m])) > 0.01', for: 1m, expect: never}]}
`)
  expect(code).toBe(99)
  expect(told(runs)).toEqual({
    'no-such-part': ['inconclusive', 'alert A: what it reads was never there'],
    'no-such-call': ['inconclusive', 'alert A: what it reads was never there'],
    'no-such-failure': ['pass'],
    'too-short': ['inconclusive', 'alert A: the run was over before it could fire'],
    fires: ['fail', expect.stringMatching(/^alert A: expected never, it fired at \d+ s$/)],
    'no-fault': ['inconclusive', 'alert A: no fault came'],
    'about-to': ['inconclusive', 'alert A: it was about to fire when the run ended'],
  })
})

test('nor is that of a label that nothing bears', async () => {
  const { code, stderr } = await end(
    `${SMALL}alerts: [{alert: A, expr: 'log_lines_total{line="scan faild"} > 0', expect: never}]\n`,
  )
  expect(code).toBe(104)
  expect(stderr).toMatch(
    /^x\.yaml:4:27: alerts\[0\]\.expr: no line 'scan faild' in this scenario; /,
  )
})
