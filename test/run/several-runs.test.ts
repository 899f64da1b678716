// Several runs: evidence over seeds, variants one after the other, and which verdict and exit code wins.
import { describe, expect, test } from 'vitest'
import { ExitCode, WORST_FIRST, worstExitCode } from '../../src/base/errors.ts'
import { run } from '../../src/run/scenario.ts'
import { summaryOf } from '../../src/run/summary.ts'
import type { Scenario } from '../../src/scenario/read.ts'
import type { Resolved } from '../../src/scenario/schema.ts'
import { resolve, runScenario, type Written } from './scenarios.ts'

describe('of several runs', () => {
  const scenarioOf = async (...written: Written[]): Promise<Scenario> => {
    const resolved = await Promise.all(written.map((w) => resolve(w)))
    const variants = resolved.map((_, i) => `v${i}`)
    const one = {
      file: 'x.ts',
      name: 'x',
      incident: undefined,
      symptoms: [],
      variants,
      hasBrief: false,
      warnings: () => [],
    }
    return {
      ...one,
      resolve: (variant: string) => resolved[variants.indexOf(variant)] as Resolved,
    }
  }
  const load = { kind: 'arrivals', rate: '1/s', for: '20s' } as const
  const thresholds = { item_lost: ['rate<0.3'] }
  const rare = (more: object) =>
    ({
      load,
      thresholds,
      faults: [{ kind: 'reset', route: 'infer', probability: 0.02, ...more }],
    }) as unknown as Written

  test('a fault may miss in one seed as long as it touches something in another', async () => {
    const scenario = await scenarioOf(rare({}))
    const runs = await run(scenario, { seeds: 20 })
    const touched = runs.map(({ faults }) => faults[0]?.touched ?? 0)
    expect(touched).toContain(0)
    expect(Math.max(...touched)).toBeGreaterThan(0)
    expect(new Set(runs.map(({ verdict }) => verdict))).toEqual(new Set(['pass']))
    const missed = touched.indexOf(0) + 1
    const [alone] = await run(scenario, { seed: missed })
    expect(alone).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['fault reset touched nothing'],
    })
  })

  test('that touched nothing at all proves nothing, unless it may miss', async () => {
    const never = { probability: 0, name: 'cut' }
    const of = async (more: object) =>
      (await run(await scenarioOf(rare({ ...never, ...more })), { seeds: 3 })).map(
        ({ verdict, reasons }) => [verdict, reasons],
      )
    expect(await of({})).toEqual(new Array(3).fill(['inconclusive', ['fault cut touched nothing']]))
    expect(await of({ mayMiss: true })).toEqual(new Array(3).fill(['pass', []]))
  })

  test('a breach stays a breach', async () => {
    const bad = { ...rare({ probability: 0 }), thresholds: { item_succeeded: ['rate<0.5'] } }
    const [one] = await run(await scenarioOf(bad))
    expect(one).toMatchObject({
      verdict: 'fail',
      reasons: ['item_succeeded rate<0.5: breached, observed 100 %', 'fault reset touched nothing'],
    })
  })

  test('each variant is judged by its own faults', async () => {
    const verdicts = (
      await run(
        await scenarioOf(rare({ probability: 1 }), rare({ probability: 0 }), { load, thresholds }),
      )
    ).map(({ variant, verdict }) => [variant, verdict])
    expect(verdicts).toEqual([
      ['v0', 'fail'],
      ['v1', 'inconclusive'],
      ['v2', 'pass'],
    ])
  })

  test('bail stops after the first variant that does not pass', async () => {
    const scenario = await scenarioOf({ load, thresholds }, rare({ probability: 0 }), {
      load,
      thresholds,
    })
    expect((await run(scenario, { bail: true })).map(({ variant }) => variant)).toEqual([
      'v0',
      'v1',
    ])
  })

  test('the summary is as bad as the worst of them; nothing run is no success', async () => {
    const pass = await runScenario({ load, thresholds })
    const verdictOf = (...verdicts: (typeof pass)['verdict'][]) =>
      summaryOf(verdicts.map((verdict) => ({ ...pass, verdict }))).verdict
    expect([
      verdictOf(),
      verdictOf('pass'),
      verdictOf('pass', 'inconclusive'),
      verdictOf('inconclusive', 'fail', 'pass'),
    ]).toEqual(['inconclusive', 'pass', 'inconclusive', 'fail'])
    // Another that was asked for threw, or was never begun.
    expect(summaryOf([pass], { isWhole: false }).verdict).toBe('inconclusive')
    expect(summaryOf([{ ...pass, verdict: 'fail' }], { isWhole: false }).verdict).toBe('fail')
  })

  test('the worst exit code wins: 109, 112, 105, 110, 107, 99, 111, 0', () => {
    const {
      ourBug,
      nondeterminism,
      interrupted,
      environment,
      userCode,
      breached: missed,
      inconclusive,
      pass,
    } = ExitCode
    const order = [
      ourBug,
      nondeterminism,
      interrupted,
      environment,
      userCode,
      missed,
      inconclusive,
      pass,
    ]
    expect(order).toEqual([109, 112, 105, 110, 107, 99, 111, 0])
    for (const [i, code] of order.entries()) {
      expect(worstExitCode(order.slice(i).reverse())).toBe(code)
      expect(worstExitCode([code, ...order.slice(i)])).toBe(code)
    }
    expect(worstExitCode([])).toBe(ExitCode.pass)
    expect([...WORST_FIRST].sort()).toEqual(Object.values(ExitCode).sort())
  })
})
