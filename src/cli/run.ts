// `aftershock run`: reads the files, runs them, reports, and turns verdicts into an exit code.
import { writeFile } from 'node:fs/promises'
import { BadInputError, ExitCode, messageOf, worstExitCode } from '../base/errors.ts'
import { suggestion } from '../base/suggest.ts'
import { readDuration } from '../base/units.ts'
import type { Reporter } from '../reporters/reporter.ts'
import { INTERRUPTED } from '../run/judge.ts'
import type { RunResult, Summary } from '../run/result.ts'
import { run, summaryOf } from '../run/scenario.ts'
import { readScenario, type Scenario } from '../scenario/read.ts'
import { bundled } from './bundled.ts'
import { complain, type Environment } from './program.ts'
import { ProgressLine } from './progress.ts'

interface Flags {
  readonly seed: number
  readonly seeds: number
  readonly variant?: string | readonly string[]
  readonly brief?: boolean
  readonly reporter: string
  readonly summaryExport?: string
  readonly timeout?: string
  readonly bail?: boolean
  readonly quiet?: boolean
  readonly color: boolean
}

interface Destination {
  readonly reporter: Reporter
  /** Undefined: standard output. */
  readonly file: string | undefined
}

export async function runFiles(files: readonly string[], flags: Flags, environment: Environment): Promise<ExitCode> {
  const destinations = await readReporters(flags)
  const limitMs = readTimeout(flags.timeout)
  const scenarios = await readAll(files.length === 0 ? await bundled() : files)
  const plans = scenarios.map((scenario) => ({ scenario, variants: variantsOf(scenario, flags, scenarios) }))
  for (const { scenario, variants } of plans) for (const v of variants) scenario.resolve(v, flags.brief === true)

  const results: RunResult[] = []
  const codes: ExitCode[] = []
  using interrupt = new Interrupt(limitMs)
  const progress = new ProgressLine(flags.quiet === true)
  for (const { scenario, variants } of plans) {
    if (interrupt.signal.aborted || (flags.bail === true && results.some((r) => r.verdict !== 'pass'))) break
    if (variants.length === 0) continue
    try {
      results.push(
        ...(await run(scenario, {
          seed: flags.seed,
          seeds: flags.seeds,
          variants,
          brief: flags.brief === true,
          bail: flags.bail === true,
          signal: interrupt.signal,
          wallMs: () => performance.now(),
          onProgress: (variant, seed, share) => progress.show(scenario.name, variant, seed, share),
        })),
      )
    } catch (error) {
      progress.clear()
      codes.push(complain(error, environment))
    }
  }
  progress.clear()
  const summary = summaryOf(results)
  await report(summary, destinations, flags, environment)
  return worstExitCode([...codes, ...results.map(codeOf)])
}

function codeOf({ verdict, reasons }: RunResult): ExitCode {
  if (reasons.includes(INTERRUPTED)) return ExitCode.interrupted
  return verdict === 'pass' ? ExitCode.pass : verdict === 'fail' ? ExitCode.breached : ExitCode.inconclusive
}

/** Every file is read before any is run, and all that is wrong is said at once. */
async function readAll(files: readonly string[]): Promise<Scenario[]> {
  const read = await Promise.allSettled(files.map((file) => readScenario(file)))
  const wrong = read.flatMap((r) => (r.status === 'rejected' ? [r.reason as unknown] : []))
  const [first] = wrong
  if (wrong.length === 1 || (first !== undefined && !wrong.every((e) => e instanceof BadInputError))) throw first
  if (wrong.length > 1) throw new BadInputError(wrong.map(messageOf).join('\n'))
  return read.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []))
}

/** With several files, a variant has to be in one of them at least. */
function variantsOf(scenario: Scenario, { variant }: Flags, all: readonly Scenario[]): readonly string[] {
  if (variant === undefined) return scenario.variants
  const wanted = (typeof variant === 'string' ? [variant] : variant).flatMap((names) => names.split(','))
  const known = all.flatMap((s) => s.variants)
  const unknown = wanted.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new BadInputError(`no variant '${unknown}'${suggestion(unknown, [...new Set(known)])}`)
  return scenario.variants.filter((name) => wanted.includes(name))
}

async function readReporters({ reporter: list, quiet }: Flags): Promise<Destination[]> {
  if (quiet === true && !list.includes('=')) return []
  const known = Object.values(await import('../reporters/index.ts'))
  return list.split(',').map((entry) => {
    const [kind = '', file] = entry.trim().split('=')
    const reporter = known.find((r) => r.kind === kind)
    if (reporter !== undefined) return { reporter, file }
    throw new BadInputError(`--reporter: unknown reporter '${kind}'${suggestion(kind, known.map((r) => r.kind))}`)
  })
}

function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const read = readDuration(text)
  if ('ok' in read && read.ok > 0) return read.ok
  throw new BadInputError(`--timeout: ${'ok' in read ? 'must be longer than zero' : read.problem}`)
}

async function report(summary: Summary, destinations: readonly Destination[], flags: Flags, environment: Environment): Promise<void> {
  const color = flags.color && environment.NO_COLOR === undefined && process.stdout.isTTY === true
  const options = { color, width: process.stdout.columns ?? 140, command: environment.npm_lifecycle_event === 'start' ? 'npm start --' : 'aftershock' }
  for (const { reporter, file } of destinations) {
    if (file !== undefined) await write(file, reporter.render(summary, { ...options, color: false, width: 140 }))
    else if (flags.quiet !== true && summary.runs.length > 0) process.stdout.write(reporter.render(summary, options))
  }
  if (flags.summaryExport !== undefined) await write(flags.summaryExport, `${JSON.stringify(summary)}\n`)
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    throw new BadInputError(`cannot write ${file}: ${messageOf(error)}`, undefined, error)
  }
}

/** Ctrl-C, SIGTERM or the time limit end a run early; what it measured is still reported. */
class Interrupt implements Disposable {
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout | undefined
  readonly #stop = () => this.#controller.abort()

  constructor(limitMs: number | undefined) {
    process.once('SIGINT', this.#stop)
    process.once('SIGTERM', this.#stop)
    this.#timer = limitMs === undefined ? undefined : setTimeout(this.#stop, limitMs)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#stop)
    process.off('SIGTERM', this.#stop)
    clearTimeout(this.#timer)
  }
}
