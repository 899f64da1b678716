// What is recorded of a run, for every bundled scenario's brief: its digest, which holds every event, and its items.

import { WorkerPool } from '../../src/run/pool.ts'
import type { Items } from '../../src/run/result.ts'
import { run } from '../../src/run/scenario.ts'
import { bundled } from '../run/bundled.ts'

const SEEDS = 2
/** As many as continuous integration has cores. */
const THREADS = 2

export interface Recording {
  readonly digest: string | null
  readonly items: Items
}

/** By `scenario/variant/seed`. */
export async function recordings(): Promise<Record<string, Recording>> {
  const all: Record<string, Recording> = {}
  await using executor = new WorkerPool(THREADS)
  for (const scenario of await bundled()) {
    for (const { variant, seed, digest, items } of await run(scenario, {
      brief: true,
      seeds: SEEDS,
      executor,
    }))
      all[`${scenario.name}/${variant}/${seed}`] = { digest, items }
  }
  return all
}
