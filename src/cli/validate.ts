// `aftershock validate`: reads scenario files and says what is wrong, without running anything.
import { BadInputError, ExitCode } from '../base/errors.ts'
import { readScenario } from '../scenario/read.ts'

export async function validate(files: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = ExitCode.pass
  for (const file of files) {
    try {
      const scenario = await readScenario(file)
      process.stdout.write(`${file}: ok, ${scenario.variants.length} ${scenario.variants.length === 1 ? 'variant' : 'variants'}\n`)
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error
      process.stderr.write(`${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`)
      code = ExitCode.badScenario
    }
  }
  return code
}
