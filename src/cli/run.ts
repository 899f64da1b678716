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
import { executorFor } from './executors.ts'
import type { Flags } from './flags.ts'
import { Interrupt } from './interrupt.ts'
import { type Order, ordersOf } from './orders.ts'
import { ProgressLine } from './progress.ts'

export async function runFiles(
  files: readonly string[],
  flags: Flags,
  environment: Environment,
): Promise<ExitCode> {
  const limitMs = readTimeout(flags.timeout)
  const destinations = await destinationsOf(flags)
  if (flags.events !== undefined) await refuseUnwritable('--events', flags.events)
  const orders = await ordersOf(files, flags)

  await using stack = new AsyncDisposableStack()
  const interrupt = stack.use(new Interrupt(limitMs))
  const events = flags.events === undefined ? undefined : stack.use(new EventFile(flags.events))
  const executor = executorFor(flags, orders, events)
  stack.defer(() => executor[Symbol.asyncDispose]?.())

  const { results, codes } = await runOrders(orders, flags, environment, {
    executor,
    signal: interrupt.signal,
  })
  const summary = summaryOf(results)
  await report(summary, destinations, flags, environment)
  events?.finish()
  if (flags.checkDeterminism && !flags.quiet && codes.length === 0)
    process.stderr.write(`${results.length} runs, each done twice: the same events\n`)
  return worstExitCode([...codes, ...exitCodes(summary)])
}

interface Means {
  readonly executor: Executor
  readonly signal: AbortSignal
}

async function runOrders(
  orders: readonly Order[],
  flags: Flags,
  environment: Environment,
  { executor, signal }: Means,
) {
  const results: RunResult[] = []
  const codes: ExitCode[] = []
  const progress = new ProgressLine(flags.quiet)
  const { seed, seeds, brief, bail } = flags
  for (const { scenario, variants } of orders) {
    if (bail && summaryOf(results).variants.some((v) => v.verdict !== 'pass')) break
    if (signal.aborted) codes.push(ExitCode.interrupted)
    if (signal.aborted || variants.length === 0) continue
    const before = results.length
    try {
      await run(scenario, {
        seed,
        seeds,
        variants,
        brief,
        bail,
        signal,
        executor,
        onProgress: (variant, at, share) => progress.show(scenario.name, variant, at, share),
        onVariant: (runs) => results.push(...runs),
        wallMs: () => performance.now(),
      })
      // Interrupted between two runs, none of them tells.
      if (signal.aborted && results.length - before < variants.length * seeds)
        codes.push(ExitCode.interrupted)
    } catch (error) {
      progress.clear()
      codes.push(complain(error, environment))
    }
  }
  progress.clear()
  return { results, codes }
}

const CODES: Readonly<Record<Verdict, ExitCode>> = {
  pass: ExitCode.pass,
  fail: ExitCode.breached,
  inconclusive: ExitCode.inconclusive,
}

/** The seeds of a variant are judged together; an interruption counts wherever it fell. */
function exitCodes({ runs, variants }: Summary): ExitCode[] {
  const isInterrupted = runs.some((r) => r.reasons.includes(INTERRUPTED))
  return [
    ...(isInterrupted ? [ExitCode.interrupted] : []),
    ...variants.map((v) => CODES[v.verdict]),
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
