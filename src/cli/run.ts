// `aftershock run`: reads the files, runs them, reports, and turns verdicts into an exit code.
import { BadInputError, ExitCode, worstExitCode } from '../base/errors.ts'
import { suggestion } from '../base/suggest.ts'
import { readDuration } from '../base/units.ts'
import { INTERRUPTED } from '../run/judge.ts'
import type { RunResult } from '../run/result.ts'
import { run, summaryOf } from '../run/scenario.ts'
import { readScenario, type Scenario } from '../scenario/read.ts'
import { bundled } from './bundled.ts'
import { complain, type Environment, usageError } from './complain.ts'
import { destinationsOf, report } from './destinations.ts'
import type { Flags } from './flags.ts'
import { Interrupt } from './interrupt.ts'
import type { ProgressLine } from './progress.ts'

interface Order {
  readonly scenario: Scenario
  readonly variants: readonly string[]
}

export async function runFiles(
  files: readonly string[],
  flags: Flags,
  environment: Environment,
): Promise<ExitCode> {
  const limitMs = readTimeout(flags.timeout)
  const destinations = await destinationsOf(flags)
  const scenarios = await readAll(files.length === 0 ? await bundled() : files, flags)
  const orders = scenarios.map((scenario) => ({
    scenario,
    variants: variantsOf(scenario, flags, scenarios),
  }))
  for (const { scenario, variants } of orders)
    for (const v of variants) scenario.resolve(v, flags.brief)

  using interrupt = new Interrupt(limitMs)
  const { results, codes } = await runOrders(orders, flags, environment, interrupt.signal)
  await report(summaryOf(results), destinations, flags, environment)
  return worstExitCode([...codes, ...results.map(codeOf)])
}

async function runOrders(
  orders: readonly Order[],
  flags: Flags,
  environment: Environment,
  signal: AbortSignal,
) {
  const results: RunResult[] = []
  const codes: ExitCode[] = []
  const progress = await progressLine(flags)
  const { seed, seeds, brief, bail } = flags
  for (const { scenario, variants } of orders) {
    if (bail && results.some((r) => r.verdict !== 'pass')) break
    if (signal.aborted) codes.push(ExitCode.interrupted)
    if (signal.aborted || variants.length === 0) continue
    const onProgress = (variant: string, at: number, share: number) =>
      progress?.show(scenario.name, variant, at, share)
    try {
      const found = await run(scenario, {
        seed,
        seeds,
        variants,
        brief,
        bail,
        signal,
        onProgress,
        wallMs: () => performance.now(),
      })
      results.push(...found)
      // Interrupted between two runs, none of them tells.
      if (signal.aborted && found.length < variants.length * seeds) codes.push(ExitCode.interrupted)
    } catch (error) {
      progress?.clear()
      codes.push(complain(error, environment))
    }
  }
  progress?.clear()
  return { results, codes }
}

/** Only a terminal has one: what draws it is costly to load. */
async function progressLine({ quiet }: Flags): Promise<ProgressLine | undefined> {
  if (quiet || process.stderr.isTTY !== true) return undefined
  const { ProgressLine } = await import('./progress.ts')
  return new ProgressLine()
}

function codeOf({ verdict, reasons }: RunResult): ExitCode {
  if (reasons.includes(INTERRUPTED)) return ExitCode.interrupted
  return verdict === 'pass'
    ? ExitCode.pass
    : verdict === 'fail'
      ? ExitCode.breached
      : ExitCode.inconclusive
}

/** Every file is read before any is run, and all that is wrong is said at once. */
async function readAll(
  files: readonly string[],
  { variant: variants, brief }: Flags,
): Promise<Scenario[]> {
  const wanted = variants === undefined ? undefined : { variants, brief }
  const scenarios: Scenario[] = []
  const wrong: string[] = []
  for (const file of files)
    try {
      scenarios.push(await readScenario(file, wanted))
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error
      wrong.push(error.message)
    }
  if (wrong.length > 0) throw new BadInputError(wrong.join('\n'))
  return scenarios
}

/** With several files, a variant has to be in one of them at least. */
function variantsOf(
  scenario: Scenario,
  { variant: wanted }: Flags,
  all: readonly Scenario[],
): readonly string[] {
  if (wanted === undefined) return scenario.variants
  const known = [...new Set(all.flatMap((s) => s.variants))]
  const unknown = wanted.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw usageError(`--variant: no variant '${unknown}'${suggestion(unknown, known)}`)
  return scenario.variants.filter((name) => wanted.includes(name))
}

function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const read = readDuration(text)
  if ('ok' in read && read.ok > 0) return read.ok
  throw usageError(
    `--timeout: ${'ok' in read ? `'${text}' is not longer than zero` : read.problem}`,
  )
}
