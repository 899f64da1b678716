// `run --replay FILE`: runs what a summary holds again, and says whether each run is the same, and where it parts.
import { BadInputError, ExitCode } from '../base/errors.ts'
import { formatDuration } from '../base/units.ts'
import { VERSION } from '../base/version.ts'
import type { RunResult } from '../run/result.ts'
import { usageError } from './complain.ts'
import type { Flags } from './flags.ts'
import { readSummary } from './summary-file.ts'

export interface Replay {
  readonly files: readonly string[]
  readonly flags: Pick<Flags, 'seed' | 'seeds' | 'brief'> & Partial<Pick<Flags, 'variant'>>
  readonly runs: readonly RunResult[]
}

export async function readReplay(file: string, { world }: Flags): Promise<Replay> {
  if (world !== 'virtual')
    throw usageError('--replay: only the virtual world gives the same run again; leave --world out')
  const summary = await readSummary(file)
  const runs = summary.runs.filter((r) => r.digest !== null)
  const [first] = runs
  if (first === undefined) throw new BadInputError(`${file}: holds no run of the virtual world`)
  if (summary.version !== VERSION)
    process.stderr.write(
      `aftershock: ${file} was written by version ${summary.version}, this is ${VERSION}: runs may differ\n`,
    )
  const seeds = runs.map((r) => r.seed)
  const seed = Math.min(...seeds)
  return {
    files: [...new Set(runs.map((r) => r.file))],
    flags: {
      seed,
      seeds: Math.max(...seeds) - seed + 1,
      brief: first.brief,
      variant: [...new Set(runs.map((r) => r.variant))],
    },
    runs,
  }
}

/** Writes to standard error, a line for each run that was recorded; the exit code that they mean. */
export function sayReplayed(recorded: readonly RunResult[], now: readonly RunResult[]): ExitCode {
  const lines = recorded.map((was) => {
    const name = `${was.scenario} · ${was.variant} · seed ${was.seed}`
    const is = now.find(
      (r) => r.file === was.file && r.variant === was.variant && r.seed === was.seed,
    )
    if (is === undefined) return { name, said: 'was not run again' }
    if (is.digest === was.digest) return { name, said: undefined }
    return { name, said: `${is.digest} instead of ${was.digest}; ${whereFirst(was, is)}` }
  })
  const differing = lines.flatMap(({ name, said }) =>
    said === undefined ? [] : [`${name}: ${said}`],
  )
  const same = lines.length - differing.length
  process.stderr.write(
    [`replay: ${same} of ${lines.length} runs are the same, event by event`, ...differing, ''].join(
      '\n',
    ),
  )
  return differing.length === 0 ? ExitCode.pass : ExitCode.nondeterminism
}

function whereFirst(was: RunResult, is: RunResult): string {
  const [a, b] = [was.checkpoints, is.checkpoints]
  if (a === undefined || b === undefined) return 'the summary has no digests on the way'
  if (a.everyMs !== b.everyMs) return 'the load does not last as long as it did'
  const part = a.digests.findIndex((digest, i) => digest !== b.digests[i])
  const between = (i: number) =>
    `${formatDuration(i * a.everyMs)} and ${formatDuration((i + 1) * a.everyMs)}`
  if (part >= 0) return `they part between ${between(part)}`
  return `they part after ${formatDuration(a.digests.length * a.everyMs)}`
}
