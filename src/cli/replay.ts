// `run --replay FILE`: runs what a summary holds again, and says whether each run is the same, and where it parts.
import { must } from '../base/assert.ts'
import { BadInputError, ExitCode } from '../base/errors.ts'
import { suggestion } from '../base/suggest.ts'
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

/** Of the variants that are asked for, or of all. Throws where something else is asked for than the summary holds. */
export async function readReplay(
  file: string,
  { world, variant: wanted, seed: from, seeds: count }: Flags,
  files: readonly string[],
): Promise<Replay> {
  if (files.length > 0)
    throw usageError('--replay: the summary says which files are run; name none')
  if (from !== 1 || count !== 1)
    throw usageError('--replay: the summary says which seeds are run; leave --seed, --seeds out')
  if (world !== 'virtual')
    throw usageError('--replay: only the virtual world gives the same run again; leave --world out')
  const summary = await readSummary(file)
  const whole = summary.runs.filter((r) => r.digest !== null)
  if (whole.length === 0) throw new BadInputError(`${file}: holds no run of the virtual world`)
  const held = [...new Set(whole.map((r) => r.variant))]
  const unknown = wanted?.find((name) => !held.includes(name))
  if (unknown !== undefined)
    throw usageError(`--variant: ${file} holds no variant '${unknown}'${suggestion(unknown, held)}`)
  const runs = whole.filter((r) => wanted === undefined || wanted.includes(r.variant))
  const first = must(runs[0], 'a variant that the summary holds')
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
