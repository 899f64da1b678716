// `aftershock validate`: reads scenario files and says what is wrong, without running anything.
import { BadInputError, ExitCode } from '../base/errors.ts'
import { readScenario } from '../scenario/read.ts'
import { complain, type Environment } from './complain.ts'

export async function validate(
  files: readonly string[],
  environment: Environment,
): Promise<ExitCode> {
  let code: ExitCode = ExitCode.pass
  for (const file of files) {
    try {
      const { variants, hasBrief } = await readScenario(file)
      const count = `${variants.length} ${variants.length === 1 ? 'variant' : 'variants'}`
      process.stdout.write(`${file}: ok, ${count}${hasBrief ? ', each whole and brief' : ''}\n`)
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error
      code = complain(error, environment)
    }
  }
  return code
}
