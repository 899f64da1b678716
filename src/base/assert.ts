// The impossible: a failed assertion is always our own bug (exit code 109).
import { AftershockError, ExitCode } from './errors.ts'

export function assert(condition: unknown, what: string): asserts condition {
  if (condition) return
  throw new AftershockError('assertion', `internal error: ${what}`, {
    exitCode: ExitCode.ourBug,
    hint: 'This is a bug of Aftershock, not of your scenario: please report it with the scenario file.',
  })
}

/** For lookups that cannot miss by construction; `what` says why. */
export function must<T>(value: T | undefined | null, what: string): T {
  assert(value !== undefined && value !== null, what)
  return value
}
