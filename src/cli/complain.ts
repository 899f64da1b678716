// Says what went wrong: one message, never a stack, unless the trouble is our own and somebody asks for it.

import { AftershockError, BadInputError, ExitCode, UserCodeError } from '../base/errors.ts'
import { redact } from '../base/redact.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the loader appends to the URL of a scenario's module, and so to its stack frames. */
const OF_A_SCENARIO = '?aftershock='

/** A command line that cannot mean anything. */
export function usageError(message: string): AftershockError {
  return new AftershockError('usage', message, { exitCode: ExitCode.badScenario })
}

/** Writes to standard error; the exit code that the trouble means. */
export function complain(thrown: unknown, environment: Environment): ExitCode {
  const error = isOfAScenario(thrown) ? new UserCodeError("the scenario's module", thrown) : thrown
  if (!(error instanceof AftershockError)) return complainOfUs(error, environment)
  // A message about bad input begins with its place, which terminals and editors make a link.
  const prefix = error instanceof BadInputError ? '' : 'aftershock: '
  process.stderr.write(
    redact(
      `${prefix}${error.message}\n${error.hint === undefined ? '' : `  ${withoutMark(error.hint)}\n`}`,
    ),
  )
  return error.exitCode
}

function complainOfUs(error: unknown, environment: Environment): ExitCode {
  const [message, stack] =
    error instanceof Error ? [error.message, error.stack ?? ''] : [String(error), '']
  const isAsked = environment.AFTERSHOCK_DEBUG !== undefined
  process.stderr.write(redact(`aftershock: internal error: ${message}\n`))
  process.stderr.write(
    isAsked ? `${stack}\n` : '  Please report it; AFTERSHOCK_DEBUG=1 shows where it happened.\n',
  )
  return ExitCode.ourBug
}

/** `file:///a/b.ts?aftershock=12:3:4` is `/a/b.ts:3:4` to its writer. */
function withoutMark(text: string): string {
  return text.replaceAll(/(?:file:\/\/)?(\/\S+?)\?aftershock=\d+/g, '$1')
}

function isOfAScenario(error: unknown): boolean {
  return (
    error instanceof Error &&
    !(error instanceof AftershockError) &&
    error.stack?.includes(OF_A_SCENARIO) === true
  )
}
