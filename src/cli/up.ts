// `aftershock up`: a scenario's parts, mocks and interposers alone, for a system of the user's own, until Ctrl-C.
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ExitCode } from '../base/errors.ts'
import { suggestion } from '../base/suggest.ts'
import { formatDuration } from '../base/units.ts'
import type { Observer } from '../metrics/history.ts'
import { type Paint, painter } from '../reporters/text.ts'
import { exposureOf } from '../run/exposing.ts'
import { giveParts } from '../run/parts-up.ts'
import { type Plan, planOf } from '../run/plan.ts'
import { refuseImpossible } from '../run/real-refusals.ts'
import { type Standing, standUp } from '../run/standing.ts'
import type { FaultReport } from '../run/timeline.ts'
import { openBucket } from '../worlds/real/bucket.ts'
import { readProvider } from '../worlds/real/parts.ts'
import { checkTarget } from '../worlds/real/targets.ts'
import { targetsOf } from '../worlds/real/used-parts.ts'
import { type Environment, usageError } from './complain.ts'
import { isPlain } from './destinations.ts'
import { exposingOf } from './exposing.ts'
import type { Flags } from './flags.ts'
import { Interrupt } from './interrupt.ts'
import { ordersOf } from './orders.ts'
import { startStore } from './store-up.ts'
import { standingLines, systemOf } from './up-lines.ts'

export interface UpFlags extends Flags {
  /** `name=URL`: where the system's own hosts listen. */
  readonly host?: readonly string[]
}

export async function up(
  file: string,
  flags: UpFlags,
  environment: Environment,
): Promise<ExitCode> {
  const [order] = await ordersOf([file], flags)
  const [variant = ''] = order?.variants ?? []
  if (order === undefined) return ExitCode.badScenario
  const { seed, speed, faults } = flags
  const scenario = order.scenario.resolve(variant, flags.brief)
  const plan = planOf(scenario)
  if (faults) refuseImpossible(file, scenario, speed, environment)
  readProvider('--objects', flags.objects)
  const hosts = await hostsOf(flags, plan)
  const paint = painter(!isPlain(flags, environment))

  await using stack = new AsyncDisposableStack()
  const { signal } = stack.use(new Interrupt(undefined, environment))
  const exposure = exposureOf(plan, exposingOf(flags))
  const store = stack.use(await startStore(flags, environment, signal))
  const { access, remove } = await openBucket(store, store.hold)
  stack.defer(async () => void (await remove([signal], store.isOurs)))
  const { pipeline } = scenario
  const given = stack.use(await giveParts(plan.pipeline.uses?.(pipeline) ?? {}, store.beside))
  const ending = new Ending(signal, store.exited)
  const onFault = faults ? { onFault: faultTeller(paint) } : {}
  const onTrouble = (error: unknown) => ending.fail(error)
  const parts = targetsOf(given.parts)
  const told = {
    scenario,
    seed,
    speed,
    store: access,
    parts,
    hosts,
    exposure,
    ...onFault,
    onTrouble,
  }
  const standing = stack.use(await standUp(told))
  const { links } = standing
  const { name } = order.scenario
  const around = {
    store,
    bucket: access,
    given,
    exposure,
    caFile: await writtenAuthority(standing),
  }
  const about = { name, variant, speed, plan, hosts, faults, links, ...around, paint }
  process.stdout.write(`${standingLines(about).join('\n')}\n`)
  standing.begin()
  await ending.promise
  if (faults) await tellFaults(standing, plan, paint)
  return ExitCode.pass
}

/** Beside the logs: a container may have it mounted. */
async function writtenAuthority({ authority }: Standing): Promise<string | undefined> {
  if (authority === undefined) return undefined
  const file = resolve('reports', 'parts', 'ca.pem')
  await writeFile(file, authority)
  return file
}

/** Until Ctrl-C, or until something that stands falls. */
class Ending {
  readonly #end = Promise.withResolvers<void>()

  constructor(signal: AbortSignal, exited: Promise<Error | undefined>) {
    // It may be over before anybody waits for it.
    this.#end.promise.catch(() => {})
    signal.addEventListener('abort', () => this.#end.resolve())
    if (signal.aborted) this.#end.resolve()
    void exited.then((error) => error !== undefined && this.fail(error))
  }

  fail(error: unknown): void {
    this.#end.reject(error)
  }

  get promise(): Promise<void> {
    return this.#end.promise
  }
}

/** Names as they stand in the scenario; what listens there is on this machine, unless another is allowed. */
async function hostsOf(
  { host = [], allowTarget = [] }: UpFlags,
  plan: Plan,
): Promise<ReadonlyMap<string, string>> {
  const own = systemOf(plan).map(({ name }) => name)
  const found = new Map<string, string>(
    plan.hosts.flatMap(({ name, foreign }) =>
      foreign?.attach === undefined ? [] : [[name, new URL(foreign.attach).origin] as const],
    ),
  )
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
