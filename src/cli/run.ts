// `aftershock run`: reads the files, runs them, reports, and turns verdicts into an exit code.
import { ExitCode, worstExitCode } from '../base/errors.ts'
import { readDuration } from '../base/units.ts'
import type { Executor } from '../run/executor.ts'
import { INTERRUPTED } from '../run/judge.ts'
import type { RunResult, Summary, Verdict } from '../run/result.ts'
import { run } from '../run/scenario.ts'
import { summaryOf } from '../run/summary.ts'
import { complain, type Environment, usageError } from './complain.ts'
import { destinationsOf, refuseUnwritable, report } from './destinations.ts'
import { EventFile } from './events.ts'
import { executorsFor } from './executors.ts'
import type { Flags } from './flags.ts'
import { Interrupt } from './interrupt.ts'
import { type Order, ordersOf } from './orders.ts'
import type { ProgressLine } from './progress.ts'

export async function runFiles(
  files: readonly string[],
  given: Flags,
  environment: Environment,
): Promise<ExitCode> {
  // The two worlds are compared on what both can do in a reasonable time.
  const flags = given.world === 'both' ? { ...given, brief: true } : given
  const limitMs = readTimeout(flags.timeout)
  const destinations = await destinationsOf(flags)
  if (flags.events !== undefined) await refuseUnwritable('--events', flags.events)
  const orders = await ordersOf(files, flags)

  await using stack = new AsyncDisposableStack()
  const interrupt = stack.use(new Interrupt(limitMs))
  const events = flags.events === undefined ? undefined : stack.use(new EventFile(flags.events))
  const executors = await executorsFor(flags, orders, events, environment, interrupt.signal)
  for (const executor of executors) stack.defer(() => executor[Symbol.asyncDispose]?.())

  const { results, codes } = await runOrders(orders, flags, environment, {
    executors,
    signal: interrupt.signal,
  })
  // Where a run is missing, those that passed are not the verdict.
  const summary = summaryOf(results, codes.length === 0)
  codes.push(...(await report(summary, destinations, flags, environment)))
  events?.finish()
  if (flags.checkDeterminism && !flags.quiet && codes.length === 0)
    process.stderr.write(`${results.length} runs, each done twice: the same events\n`)
  return worstExitCode([...codes, ...exitCodes(summary)])
}

interface Means {
  /** One for each world. */
  readonly executors: readonly Executor[]
  readonly signal: AbortSignal
}

async function runOrders(
  orders: readonly Order[],
  flags: Flags,
  environment: Environment,
  { executors, signal }: Means,
) {
  const results: RunResult[] = []
  const codes: ExitCode[] = []
  const progress = await progressLine(flags)
  const { seed, seeds, brief, bail } = flags
  for (const { scenario, variants } of orders) {
    if (bail && summaryOf(results).variants.some((v) => v.verdict !== 'pass')) break
    if (signal.aborted) codes.push(ExitCode.interrupted)
    if (signal.aborted) continue
    if (variants.length === 0) {
      process.stderr.write(`aftershock: ${scenario.file} has no such --variant: not run\n`)
      continue
    }
    const before = results.length
    const onProgress = (variant: string, at: number, share: number) =>
      progress?.show(scenario.name, variant, at, share)
    const onVariant = (runs: readonly RunResult[]) => void results.push(...runs)
    const wallMs = () => performance.now()
    const shared = { seed, seeds, variants, brief, bail, signal, onProgress, onVariant, wallMs }
    try {
      for (const executor of executors) await run(scenario, { ...shared, executor })
      // Interrupted between two runs, none of them tells.
      const all = variants.length * seeds * executors.length
      if (signal.aborted && results.length - before < all) codes.push(ExitCode.interrupted)
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

const CODES: Readonly<Record<Verdict, ExitCode>> = {
  pass: ExitCode.pass,
  fail: ExitCode.breached,
  inconclusive: ExitCode.inconclusive,
}

/** The seeds of a variant are judged together; an interruption counts wherever it fell. */
function exitCodes({ runs, variants, fidelity = [] }: Summary): ExitCode[] {
  const isInterrupted = runs.some((r) => r.reasons.includes(INTERRUPTED))
  return [
    ...(isInterrupted ? [ExitCode.interrupted] : []),
    ...variants.map((v) => CODES[v.verdict]),
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
