// A scenario file as it was typed: where there is none, the bundled one that may have been meant.
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { BadInputError } from '../base/errors.ts'
import { nearest } from '../base/suggest.ts'
import { readScenario, type Scenario } from '../scenario/read.ts'
import { everyScenario } from './bundled.ts'

/** Names alone are no files: `heartbeat-loss` is told its path. */
export async function readScenarioFile(
  file: string,
  wanted?: Parameters<typeof readScenario>[1],
): Promise<Scenario> {
  if (!existsSync(file)) await suggestInstead(file)
  return await readScenario(file, wanted)
}

async function suggestInstead(file: string): Promise<void> {
  const nameOf = (path: string) => basename(path).replace(/\.\w+$/, '')
  const all = await everyScenario()
  const name = nearest(nameOf(file), all.map(nameOf))
  if (name === undefined) return
  const paths = all.filter((path) => nameOf(path) === name).map((path) => `'${path}'`)
  throw new BadInputError(`${file}: no such file; did you mean ${paths.join(' or ')}?`)
}
