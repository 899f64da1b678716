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

/** In a word or two, and in a sentence. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, readonly [short: string, long: string]>> = {
  0: ['as expected', 'Everything ended as the scenario expects.'],
  99: [
    'breached',
    'A threshold was breached, a fingerprint missed, an alert wrong, items left pending, an incident did not reproduce, or a figure is worse than the baseline.',
  ],
  104: [
    'bad scenario or usage',
    'A scenario or a command line that cannot mean anything: nothing was started.',
  ],
  105: ['interrupted', 'Ctrl-C, a signal or `--timeout`: what was measured is reported.'],
  107: ['your code threw', "A pipeline, a mock or a scenario's module threw while running."],
  109: ['our bug', 'A bug of Aftershock: please report it.'],
  110: [
    'environment',
    'Something that was needed could not start, or a report could not be written.',
  ],
  111: [
    'inconclusive',
    'Nothing was measured or asserted, a fault touched nothing, or the seeds do not decide: never green. `--inconclusive warn` makes it 0.',
  ],
  112: ['nondeterminism', 'The same seed gave another run.'],
}

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
