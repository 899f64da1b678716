// What the incidents say and no threshold can: figures that have to equal each other, and lines between two regimes.
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/run/result.ts'
import { run } from '../../src/run/scenario.ts'
import { readScenario } from '../../src/scenario/read.ts'
import type { Resolved } from '../../src/scenario/schema.ts'
import { runResolved, runScenario } from './scenarios.ts'

const read = (name: string) =>
  readScenario(fileURLToPath(new URL(`../../scenarios/inference/${name}.ts`, import.meta.url)))

/** The briefs of some seeds, all variants. */
async function briefs(name: string, seeds: number, variants?: string[]): Promise<RunResult[]> {
  const chosen = variants === undefined ? {} : { variants }
  return run(await read(name), { brief: true, seeds, ...chosen })
}

const calls = ({ attempts }: RunResult, route: string, klass?: string) =>
  attempts
    .filter((a) => a.route === route && (klass === undefined || a.class === klass))
    .reduce((sum, { count }) => sum + count, 0)

const lost = ({ failures }: RunResult) =>
  failures.map(({ fate, stage, class: klass, count }) => `${count} ${fate} ${stage} ${klass}`)

describe('reply-cancelled', () => {
  test('one call, one broken pipe and one deletion for each image that fails, and none of it in its books', async () => {
    for (const result of await briefs('reply-cancelled', 5, ['baseline'])) {
      const { items, metrics, reported, faults } = result
      const { failed, offered } = items
      expect(calls(result, 'infer')).toBe(offered)
      expect(lost(result)).toEqual([`${failed} failed reply aborted`])
      expect([metrics.broken_pipes?.count, faults[0]?.touched]).toEqual([failed, failed])
      // Deleted is what failed and what showed nothing: all but what is published.
      expect(calls(result, 'delete')).toBe(offered - calls(result, 'publish'))
      expect(reported).toMatchObject({
        processed_total: offered,
        total_inferences: offered - failed,
        failed_inferences: 0,
      })
    }
  })
})

describe('delete-race', () => {
  const removed = ({ faults }: RunResult) => faults[0]?.evidence.removed ?? 0

  test('as many images are lost as races were injected, to the last one', async () => {
    const fates = {
      baseline: 'failed fetch http-404',
      onFirstCheck: 'skipped head http-404',
      refetchOn404: 'failed fetch http-404',
      oneTry: 'failed fetch http-404',
    }
    const results = await briefs('delete-race', 20)
    expect(results).toHaveLength(80)
    for (const result of results) {
      expect(removed(result)).toBe(50)
      expect(lost(result)).toEqual([`50 ${fates[result.variant as keyof typeof fates]}`])
    }
  })

  test('however they are drawn', async () => {
    let most = 0
    for (let seed = 1; seed <= 20; seed++) {
      const result = await runScenario(
        {
          pipeline: { checks: 'precheck+stat' },
          load: { kind: 'arrivals', rate: '8/s', for: '1m', process: 'poisson' },
          faults: [{ kind: 'object.delete', after: 'head', attempt: 2, probability: 0.1 }],
        },
        seed,
      )
      expect(removed(result)).toBeGreaterThan(20)
      expect(lost(result)).toEqual([`${removed(result)} failed fetch http-404`])
      expect(result.items.succeeded).toBe(result.items.offered - removed(result))
      most = Math.max(most, removed(result))
    }
    // Not the same number each time.
    expect(most).toBeGreaterThan(40)
  })
})

describe('slow-algorithm', () => {
  test('each call that timed out was worked on to its end, for nobody', async () => {
    for (const result of await briefs('slow-algorithm', 3, ['shortTimeout'])) {
      const timeouts = calls(result, 'infer', 'read-timeout')
      expect(timeouts).toBeGreaterThan(50)
      expect(result.metrics.broken_pipes?.count).toBe(timeouts)
      expect(lost(result)).toContain(`${timeouts} failed infer read-timeout`)
    }
  })
})

describe('queue-overflow', () => {
  test('what it says it dropped is what was lost', async () => {
    for (const result of await briefs('queue-overflow', 5, ['baseline', 'moreSlots'])) {
      const dropped = result.reported.dropped_total
      expect(lost(result)).toEqual([`${dropped} discarded queue dropped-oldest`])
    }
  })
})

describe('retry-collapse', () => {
  /** The share lost after the slow minute is over, of the brief with other slots or another load. */
  async function lostAfter(change: (scenario: Resolved) => object): Promise<number> {
    const scenario = (await read('retry-collapse')).resolve('baseline', true)
    const { thresholds } = await runResolved({ ...scenario, ...change(scenario) })
    return thresholds[0]?.observed ?? Number.NaN
  }
  const slots = (concurrency: number) => (scenario: Resolved) => ({
    pipeline: { ...scenario.pipeline, concurrency },
  })

  test('the line is where the slots free themselves of as many dead images as come: 4/s × 6 s', async () => {
    for (const concurrency of [12, 16, 20]) {
      const share = await lostAfter(slots(concurrency))
      expect([concurrency, share > 0.8]).toEqual([concurrency, true])
    }
    for (const concurrency of [40, 60, 100]) {
      const share = await lostAfter(slots(concurrency))
      expect([concurrency, share < 0.1]).toEqual([concurrency, true])
    }
  })

  test('without the slow minute nothing happens, at the same load with the same slots', async () => {
    const scenario = (await read('retry-collapse')).resolve('baseline', true)
    const { items } = await runResolved({ ...scenario, faults: [] })
    expect(items).toMatchObject({ offered: 1_600, succeeded: 1_600 })
  })
})

describe('sink-down', () => {
  test('lost is what the broker refused; with an outbox each detection arrives once', async () => {
    const results = await briefs('sink-down', 5, ['baseline', 'outbox'])
    for (const result of results) {
      const { metrics, items } = result
      const detections = items.offered - calls(result, 'delete')
      const isOutbox = result.variant === 'outbox'
      expect(calls(result, 'publish', 'refused')).toBeGreaterThan(100)
      expect(metrics.alerts_lost?.count).toBe(isOutbox ? 0 : calls(result, 'publish', 'refused'))
      expect(calls(result, 'publish', 'ok') + (metrics.alerts_lost?.count ?? 0)).toBe(detections)
    }
  })
})

describe('put-race', () => {
  test('as many uploads are refused as races were lost, and nothing else with the same credentials', async () => {
    for (const result of await briefs('put-race', 10, ['baseline', 'secondTry'])) {
      const { faults, items, attempts } = result
      const refused = faults[0]?.touched ?? 0
      expect(refused).toBeGreaterThan(0)
      expect(calls(result, 'put', 'http-403')).toBe(refused)
      expect(attempts.filter(({ class: klass }) => klass !== 'ok')).toHaveLength(1)
      expect(items.offered - items.succeeded).toBe(result.variant === 'baseline' ? refused : 0)
    }
  })
})
