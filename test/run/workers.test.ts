// Runs over worker threads: the same results in the same order, however many there are; errors come back whole.
import { afterAll, describe, expect, test } from 'vitest'
import { WorkerPool } from '../../src/run/pool.ts'
import type { RunResult } from '../../src/run/result.ts'
import { run } from '../../src/run/scenario.ts'
import { readScenario } from '../../src/scenario/read.ts'

const untimed = (runs: readonly RunResult[]) => runs.map(({ wallMs: _wallMs, ...rest }) => rest)

describe('over worker threads', async () => {
  const scenario = await readScenario('scenarios/inference/heartbeat-loss.ts')
  const pools = [new WorkerPool(1), new WorkerPool(3)]
  afterAll(() => Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]())))

  test('results do not depend on how many there are', async () => {
    const options = { brief: true, seeds: 3 } as const
    const here = untimed(await run(scenario, options))
    expect(here.map((r) => `${r.variant} ${r.seed}`)).toEqual(
      scenario.variants.flatMap((v) => [1, 2, 3].map((seed) => `${v} ${seed}`)),
    )
    for (const executor of pools) {
      const told: string[] = []
      const there = await run(scenario, {
        ...options,
        executor,
        onVariant: (runs) => told.push(...runs.map((r) => `${r.variant} ${r.seed}`)),
      })
      expect(untimed(there)).toEqual(here)
      expect(told).toEqual(here.map((r) => `${r.variant} ${r.seed}`))
    }
  })

  test('what is told of the progress of each comes back', async () => {
    const [, executor] = pools
    if (executor === undefined) throw new Error('there are two pools')
    const shares = new Map<number, number[]>()
    await run(scenario, {
      brief: true,
      variants: ['baseline'],
      seeds: 2,
      executor,
      onProgress: (_variant, seed, share) => shares.set(seed, [...(shares.get(seed) ?? []), share]),
    })
    expect([...shares.keys()].sort()).toEqual([1, 2])
    for (const seen of shares.values()) {
      expect(seen).toEqual(seen.toSorted((a, b) => a - b))
      expect(seen.at(-1)).toBe(1)
    }
  })

  test('an interruption reaches them: what was measured until then comes back', async () => {
    const [, executor] = pools
    if (executor === undefined) throw new Error('there are two pools')
    const controller = new AbortController()
    const runs = await run(scenario, {
      variants: ['baseline'],
      seeds: 4,
      executor,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    expect(runs.length).toBeGreaterThan(0)
    expect(runs.length).toBeLessThan(4)
    for (const { reasons, verdict } of runs)
      expect([verdict, reasons[0]]).toEqual(['inconclusive', 'interrupted'])
  })
})
