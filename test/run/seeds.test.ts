// The verdict over many seeds: every one, or a share with exact bounds, and what more seeds would bring.
import { describe, expect, test } from 'vitest'
import type { RunResult, Verdict } from '../../src/run/result.ts'
import { judgeSeeds } from '../../src/run/seeds.ts'
import { resolve, runResolved, runScenario } from './scenarios.ts'

const load = { kind: 'arrivals', rate: '1/s', for: '20s' } as const

describe('over many seeds', async () => {
  const pass = await runScenario({ load, thresholds: { item_lost: ['rate<0.3'] } })
  const runs = (verdicts: Partial<Record<Verdict, number>>, holds?: number): RunResult[] =>
    (['pass', 'fail', 'inconclusive'] as const)
      .flatMap((verdict) => Array.from({ length: verdicts[verdict] ?? 0 }, () => verdict))
      .map((verdict, i) => ({
        ...pass,
        seed: i + 1,
        verdict,
        reasons: verdict === 'pass' ? [] : [`${verdict} ${i + 1}`],
        expect: { ...pass.expect, ...(holds === undefined ? {} : { holds }) },
      }))
  const judged = (of: RunResult[]) => {
    const { verdict, moreSeeds, counterexample } = judgeSeeds(of)
    return [verdict, moreSeeds, counterexample]
  }

  test('every seed must pass; the first that fails is the counterexample', () => {
    expect([
      judged(runs({ pass: 30 })),
      judged(runs({ pass: 29, fail: 2 })),
      judged(runs({ pass: 3, inconclusive: 1 })),
      judged(runs({ pass: 1, fail: 1, inconclusive: 1 })),
    ]).toEqual([
      ['pass', undefined, undefined],
      ['fail', undefined, 30],
      ['inconclusive', undefined, 4],
      ['fail', undefined, 2],
    ])
  })

  test('of a share, 59 passes prove 95 %, and 58 say that one more would', () => {
    expect([judged(runs({ pass: 59 }, 0.95)), judged(runs({ pass: 58 }, 0.95))]).toEqual([
      ['pass', undefined, undefined],
      ['inconclusive', 1, undefined],
    ])
    expect(judgeSeeds(runs({ pass: 20 }, 0.95)).reasons).toEqual([
      '20 of 20 seeds pass: whether 0.95 of all do is open (0.861 to 1.000 with 95 % confidence); about 39 more would decide: --seeds 59',
    ])
  })

  test('one failure is no counterexample to a share that may still hold', () => {
    const found = judgeSeeds(runs({ pass: 99, fail: 1 }, 0.9))
    expect([found.verdict, found.counterexample]).toEqual(['pass', 100])
  })

  test('a share that is out of reach fails, whatever the seeds that measured nothing would say', () => {
    expect([
      judged(runs({ pass: 5, fail: 15 }, 0.95)),
      judged(runs({ pass: 5, inconclusive: 15 }, 0.95))[0],
      judged(runs({ pass: 100, inconclusive: 20 }, 0.95))[0],
    ]).toEqual([['fail', undefined, 6], 'inconclusive', 'inconclusive'])
    expect(judgeSeeds(runs({ pass: 5, fail: 15 }, 0.95)).reasons).toEqual([
      '5 of 20 seeds pass: below the 0.95 that must hold, with 95 % confidence',
    ])
  })

  test('at the very share no number of seeds decides', () => {
    expect(judged(runs({ pass: 19, fail: 1 }, 0.95))).toEqual(['inconclusive', null, 20])
  })

  test('a threshold within its sampling error is a knife-edge, one far from it is not', async () => {
    const scenario = await resolve({
      load: { kind: 'arrivals', rate: '5/s', for: '200s' },
      pipeline: { call: { attempts: 1 } },
      faults: [{ kind: 'status', route: 'infer', status: 500, probability: 0.1 }],
      thresholds: {
        item_failed: ['rate<0.11', 'rate<0.3'],
        item_duration: ['p(95)<1h'],
        services_registered: ['min>=0'],
      },
    })
    const result = await runResolved(scenario)
    expect(result.thresholds.map(({ expr, narrow = false }) => [expr, narrow])).toEqual([
      ['rate<0.11', true],
      ['rate<0.3', false],
      ['p(95)<1h', false],
      ['min>=0', false],
    ])
    expect(judgeSeeds([result]).knifeEdge).toEqual([
      {
        seed: 1,
        metric: 'item_failed',
        expr: 'rate<0.11',
        observed: result.thresholds[0]?.observed,
      },
    ])
    const many = Array.from({ length: 30 }, () => result)
    expect(judgeSeeds(many).knifeEdge).toEqual([])
  })

  test('a percentile is narrow when the order statistics around it decide otherwise', async () => {
    const measured = await runScenario({ load, thresholds: { item_duration: ['p(90)<1h'] } })
    const p90 = measured.thresholds[0]?.observed ?? 0
    const again = await runScenario({
      load,
      thresholds: { item_duration: [`p(90)<${(p90 * 1.001) / 1_000}s`, `p(90)<${p90 / 50}s`] },
    })
    expect(again.thresholds.map(({ narrow = false }) => narrow)).toEqual([true, false])
  })
})
