// Seed 003 beyond what its scenarios assert of themselves: when services go, how long a blip has to be for that, when
// they are back, and by which fact each candidate is refuted.
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/run/result.ts'
import { runOnce } from '../../src/run/run.ts'
import { run } from '../../src/run/scenario.ts'
import { readScenario } from '../../src/scenario/read.ts'
import type { Resolved } from '../../src/scenario/schema.ts'
import { inferenceOf } from '../scenario/inference-of.ts'

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1)

const bundled = (name: string) =>
  readScenario(fileURLToPath(new URL(`../../scenarios/inference/${name}.ts`, import.meta.url)))
const loss = await bundled('heartbeat-loss')
const blip = await bundled('heartbeat-blip')
const lost = await bundled('services-lost')

function once(scenario: Resolved, seed: number): Promise<RunResult> {
  return runOnce({ scenario, file: 'x.ts', variant: 'v', brief: true, seed, wallMs: () => 0 })
}

type Asked = Pick<Resolved, 'windows' | 'fingerprint'>

/** What was observed, in the order asked for: a row for each seed. */
async function observed(scenario: Resolved, asked: Partial<Asked>): Promise<(number | null)[][]> {
  const rows: (number | null)[][] = []
  for (const seed of SEEDS) {
    const { fingerprint } = await once({ ...scenario, ...asked }, seed)
    rows.push(fingerprint.map((f) => f.observed))
  }
  return rows
}

const all = (row: readonly number[]) => SEEDS.map(() => row)

/** Two figures that say of many how far apart they are. */
const range = (figures: readonly (number | null | undefined)[]) => {
  const known = figures.map((figure) => figure ?? Number.NaN)
  return [Math.min(...known), Math.max(...known)]
}

test.each(['heartbeat-blip', 'heartbeat-partial'])(
  'the brief of %s ends as expected for seeds 1 to 20',
  { timeout: 60_000 },
  async (name) => {
    const runs = await run(await bundled(name), { brief: true, seeds: SEEDS.length })
    const others = runs.filter(({ verdict }) => verdict !== 'pass')
    expect(others.map(({ variant, seed, reasons }) => [variant, seed, reasons])).toEqual([])
  },
)

test('services go 60 to 90 s after their last heartbeat, and are back within a scan of their restart', async () => {
  // The loss begins at 42 s and the services restart at 367 s.
  const found = await observed(loss.resolve('baseline', true), {
    windows: {
      kept: { at: 42_000, for: 29_000 },
      gone: { at: 42_000 + 90_000, for: 234_000 },
      back: { at: 367_000, for: 1_100 },
    },
    fingerprint: {
      'services_registered{window:kept}': ['min>=0'],
      'services_registered{window:gone}': ['max>=0'],
      'attempts{route:infer,window:gone}': ['count>=0'],
      'item_discarded{class:no-service,window:gone}': ['rate>=0'],
      'services_registered{window:back}': ['value>=0'],
      'attempts{route:infer,class:ok,window:back}': ['count>=0'],
    },
  })
  expect(found.map((row) => [...row.slice(0, 5), (row[5] ?? 0) > 0])).toEqual(
    all([12, 0, 0, 1, 12]).map((row) => [...row, true]),
  )
})

describe('a blip', () => {
  const brief = blip.resolve('baseline', true)

  test.each([
    [90, 0, 0],
    [65, 0, 0],
    [60, 1, 3],
    [45, 2, 9],
    [30, 7, 12],
  ])('of %d s leaves %d to %d services for good', async (seconds, least, most) => {
    const left = await observed(
      { ...brief, faults: brief.faults.map((fault) => ({ ...fault, for: seconds * 1_000 })) },
      { fingerprint: { 'services_registered{phase:after}': ['value>=0'] } },
    )
    expect(range(left.map(([services]) => services))).toEqual([least, most])
  })

  test('is over for clients that register again: all are back after one period, and infer', async () => {
    // It heals at 160 s.
    const found = await observed(blip.resolve('register', true), {
      windows: {
        gone: { at: 151_000, for: 9_000 },
        back: { at: 160_000, for: 31_000 },
        well: { at: 160_000 + 30_100 },
      },
      fingerprint: {
        'services_registered{window:gone}': ['max>=0'],
        'services_registered{window:well}': ['min>=0'],
        'attempts{route:register,window:back}': ['count>=0'],
        'attempts{route:infer,class:ok,window:back}': ['count>=0'],
      },
    })
    expect(found.map((row) => [...row.slice(0, 3), (row[3] ?? 0) > 0])).toEqual(
      all([0, 12, 12]).map((row) => [...row, true]),
    )
  })
})

describe('of the candidates', () => {
  const scans = 'log_lines{line:scan found new images,window:silence}'
  const refutedBy: Readonly<Record<string, readonly string[]>> = {
    heartbeatsLost: [scans],
    servicesPaused: [scans],
    clockStep: [scans],
    framesStopped: ['services_registered{window:silence}'],
    partition: [],
  }

  test.each<[what: string, brief: boolean, seeds: number]>([
    ['in small, over 20 seeds', true, SEEDS.length],
    ['whole', false, 1],
  ])('each is refuted by its own fact: %s', { timeout: 60_000 }, async (_, brief, seeds) => {
    const runs = await run(lost, { brief, seeds })
    const missed = runs.map(({ variant, seed, verdict, fingerprint }) => [
      variant,
      seed,
      verdict,
      fingerprint.filter(({ ok }) => ok !== true).map(({ metric }) => metric),
    ])
    expect(missed).toEqual(
      runs.map(({ variant, seed }) => [variant, seed, 'pass', refutedBy[variant]]),
    )
  })

  test('a step of the clock takes only the services that have not beaten since', async () => {
    const step = lost.resolve('clockStep', true)
    const pipeline = inferenceOf(step)
    const { spread: _, ...heartbeat } = pipeline.heartbeat
    const left = await observed({ ...step, pipeline: { ...pipeline, heartbeat } }, {})
    // Their beats are spread over the period of 30 s; the sweep comes 15 s after the step.
    expect(range(left.map(([, services]) => services))).toEqual([3, 9])
  })
})
