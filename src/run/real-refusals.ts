// What the real world cannot do at a speed, said before anything starts.
import picomatch from 'picomatch'
import { must } from '../base/assert.ts'
import { AftershockError, BadInputError, ExitCode } from '../base/errors.ts'
import { Random } from '../base/random.ts'
import { faultOf, loadOf, pipelineOf, type Resolved } from '../scenario/schema.ts'
import type { ForeignProcess } from '../worlds/foreign.ts'
import { HANDS, OF_ANOTHER_PROCESS } from '../worlds/real/abilities.ts'
import { dated, highestSpeed, isPossible } from '../worlds/real/expiry.ts'
import type { Environment } from '../worlds/real/journal.ts'
import { remedies } from '../worlds/real/remedies.ts'
import { findFaketime } from '../worlds/real/skew/faketime.ts'
import { whyUnheeding } from '../worlds/real/skew/heeds.ts'
import {
  DATABASE_NAME,
  DATABASE_ROUTES,
  type Link,
  REDIS_NAME,
  REDIS_ROUTES,
} from '../worlds/world.ts'

/** Throws BadInputError, one line for each thing that cannot be had. */
export function refuseImpossible(
  file: string,
  scenario: Resolved,
  speed: number,
  environment: Environment,
): void {
  for (const fault of scenario.faults) {
    const missing = faultOf(scenario, fault).hands?.find(
      (hand) => !HANDS[hand].on.includes(process.platform),
    )
    if (missing === undefined) continue
    throw new BadInputError(
      `${file}: the real world has no hand for '${fault.kind}' (${HANDS[missing].how}) on ${process.platform}; leave it out, or run it with --world virtual`,
    )
  }
  refuseCallsToParts(file, scenario)
  refuseImpossibleUrls(file, scenario, speed)
  refuseOfProcesses(file, scenario, speed, environment)
}

/** What is asked again as soon as it is answered is paced by real milliseconds alone. */
export function refuseFasterAnswers(file: string, scenario: Resolved, speed: number): void {
  if (loadOf(scenario).asksByHttp !== true || speed === 1) return
  throw new BadInputError(
    `${file}: --speed ${speed} with load.kind '${scenario.load.kind}': it asks again as soon as it is answered, and a real answer comes no sooner because the world's clock is fast; leave it at 1`,
  )
}

/** Hands that reach into our own hosts alone. */
const OURS_ALONE: readonly string[] = ['capacity', 'work']

/** What cannot be done to a process that is not ours. */
function refuseOfProcesses(
  file: string,
  scenario: Resolved,
  speed: number,
  environment: Environment,
): void {
  const foreign = pipelineOf(scenario)
    .hosts(scenario.pipeline)
    .flatMap(({ name, foreign: spec }) => (spec === undefined ? [] : [{ name, spec }]))
  if (foreign.length === 0) return
  if (speed !== 1)
    throw new BadInputError(
      `${file}: --speed ${speed} with processes that are not ours: their own seconds do not shrink; leave it at 1`,
    )
  for (const [i, fault] of scenario.faults.entries()) {
    const { hands = [], targets } = faultOf(scenario, fault)
    const globs = targets?.(fault as never).hosts ?? []
    const all = foreign.filter(({ name }) => globs.some((glob) => picomatch(glob)(name)))
    const [met] = all
    if (met === undefined) continue
    if (hands.includes('clock'))
      for (const one of all) refuseSkew(`${file}: faults[${i}]`, fault as never, one, environment)
    const hand = hands.find((one) => OURS_ALONE.includes(one))
    if (hand !== undefined)
      throw new BadInputError(
        `${file}: faults[${i}]: '${fault.kind}' cannot reach into '${met.name}', a process that is not ours; slow its calls with latency, or hold it still with host.pause`,
      )
    if (hands.includes('host') && met.spec.attach !== undefined)
      throw new BadInputError(
        `${file}: faults[${i}]: '${fault.kind}' takes a process that the run itself started; '${met.name}' is only attached to`,
      )
  }
}

