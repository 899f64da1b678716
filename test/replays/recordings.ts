// What is recorded of a run, for every bundled scenario's brief: its digest, which holds every event, and its items.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Items } from '../../src/run/result.ts'
import { run } from '../../src/run/scenario.ts'
import { readScenario } from '../../src/scenario/read.ts'

const SEEDS = 2
const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url))

export interface Recording {
  readonly digest: string | null
  readonly items: Items
}

/** By `scenario/variant/seed`. */
export async function recordings(): Promise<Record<string, Recording>> {
  const all: Record<string, Recording> = {}
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  for (const file of files.sort()) {
    const scenario = await readScenario(join(folder, file))
    for (const { variant, seed, digest, items } of await run(scenario, {
      brief: true,
      seeds: SEEDS,
    }))
      all[`${scenario.name}/${variant}/${seed}`] = { digest, items }
  }
  return all
}
