// `aftershock validate`: reads scenario files and says what is wrong, or likely to prove nothing, without running any.
import { BadInputError, ExitCode } from '../base/errors.ts'

import { complain, type Environment } from './complain.ts'
import { readScenarioFile } from './scenario-file.ts'

export async function validate(
  files: readonly string[],
  environment: Environment,
): Promise<ExitCode> {
  let code: ExitCode = ExitCode.pass
  for (const file of files) {
    try {
      const scenario = await readScenarioFile(file)
      const { variants, hasBrief } = scenario
      const count = `${variants.length} ${variants.length === 1 ? 'variant' : 'variants'}`
      process.stdout.write(`${file}: ok, ${count}${hasBrief ? ', each whole and brief' : ''}\n`)
      for (const warning of scenario.warnings()) process.stderr.write(`${warning}\n`)
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error
      code = complain(error, environment)
    }
  }
  return code
}