/** Throws where the clock of a process cannot be skewed, or only in part. */
function refuseSkew(
  place: string,
  { affects }: { readonly affects?: string },
  { name, spec }: { readonly name: string; readonly spec: ForeignProcess },
  environment: Environment,
): void {
  const { on, how } = must(OF_ANOTHER_PROCESS.clock, 'a clock can be skewed from outside')
  const why =
    affects === 'presign'
      ? 'skews one use of a clock; of a process that is not ours only the whole clock can be: leave `affects` out'
      : spec.attach !== undefined
        ? `takes a process that the run itself started; '${name}' is only attached to`
        : on.includes(process.platform)
          ? unheeding(name, spec, environment)
          : `skews the clock of '${name}', a process that is not ours, ${how.split(';')[0]}, which ${process.platform} does not have`
  if (why !== undefined) throw new BadInputError(`${place}: 'clock.skew' ${why}`)
  if (findFaketime(environment) !== undefined) return
  throw new AftershockError(
    'environment',
    `${place}: 'clock.skew' needs libfaketime for '${name}'`,
    {
      exitCode: ExitCode.environment,
      hint: `It is not installed: ${remedies(process.platform).faketime}`,
    },
  )
}

function unheeding(
  name: string,
  { command: [program = ''], folder, environment: own }: ForeignProcess,
  environment: Environment,
): string | undefined {
  const why = whyUnheeding(program, folder, own.PATH ?? environment.PATH)
  return why === undefined ? undefined : `cannot reach the clock of '${name}': ${why}`
}

/** Said before a world is asked to run what it cannot. */
export function refuseElsewhere(file: string, scenario: Resolved): void {
  const { kind, worlds } = pipelineOf(scenario)
  if (worlds?.includes('virtual') === false)
    throw new BadInputError(
      `${file}: pipeline.kind: '${kind}' runs in the real world only; add --world real`,
    )
}

/** Before Redis and the database stand proxies that pass bytes on: they tell no call from another. */
function refuseCallsToParts(file: string, scenario: Resolved): void {
  const pipeline = pipelineOf(scenario)
  const { redis, database } = pipeline.uses?.(scenario.pipeline) ?? {}
  const own = pipeline.hosts(scenario.pipeline).filter((host) => host.isUpstream !== true)
  const links = own.flatMap(({ name: from }): Link[] => [
    ...(redis === undefined ? [] : REDIS_ROUTES).map((route) => {
      return { from, to: REDIS_NAME, op: 'redis', route } as const
    }),
    ...(database === undefined ? [] : DATABASE_ROUTES).map((route) => {
      return { from, to: DATABASE_NAME, op: 'database', route } as const
    }),
  ])
  for (const options of scenario.faults) {
    const rule = faultOf(scenario, options).rule?.(options as never, new Random(0))
    const met = links.find((link) => STAGES.some((at) => rule?.concerns?.(link, at) ?? false))
    if (met === undefined) continue
    const cure = met.to === REDIS_NAME ? ', take redis.slow or redis.down,' : ''
    throw new BadInputError(
      `${file}: '${options.kind}' would act on calls to ${met.to}, which the real world cannot tell one from another; name other calls by \`to\` or \`route\`${cure} or run it with --world virtual`,
    )
  }
}

const STAGES = ['connect', 'request', 'reply'] as const

/** Throws BadInputError for a URL that no server could be given at this speed. */
function refuseImpossibleUrls(file: string, scenario: Resolved, speed: number): void {
  const { presigns } = pipelineOf(scenario)
  const skews = scenario.faults.map(
    (fault) => faultOf(scenario, fault).presignSkewMs?.(fault as never) ?? 0,
  )
  for (const expirySeconds of presigns?.(scenario.pipeline as never) ?? [])
    for (const skewMs of [0, ...skews]) {
      const skew = skewMs / 1_000
      const dating = dated(expirySeconds, skew, speed)
      if (isPossible(dating)) continue
      const highest = highestSpeed(expirySeconds, skew)
      const cure =
        highest === 0
          ? 'no speed makes it possible'
          : `the highest that works is --speed ${highest}`
      throw new BadInputError(
        `${file}: at --speed ${speed} a presigned URL of ${expirySeconds} s${skew === 0 ? '' : ` from a clock ${skew} s off`} would have to live ${dating.expirySeconds} s, and a server takes 1 to 604,800; ${cure}`,
      )
    }
}
