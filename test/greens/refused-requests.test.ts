// A rival counts 404 and 429 as successes.
import { expect, test } from 'vitest'
import { end, SMALL } from './green.ts'

const lost = 'thresholds: {item_lost: [rate<0.01]}'
const failed = (route: string) => `thresholds: {"attempt_failed{route:${route}}": [rate<0.01]}`

type Case = readonly [route: string, asserted: string]

/** A route, and what must show that its calls failed. */
const CASES: readonly Case[] = [
  ['infer', lost],
  ['infer', 'thresholds: {item_succeeded: [rate>0.99]}'],
  ['infer', failed('infer')],
  ['fetch', lost],
  ['publish', failed('publish')],
  ['publish', 'thresholds: {alerts_lost: [count==0]}'],
  ['delete', failed('delete')],
  ['head', `pipeline: {checks: stat}, ${lost}`],
  ['put', failed('put')],
  ['heartbeat', failed('heartbeat')],
]
/** These take effect although they are answered so. */
const UNREACHED: readonly Case[] = [
  ['put', lost],
  ['heartbeat', 'warmup: 30s, thresholds: {services_registered: [min==3]}'],
]

test.each<[status: string, cases: readonly Case[]]>([
  ['404', [...CASES, ...UNREACHED]],
  ['429', [...CASES, ...UNREACHED]],
  ['429, code: TooManyRequests', CASES],
  ['404, reached: true', CASES],
])('%s is no success, on no route', async (status, cases) => {
  const variants = cases.map(
    ([route, asserted], i) =>
      `  v${i}-${route}: {faults: [{kind: status, status: ${status}, route: ${route}}], ${asserted}}`,
  )
  const { code, runs } = await end(`${SMALL}variants:\n${variants.join('\n')}\n`)
  expect(code).toBe(99)
  expect(runs.map(({ variant, verdict }) => `${variant} ${verdict}`)).toEqual(
    cases.map(([route], i) => `v${i}-${route} fail`),
  )
  const [klass] = status.split(',')
  for (const { attempts, faults } of runs) {
    const refused = attempts.filter((a) => a.class === `http-${klass}`)
    expect(refused.reduce((n, a) => n + a.count, 0)).toBe(faults[0]?.touched)
  }
})
