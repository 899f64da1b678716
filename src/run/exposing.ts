// Which listeners of a run have fixed ports, and who may reach them: from what its pipeline and the command line say.
import { BadInputError } from '../base/errors.ts'
import { suggestion } from '../base/suggest.ts'
import { partNamesOf } from '../pipelines/pipeline.ts'
import { PROXY_NAME } from '../worlds/foreign.ts'
import {
  bridgeAddresses,
  type Exposure,
  FROM_CONTAINERS,
  LOOPBACK_ALONE,
} from '../worlds/real/exposure.ts'
import { pairsOf } from '../worlds/real/pairs.ts'
import type { Plan } from './plan.ts'

export interface Exposing {
  readonly bind: 'loopback' | 'bridge'
  /** `objects=9000`, `worker.objects=9001`. */
  readonly listen: Readonly<Record<string, number>>
}

/** Throws BadInputError for a name that nothing has, AftershockError where containers cannot reach this machine. */
export function exposureOf(plan: Plan, { bind, listen }: Exposing): Exposure {
  const { pipeline, scenario } = plan
  const wanted = { ...pipeline.listen?.(scenario.pipeline), ...listen }
  const ports = Object.entries(wanted).map(([name, port]) => [wayOf(name, plan), port] as const)
  const twice = ports.find(([, port], i) => ports.findIndex(([, other]) => other === port) < i)
  if (twice !== undefined)
    throw new BadInputError(`listen: port ${twice[1]} is given to two: ${twice[0]} is the second`)
  return bind === 'bridge'
    ? { ports: Object.fromEntries(ports), addresses: bridgeAddresses(), name: FROM_CONTAINERS }
    : { ...LOOPBACK_ALONE, ports: Object.fromEntries(ports) }
}

/** `from to`, of `to` or `from.to`. */
function wayOf(name: string, { pipeline, scenario, hosts }: Plan): string {
  const own = hosts.filter(({ isUpstream }) => isUpstream !== true).map((host) => host.name)
  const processes = hosts.filter(({ foreign }) => foreign !== undefined).map((host) => host.name)
  const outside = processes.length === 0 ? [] : [PROXY_NAME]
  const ways = [
    ...pairsOf(hosts),
    ...own.flatMap((from) =>
      [...partNamesOf(pipeline, scenario.pipeline), ...outside].map((to) => [from, to] as const),
    ),
  ]
  const dot = name.indexOf('.')
  const [from, to] =
    dot < 0
      ? [processes.includes(name) ? pipeline.entry : (processes[0] ?? own[0]), name]
      : [name.slice(0, dot), name.slice(dot + 1)]
  if (ways.some(([one, other]) => one === from && other === to)) return `${from} ${to}`
  const known = [...new Set(ways.flatMap(([one, other]) => [other, `${one}.${other}`]))]
  throw new BadInputError(`listen: nothing is called '${name}'${suggestion(name, known)}`)
}
