// The one error base: what went wrong, what to do about it, and which exit code it means.

/** Exit codes of the command line. Of several runs the worst wins, in the order of `WORST_FIRST`. */
export const ExitCode = {
  pass: 0,
  breached: 99,
  badScenario: 104,
  interrupted: 105,
  userCode: 107,
  ourBug: 109,
  environment: 110,
  inconclusive: 111,
  nondeterminism: 112,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

export const WORST_FIRST: readonly ExitCode[] = [109, 112, 105, 110, 107, 99, 111, 104, 0]

export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? ExitCode.pass
}

export interface ErrorDetails {
  readonly exitCode: ExitCode
  /** What the reader can do about it, one sentence. */
  readonly hint?: string
  readonly cause?: unknown
}

/** Trouble that the reader can act on. Its message is printed as it is, never with a stack. */
export class AftershockError extends Error {
  readonly code: string
  readonly exitCode: ExitCode
  readonly hint: string | undefined

  constructor(code: string, message: string, details: ErrorDetails) {
    super(message, { cause: details.cause })
    this.name = 'AftershockError'
    this.code = code
    this.exitCode = details.exitCode
    this.hint = details.hint
  }
}

/** A scenario or a command line that cannot mean anything (exit code 104). */
export class BadInputError extends AftershockError {
  constructor(message: string, hint?: string, cause?: unknown) {
    super('bad-input', message, {
      exitCode: ExitCode.badScenario,
      ...(hint === undefined ? {} : { hint }),
      cause,
    })
  }
}

/** Code of a pipeline, mock or plug-in threw while a run was going on (exit code 107). */
export class UserCodeError extends AftershockError {
  constructor(where: string, cause: unknown) {
    super('user-code', `${where} threw: ${messageOf(cause)}`, {
      exitCode: ExitCode.userCode,
      hint: firstFrame(cause) ?? 'Expected failures of a call are CallErrors: catch those.',
      cause,
    })
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** `file:line:col` of the first stack frame outside Node itself, or undefined. */
export function firstFrame(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined
  for (const line of error.stack.split('\n').slice(1)) {
    const at = /\(?((?:file:\/\/)?\/[^()]+:\d+:\d+)\)?$/.exec(line)?.[1]
    if (at !== undefined && !at.includes('node:')) return `first thrown at ${at}`
  }
  return undefined
}
