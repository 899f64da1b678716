// The backlog of an outage: λT pile up while nothing is served, and drain at μ − λ afterwards. Exact where gaps and
// times are constant; where they are random, the mean.
import { expect, test } from 'vitest'
import type { Observer } from '../../src/metrics/history.ts'
import { drainTime, drainTimeInServices } from './formulas.ts'
import { expectMean } from './intervals.ts'
import { asking, ms, of, runs, runWith, UNHURRIED, type Watch } from './runs.ts'
import { SERVICE_MS, station } from './station.ts'

/** In mean service times: an outage from the start on, and a load that goes on for so long. */
interface Outage {
  readonly process: 'constant' | 'poisson'
  readonly gap: number
  readonly outage: number
  readonly until: number
}

const ASKED = { backlog: 'part_queue{part:service,fault:outage} value' }

const hit = (kind: 'capacity' | 'host.pause') =>
  kind === 'capacity'
    ? ({ kind, service: 'service', factor: 0 } as const)
    : ({ kind, host: 'service' } as const)

function scenario(
  { process, gap, outage, until }: Outage,
  time: unknown,
  kind: Parameters<typeof hit>[0] = 'capacity',
) {
  return of(
    station,
    { time },
    asking(ASKED, {
      load: {
        kind: 'arrivals',
        process,
        rate: `${3_600_000 / (gap * SERVICE_MS)}/h`,
        for: ms(until * SERVICE_MS),
      },
      faults: [{ ...hit(kind), name: 'outage', at: 0, for: ms(outage * SERVICE_MS) }],
      settle: '300d',
    }),
  )
}

/** By the history: how many stood there when the outage was over, and how many services later none was left. */
function watchBacklog(outage: number): Watch<'stood' | 'drained'> {
  let there = 0
  let stood = 0
  let drained = Number.NaN
  const observer: Observer = ({ event, atMs }) => {
    if (event === 'offer') there++
    if (event === 'fate') there--
    const after = atMs / SERVICE_MS - outage
    if (after < 0) stood = there
    if (event === 'fate' && there === 0 && Number.isNaN(drained)) drained = after
  }
  return { observer, figures: () => ({ stood, drained }) }
}

test.each([
  { kind: 'capacity', gap: 1.25, outage: 12.45 },
  { kind: 'capacity', gap: 2, outage: 30.5 },
  { kind: 'host.pause', gap: 1.25, outage: 12.45 },
  { kind: 'host.pause', gap: 1.1, outage: 10.95 },
] as const)('$kind for $outage services, arrivals every $gap', async ({ kind, gap, outage }) => {
  const constant = { process: 'constant', gap, outage, until: 30 * outage } as const
  const what = scenario(constant, ms(SERVICE_MS), kind)
  const arrived = Math.ceil(outage / gap)
  const drained = drainTimeInServices(gap, outage)
  expect(await runWith(what, 1, watchBacklog(outage))).toEqual({
    stood: arrived,
    drained: expect.closeTo(drained, 9),
    // Of what comes while its host stands still a service knows nothing.
    backlog: kind === 'capacity' ? arrived : 0,
  })
  // No further from the fluid's than one job, and one service.
  expect(Math.abs(arrived - outage / gap)).toBeLessThan(1)
  expect(Math.abs(drained - drainTime(1 / gap, outage))).toBeLessThan(1)
})

test.each([
  { name: 'constant', time: ms(SERVICE_MS), first: 1 },
  { name: 'exponential', time: { dist: 'exponential', mean: ms(SERVICE_MS) }, first: 101 },
])('random arrivals, $name times', UNHURRIED, async ({ time, first }) => {
  const [rho, outage] = [0.6, 100]
  const until = outage + 4 * drainTime(rho, outage)
  const what = scenario({ process: 'poisson', gap: 1 / rho, outage, until }, time)
  const seen = await runs(what, { first, count: 60, watch: () => watchBacklog(outage) })
  const piled = { less: 0.8 * rho * outage, more: 1.2 * rho * outage }
  expectMean(seen.stood, rho * outage, piled)
  expectMean(seen.backlog, rho * outage, piled)
  expectMean(seen.drained, drainTime(rho, outage), {
    'a tenth less load': drainTime(0.9 * rho, outage),
    'a tenth more load': drainTime(1.1 * rho, outage),
    'none arrive meanwhile': rho * outage,
  })
})
