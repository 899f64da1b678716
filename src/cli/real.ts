// What the command line brings to the real world: its speed, its parts, and what it refuses before they start.
import { BadInputError } from '../base/errors.ts'
import { exposureOf } from '../run/exposing.ts'
import { planOf } from '../run/plan.ts'
import { RealExecutor } from '../run/real-executor.ts'
import { refuseFasterAnswers, refuseImpossible } from '../run/real-refusals.ts'
import { readProvider } from '../worlds/real/parts.ts'
import { type Environment, usageError } from './complain.ts'
import { exposingOf } from './exposing.ts'
import type { Flags } from './flags.ts'
import { tellKept } from './kept.ts'
import type { Order } from './orders.ts'
import { saying, startStore } from './store-up.ts'

export function realExecutor(
  flags: Flags,
  orders: readonly Order[],
  environment: Environment,
  signal: AbortSignal,
): RealExecutor {
  if (flags.checkDeterminism)
    throw usageError('--check-determinism: the real world is not deterministic; leave --world out')
  if (flags.events !== undefined && flags.world === 'both')
    throw usageError('--events: with --world both, two histories would come mixed; run one world')
  const { provider } = readProvider('--objects', flags.objects)
  if (flags.keep && provider === 'embedded')
    throw usageError(
      '--keep: the embedded object store ends with this process; take another --objects',
    )
  for (const part of ['redis', 'database'] as const)
    if (readProvider(`--${part}`, flags[part]).provider === 'embedded')
      throw usageError(`--${part}: there is no embedded one; take auto, container, binary or url`)
  refuseAll(orders, flags, environment)
  return new RealExecutor({
    speed: flags.speed,
    exposing: exposingOf(flags),
    startStore: () => startStore(flags, environment, signal),
    ...(flags.keep ? { onKept: tellKept } : {}),
    say: saying(flags),
  })
}

function refuseAll(orders: readonly Order[], flags: Flags, environment: Environment): void {
  const wrong: string[] = []
  for (const { scenario, variants } of orders)
    for (const variant of variants)
      try {
        const resolved = scenario.resolve(variant, flags.brief)
        refuseImpossible(scenario.file, resolved, flags.speed, environment)
        refuseFasterAnswers(scenario.file, resolved, flags.speed)
        exposureOf(planOf(resolved), exposingOf(flags))
      } catch (error) {
        if (!(error instanceof BadInputError)) throw error
        if (!wrong.includes(error.message)) wrong.push(error.message)
      }
  if (wrong.length > 0) throw new BadInputError(wrong.join('\n'))
}
