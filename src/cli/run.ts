// `aftershock run`: reads the files, runs them, reports, and turns verdicts into an exit code.
import { ExitCode, messageOf, worstExitCode } from '../base/errors.ts'
import { readDuration } from '../base/units.ts'
import { shownOf } from '../reporters/shown.ts'
import type { Look } from '../run/conduct.ts'
import type { Executor } from '../run/executor.ts'
import { INTERRUPTED } from '../run/judge.ts'
import type { RunResult, Summary, Unjudged, Verdict } from '../run/result.ts'
import { run } from '../run/scenario.ts'
import { summaryOf } from '../run/summary.ts'
import { readBaseline } from './baseline.ts'
import { complain, type Environment, usageError } from './complain.ts'
import { destinationsOf, refuseUnwritable } from './destinations.ts'
import { EventFile } from './events.ts'
import { executorsFor } from './executors.ts'
import type { Flags } from './flags.ts'
import { Interrupt } from './interrupt.ts'
import { type Order, ordersOf } from './orders.ts'
import type { Progress } from './progress.ts'
import { readReplay, sayReplayed } from './replay.ts'
import { outDirOf, writeReports } from './reports.ts'
import { commandOf, rerunCommand } from './rerun.ts'
import { unjudgedOf } from './unjudged.ts'

export async function runFiles(
  files: readonly string[],
  given: Flags,
  environment: Environment,
): Promise<ExitCode> {
  const recorded =
    given.replay === undefined ? undefined : await readReplay(given.replay, given, files)
  const flags = inBoth({ ...given, ...recorded?.flags })
  const limitMs = readTimeout(flags.timeout)
  const destinations = await destinationsOf(flags)
  if (flags.events !== undefined) await refuseUnwritable('--events', flags.events)
  const orders = await ordersOf(recorded?.files ?? files, flags)
  const baseline = flags.baseline === undefined ? undefined : await readBaseline(flags, orders)

  await using stack = new AsyncDisposableStack()
  const interrupt = stack.use(new Interrupt(limitMs, environment))
  const events = flags.events === undefined ? undefined : stack.use(new EventFile(flags.events))
  const executors = await executorsFor(flags, orders, events, environment, interrupt.signal)
  for (const executor of executors) stack.defer(() => executor[Symbol.asyncDispose]?.())

  const startedAt = new Date().toISOString()
  const charts = destinations.some(({ reporter }) => reporter.charts === true)
  const { results, codes, unjudged } = await runOrders(orders, flags, environment, {
    executors,
    signal: interrupt.signal,
    course: charts || outDirOf(flags) !== undefined,
  })
  const summary = summaryOf(results, {
    // Where a run is missing, those that passed are not the verdict.
    isWhole: codes.length === 0,
    unjudged,
    ...(baseline === undefined ? {} : { baseline }),
  })
  const command = commandOf(environment)
  const rerun = rerunCommand(
    command,
    orders.map(({ scenario }) => scenario.file),
    flags,
  )
  const told = { command, rerun, startedAt, inconclusive: flags.inconclusive }
  codes.push(...(await writeReports({ summary, destinations, told, baseline }, flags, environment)))
  events?.finish()
  if (flags.checkDeterminism && !flags.quiet && codes.length === 0)
    process.stderr.write(`${results.length} runs, each done twice: the same events\n`)
  if (recorded !== undefined) codes.push(sayReplayed(recorded.runs, results))
  return worstExitCode([...codes, ...exitCodes(summary, flags)])
}

/** What is compared is the brief, in both worlds; a system of the user's own is compared with its model. */
function inBoth(flags: Flags): Flags {
  if (flags.against === undefined) return flags.world === 'both' ? { ...flags, brief: true } : flags
  if (flags.world === 'real')
    throw usageError(
      '--against: it compares the real world with the virtual one; leave --world out',
    )
  return { ...flags, world: 'both', brief: true }
}

interface Means {
  /** One for each world. */
  readonly executors: readonly Executor[]
  readonly signal: AbortSignal
  /** Whether charts are going to be drawn. */
  readonly course: boolean
}

