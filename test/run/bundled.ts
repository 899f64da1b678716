// The bundled scenarios, as tests go through them: read one after the other, since reading watches the whole process.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readScenario, type Scenario } from '../../src/scenario/read.ts'

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url))

/** By the name of their file. */
export async function bundled(): Promise<Scenario[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
  const scenarios: Scenario[] = []
  for (const file of files) scenarios.push(await readScenario(join(folder, file)))
  return scenarios
}
