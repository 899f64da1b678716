// After the runs: every report to its place, secrets taken out of all of them.
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExitCode } from '../base/errors.ts'
import { redacted } from '../base/redact.ts'
import type { RunResult, Summary } from '../run/result.ts'
import { summaryOf } from '../run/summary.ts'
import { complain, type Environment } from './complain.ts'
import { type Destination, report, type Told, unwritable } from './destinations.ts'
import type { Flags } from './flags.ts'
import { copyOutputs } from './output-files.ts'
import { rerunCommand } from './rerun.ts'
import { openRunDirectory, PAGE } from './run-directory.ts'

const DEFAULT_FOLDER = 'reports'

/** Where run directories go; undefined: nowhere. */
export function outDirOf({ outDir, quiet }: Flags): string | undefined {
  if (outDir === false) return undefined
  return outDir ?? (quiet ? undefined : DEFAULT_FOLDER)
}

export interface Reported {
  readonly summary: Summary
  readonly destinations: readonly Destination[]
  readonly told: Told & { readonly startedAt: string }
  readonly baseline: readonly RunResult[] | undefined
}

/** The exit codes of what could not be written. */
export async function writeReports(
  { summary, destinations, told, baseline }: Reported,
  flags: Flags,
  environment: Environment,
): Promise<ExitCode[]> {
  const safe = redacted(summary)
  const codes: ExitCode[] = []
  const reports: string[] = []
  const outDir = outDirOf(flags)
  if (outDir !== undefined)
    for (const [scenario, part] of byScenario(safe, baseline))
      try {
        const { folder, destinations: files } = await openRunDirectory(
          outDir,
          scenario,
          told.startedAt,
        )
        await copyOutputs(part.runs, folder)
        codes.push(...(await report(part, files, alone(part, told, flags), flags, environment)))
        reports.push(join(folder, PAGE))
      } catch (error) {
        const code = complain(error, environment)
        // A folder that nobody named may be one that nobody may write to.
        if (flags.outDir !== undefined) codes.push(code)
      }
  codes.push(...(await report(safe, destinations, { ...told, reports }, flags, environment)))
  codes.push(...(await forTheHost(safe, told, flags, environment)))
  return codes
}

/** GitHub shows what is appended to one file below a job, and reads commands from standard output. */
async function forTheHost(
  summary: Summary,
  told: Told,
  flags: Flags,
  environment: Environment,
): Promise<ExitCode[]> {
  const { GITHUB_STEP_SUMMARY: file = '', GITHUB_ACTIONS } = environment
  const isAsked = GITHUB_ACTIONS === 'true' && !flags.quiet
  if (file === '' && !isAsked) return []
  const { annotations, markdown } = await import('../reporters/index.ts')
  const options = { ...told, color: false, width: 0 }
  if (isAsked) process.stdout.write(await annotations.render(summary, options))
  if (file === '') return []
  const text = await markdown.render(summary, options)
  return appendFile(file, text).then(
    () => [],
    (error: unknown) => [
      complain(unwritable(`GITHUB_STEP_SUMMARY: cannot write '${file}'`, error), environment),
    ],
  )
}

/** In its own folder a scenario is run again by itself. */
function alone({ runs, unjudged = [] }: Summary, told: Reported['told'], flags: Flags) {
  const files = new Set([...runs, ...unjudged].map(({ file }) => file))
  return { ...told, rerun: rerunCommand(told.command, [...files], flags) }
}

/** Each scenario's part of a summary, as if it had been run alone. */
function byScenario(
  { runs, unjudged = [] }: Summary,
  baseline: readonly RunResult[] | undefined,
): Map<string, Summary> {
  const names = [...new Set([...runs, ...unjudged].map(({ scenario }) => scenario))]
  return new Map(
    names.map((name) => {
      const of = <T extends { scenario: string }>(all: readonly T[]) =>
        all.filter(({ scenario }) => scenario === name)
      const missing = of(unjudged)
      return [
        name,
        summaryOf(of(runs), {
          isWhole: missing.length === 0,
          unjudged: missing,
          ...(baseline === undefined ? {} : { baseline }),
        }),
      ]
    }),
  )
}
