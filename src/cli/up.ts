// `aftershock up`: a scenario's parts, mocks and interposers alone, for a system of the user's own, until Ctrl-C.
import { ExitCode } from '../base/errors.ts'
import { suggestion } from '../base/suggest.ts'
import { formatDuration } from '../base/units.ts'
import type { Observer } from '../metrics/history.ts'
import { type Paint, painter } from '../reporters/text.ts'
import { type Plan, planOf } from '../run/plan.ts'
import { refuseImpossible } from '../run/real-refusals.ts'
import { type Standing, standUp } from '../run/standing.ts'
import type { FaultReport } from '../run/timeline.ts'
import { openBucket } from '../worlds/real/bucket.ts'
import { readProvider } from '../worlds/real/parts.ts'
import { checkTarget } from '../worlds/real/targets.ts'
import { complain, type Environment, usageError } from './complain.ts'
import { isPlain } from './destinations.ts'
import type { Flags } from './flags.ts'
import { Interrupt } from './interrupt.ts'
import { ordersOf } from './orders.ts'
import { startStore } from './store-up.ts'
import { standingLines } from './up-lines.ts'

export interface UpFlags extends Flags {
  /** `name=URL`: where the system's own hosts listen. */
  readonly host?: readonly string[]
}

export async function up(
  file: string,
  given: UpFlags,
  environment: Environment,
): Promise<ExitCode> {
  const [order] = await ordersOf([file], given)
  const [variant = ''] = order?.variants ?? []
  if (order === undefined) return ExitCode.badScenario
  const scenario = order.scenario.resolve(variant, given.brief)
  const plan = planOf(scenario)
  if (given.faults) refuseImpossible(file, scenario, given.speed)
  readProvider('--objects', given.objects)
  const hosts = await hostsOf(given, plan)
  const paint = painter(!isPlain(given, environment))

  await using stack = new AsyncDisposableStack()
  const { signal } = stack.use(new Interrupt(undefined))
  const store = stack.use(await startStore(given, environment, signal))
  const bucket = await openBucket(store)
  stack.defer(async () => void (await bucket.remove([signal], store.isOurs ? 0 : CLEAR_WITHIN_MS)))
  const over = Promise.withResolvers<void>()
  const onTrouble = (error: unknown) => over.reject(error)
  const { seed, speed, faults } = given
  const standing = stack.use(
    await standUp({
      scenario,
      seed,
      speed,
      store: bucket.access,
      parts: {},
      hosts,
      ...(faults ? { onFault: faultTeller(paint) } : {}),
      onTrouble,
    }),
  )
  void store.exited.then((error) => error !== undefined && over.reject(error))
  signal.addEventListener('abort', () => over.resolve())
  if (signal.aborted) over.resolve()
  const about = { name: order.scenario.name, variant, speed, plan, hosts, faults }
  const lines = standingLines({
    ...about,
    links: standing.links,
    store,
    bucket: bucket.access,
    paint,
  })
  process.stdout.write(`${lines.join('\n')}\n`)
  standing.begin()
  try {
    await over.promise
  } catch (error) {
    return complain(error, environment)
  }
  if (faults) await tellFaults(standing, plan, paint)
  return ExitCode.pass
}

const CLEAR_WITHIN_MS = 2_000

/** Names as they stand in the scenario; what listens there is on this machine, unless another is allowed. */
async function hostsOf(
  { host = [], allowTarget = [] }: UpFlags,
  { hosts }: Plan,
): Promise<ReadonlyMap<string, string>> {
  const own = hosts.filter(({ isUpstream }) => isUpstream !== true).map(({ name }) => name)
  const found = new Map<string, string>()
  for (const text of host) {
    const [, name = '', url = ''] = /^([^=]+)=(https?:\/\/.+)$/.exec(text) ?? []
    if (name === '')
      throw usageError(`--host: '${text}' is no name=URL, such as ${own[0]}=http://127.0.0.1:5066`)
    if (!own.includes(name))
      throw usageError(`--host: the system has no host '${name}'${suggestion(name, own)}`)
    await checkTarget(url, allowTarget, [])
    found.set(name, new URL(url).origin)
  }
  return found
}

/** `3m20s  inject  heartbeat.loss: …` */
function faultTeller(paint: Paint): Observer {
  return (event) => {
    if (event.event !== 'inject' && event.event !== 'heal') return
    const style = event.event === 'inject' ? 'red' : 'green'
    const at = formatDuration(event.atMs).padStart(8)
    process.stdout.write(`${at}  ${paint(style, event.event.padEnd(6))}  ${event.fault}\n`)
  }
}

async function tellFaults(standing: Standing, plan: Plan, paint: Paint): Promise<void> {
  const row = ({ describe, touched }: FaultReport, i: number) => {
    if (touched > 0) return `  ${describe}: touched ${touched}`
    const gripsHosts = plan.faults[i]?.definition.hands !== undefined
    const why = gripsHosts ? 'touched nothing: no such host is here' : 'touched nothing'
    return `  ${describe}: ${paint('yellow', why)}`
  }
  const lines = ['', ...(await standing.report()).map(row)]
  process.stdout.write(`${lines.join('\n')}\n`)
}
