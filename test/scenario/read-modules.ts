// A program for tests: reads scenario files, and prints what the first variant of each means, or why it is refused.
import { AftershockError } from '../../src/base/errors.ts'
import { readSource } from '../../src/scenario/file.ts'
import { readScenario } from '../../src/scenario/read.ts'

const [what, ...files] = process.argv.slice(2)
const outcomes: Record<string, unknown> = {}
for (const file of files)
  try {
    outcomes[file] = { ok: await read(file) }
  } catch (error) {
    // Anything else is a stack trace for the user.
    if (!(error instanceof AftershockError)) throw error
    outcomes[file] = { refused: error.message.split('\n') }
  }
process.stdout.write(JSON.stringify(outcomes))

async function read(file: string): Promise<unknown> {
  if (what === 'written') return (await readSource(file)).data
  const scenario = await readScenario(file)
  return scenario.resolve(scenario.variants[0] ?? '', what === 'brief')
}