async function runOrders(
  orders: readonly Order[],
  flags: Flags,
  environment: Environment,
  { executors, signal, course }: Means,
) {
  const results: RunResult[] = []
  const codes: ExitCode[] = []
  const unjudged: Unjudged[] = []
  const runs = orders.reduce((sum, { variants }) => sum + variants.length, 0)
  const progress = await progressFor(flags, runs * flags.seeds * executors.length)
  const { seed, seeds, brief, bail, retryInconclusive } = flags
  for (const order of orders) {
    const { scenario, variants } = order
    const missing = (why: string, isError = false) =>
      void unjudged.push(...unjudgedOf(order, results, flags, { why, isError }))
    if (bail && summaryOf(results).variants.some((v) => v.verdict !== 'pass')) {
      missing(BAILED)
      continue
    }
    if (signal.aborted) codes.push(ExitCode.interrupted)
    if (signal.aborted) missing(INTERRUPTED)
    if (signal.aborted) continue
    if (variants.length === 0) {
      process.stderr.write(`aftershock: ${scenario.file} has no such --variant: not run\n`)
      continue
    }
    const before = results.length
    const onProgress = (variant: string, at: number, share: number, look?: Look) =>
      progress?.show(scenario.name, variant, at, share, look)
    const onRun = (result: RunResult) => progress?.ended(result)
    const onVariant = (runs: readonly RunResult[]) => void results.push(...charted(runs))
    const wallMs = () => performance.now()
    const shared = { seed, seeds, variants, brief, bail, signal, onProgress, onVariant, wallMs }
    const options = {
      ...shared,
      course,
      retryInconclusive,
      onRun,
      glimpses: progress?.glimpses ?? false,
    }
    try {
      // The last is the real world's.
      for (const executor of executors)
        await run(executor === executors.at(-1) ? (order.against ?? scenario) : scenario, {
          ...options,
          executor,
        })
      // Interrupted between two runs, none of them tells.
      const all = variants.length * seeds * executors.length
      if (signal.aborted && results.length - before < all) codes.push(ExitCode.interrupted)
      missing(signal.aborted ? INTERRUPTED : BAILED)
    } catch (error) {
      progress?.clear()
      codes.push(complain(error, environment))
      missing(messageOf(error), true)
    }
  }
  progress?.clear()
  return { results, codes, unjudged }
}

/** What keeps the rest from being run. */
const BAILED = 'stopped by --bail'

/** The charts of one run tell for all seeds: those of the one that is shown. */
function charted(runs: readonly RunResult[]): RunResult[] {
  const shown = shownOf(runs)
  return runs.map((run) => {
    if (run === shown) return run
    const { course: _drawn, ...rest } = run
    return rest
  })
}

/** What shows it is not loaded where nothing is to be shown. */
async function progressFor(flags: Flags, total: number): Promise<Progress | undefined> {
  if (flags.quiet) return undefined
  const { progressOf } = await import('./progress.ts')
  return progressOf(flags.world, total)
}

const CODES: Readonly<Record<Verdict, ExitCode>> = {
  pass: ExitCode.pass,
  fail: ExitCode.breached,
  inconclusive: ExitCode.inconclusive,
}

/** The seeds of a variant are judged together; an interruption counts wherever it fell. */
function exitCodes(
  { runs, variants, fidelity = [], regressions = [] }: Summary,
  { inconclusive }: Flags,
): ExitCode[] {
  const isWarned = (verdict: Verdict) => verdict === 'inconclusive' && inconclusive === 'warn'
  const codeOf = (verdict: Verdict) => (isWarned(verdict) ? ExitCode.pass : CODES[verdict])
  const isInterrupted = runs.some((r) => r.reasons.includes(INTERRUPTED))
  return [
    ...(isInterrupted ? [ExitCode.interrupted] : []),
    ...[...variants, ...regressions].map(({ verdict }) => codeOf(verdict)),
    ...fidelity.map(({ agrees }) => (agrees === false ? ExitCode.breached : ExitCode.pass)),
  ]
}

function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const read = readDuration(text)
  if ('ok' in read && read.ok > 0) return read.ok
  throw usageError(
    `--timeout: ${'ok' in read ? `'${text}' is not longer than zero` : read.problem}`,
  )
}
