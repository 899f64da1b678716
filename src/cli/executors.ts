// Who carries out the runs of a command: this thread, or worker threads over all cores when there is work for them.
import { availableParallelism } from 'node:os'
import { type Executor, inThisThread } from '../run/executor.ts'
import { WorkerPool } from '../run/pool.ts'
import { refuseElsewhere } from '../run/real-refusals.ts'
import { loadOf } from '../scenario/schema.ts'
import { type Environment, usageError } from './complain.ts'
import { DeterminismCheck } from './determinism.ts'
import { type EventFile, watched } from './events.ts'
import type { Flags } from './flags.ts'
import { inRealWorld, type Order } from './orders.ts'

/** Fewer items than these are through before a thread has started and warmed up. */
const WORTH_A_THREAD = 50_000

type Disposed = Executor & Partial<AsyncDisposable>

/** One for each world asked for, to be disposed of when the runs are done. */
export async function executorsFor(
  flags: Flags,
  orders: readonly Order[],
  events: EventFile | undefined,
  environment: Environment,
  signal: AbortSignal,
): Promise<Disposed[]> {
  const isVirtual = flags.world !== 'real'
  if (flags.keep && flags.world === 'virtual')
    throw usageError('--keep: the virtual world has nothing to leave up; add --world real')
  if (isVirtual) for (const order of orders) refuseVirtual(flags, order)
  if (flags.world === 'virtual') return [virtualExecutor(flags, orders, events)]
  const { realExecutor } = await import('./real.ts')
  const real = watchedIf(events, realExecutor(flags, inRealWorld(orders), environment, signal))
  return isVirtual ? [virtualExecutor(flags, orders, events), real] : [real]
}

function refuseVirtual({ brief }: Flags, { scenario, variants }: Order): void {
  for (const variant of variants) refuseElsewhere(scenario.file, scenario.resolve(variant, brief))
}

/** The events of both worlds would come mixed: with `--world both` they are refused. */
function watchedIf(events: EventFile | undefined, executor: Disposed): Disposed {
  return events === undefined ? executor : watched(events, executor)
}

function virtualExecutor(
  flags: Flags,
  orders: readonly Order[],
  events: EventFile | undefined,
): Disposed {
  if (flags.checkDeterminism) return new DeterminismCheck(events)
  // The events of runs in several threads would come mixed.
  if (events !== undefined) return watched(events)
  const width = Math.min(
    flags.workers ?? availableParallelism(),
    orders.reduce((sum, { variants }) => sum + variants.length * flags.seeds, 0),
    flags.workers ?? Math.floor(items(flags, orders) / WORTH_A_THREAD),
  )
  return width < 2 ? inThisThread : new WorkerPool(width)
}

/** Items to be offered in all; where only a run can tell, more than enough. */
function items({ brief, seeds }: Flags, orders: readonly Order[]): number {
  return orders.reduce((sum, { scenario, variants }) => {
    const expected = variants.map((variant) => {
      const resolved = scenario.resolve(variant, brief)
      const items = loadOf(resolved).expected(resolved.load)
      return Number.isNaN(items) ? WORTH_A_THREAD : items
    })
    return sum + seeds * expected.reduce((total, n) => total + n, 0)
  }, 0)
}
