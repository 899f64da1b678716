// Where reports go: which reporter writes to standard output or to which file, checked before anything runs.
import { access, constants, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AftershockError, ExitCode, messageOf } from '../base/errors.ts'
import { suggestion } from '../base/suggest.ts'
import type { RenderOptions, Reporter } from '../reporters/reporter.ts'
import { INTERRUPTED } from '../run/judge.ts'
import type { Summary } from '../run/result.ts'
import { withoutCourses } from '../run/summary.ts'
import { isOwnKind } from '../scenario/own-kinds.ts'
import { complain, type Environment, usageError } from './complain.ts'
import type { Flags } from './flags.ts'

export interface Destination {
  readonly reporter: Reporter
  /** Undefined: standard output. */
  readonly file: string | undefined
}

const PLAIN_WIDTH = 140
const EXPORT: Reporter = {
  kind: 'summary-export',
  help: 'the summary in one line',
  render: (summary) => `${JSON.stringify(withoutCourses(summary))}\n`,
}

/** Throws a usage error for a reporter that is not there, or a file that could not be written. */
export async function destinationsOf({
  reporter: list,
  summaryExport,
}: Flags): Promise<Destination[]> {
  const known = Object.values(await import('../reporters/index.ts'))
  const reporters: Destination[] = []
  for (const entry of list.split(',')) {
    const [, kind = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(entry.trim()) ?? []
    const reporter = isOwnKind(kind)
      ? await (await import('./own-reporter.ts')).ownReporter(kind)
      : known.find((r) => r.kind === kind)
    if (reporter === undefined)
      throw usageError(
        `--reporter: unknown reporter '${kind}'${suggestion(
          kind,
          known.map((r) => r.kind),
        )}`,
      )
    if (file === '') throw usageError(`--reporter: ${kind}= names no file`)
    reporters.push({ reporter, file })
  }
  for (const { file } of reporters)
    if (file !== undefined) await refuseUnwritable('--reporter', file)
  if (summaryExport === undefined) return reporters
  await refuseUnwritable('--summary-export', summaryExport)
  return [...reporters, { reporter: EXPORT, file: summaryExport }]
}

/** Throws a usage error that names the flag. */
export async function refuseUnwritable(flag: string, file: string): Promise<void> {
  const refuse = (why: string) => usageError(`${flag}: cannot write '${file}': ${why}`)
  if (file === '') throw usageError(`${flag}: an empty text names no file`)
  const found = await stat(file).catch(() => undefined)
  if (found?.isDirectory() === true) throw refuse('it is a directory')
  const folder = await stat(dirname(file)).catch(() => undefined)
  if (folder === undefined) throw refuse(`there is no directory ${dirname(file)}`)
  if (!folder.isDirectory()) throw refuse(`${dirname(file)} is no directory`)
  await access(found === undefined ? dirname(file) : file, constants.W_OK).catch(() => {
    throw refuse('this user may not')
  })
}

/** Whether standard output takes no colours. */
export function isPlain({ color }: Pick<Flags, 'color'>, { NO_COLOR = '' }: Environment): boolean {
  return !color || NO_COLOR !== '' || process.stdout.isTTY !== true
}

export type Told = Omit<RenderOptions, 'color' | 'width'>

/** The exit codes of what could not be written: one that fails keeps no other from its report. */
export async function report(
  summary: Summary,
  destinations: readonly Destination[],
  told: Told,
  flags: Flags,
  environment: Environment,
): Promise<ExitCode[]> {
  const options = { ...told, color: false, width: PLAIN_WIDTH }
  const onTerminal = {
    ...told,
    color: !isPlain(flags, environment),
    width: process.stdout.columns ?? PLAIN_WIDTH,
  }
  const codes: ExitCode[] = []
  for (const { reporter, file } of destinations) {
    if (file !== undefined)
      await Promise.resolve(reporter.render(summary, options))
        .then((text) => write(file, text))
        .catch((error: unknown) => codes.push(complain(error, environment)))
    else if (!flags.quiet && !isEmpty(summary))
      await Promise.resolve(reporter.render(summary, onTerminal))
        .then((text) => void process.stdout.write(text))
        .catch((error: unknown) => codes.push(complain(error, environment)))
  }
  return codes
}

/** Nothing ran, and why has been said. */
function isEmpty({ runs, unjudged = [] }: Summary): boolean {
  return runs.length === 0 && unjudged.every(({ why }) => why !== INTERRUPTED)
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => {
    throw unwritable(`cannot write '${file}'`, error)
  })
}

export function unwritable(what: string, error: unknown): AftershockError {
  return new AftershockError('environment', `${what}: ${messageOf(error)}`, {
    exitCode: ExitCode.environment,
    cause: error,
  })
}
