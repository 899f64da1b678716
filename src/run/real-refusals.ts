// What the real world cannot do at a speed, said before anything starts.
import { BadInputError } from '../base/errors.ts'
import { faultOf, pipelineOf, type Resolved } from '../scenario/schema.ts'
import { HANDS } from '../worlds/real/abilities.ts'
import { dated, highestSpeed, isPossible } from '../worlds/real/expiry.ts'

/** Throws BadInputError, one line for each thing that cannot be had. */
export function refuseImpossible(file: string, scenario: Resolved, speed: number): void {
  for (const fault of scenario.faults) {
    const missing = faultOf(scenario, fault).hands?.find(
      (hand) => !HANDS[hand].on.includes(process.platform),
    )
    if (missing === undefined) continue
    throw new BadInputError(
      `${file}: the real world has no hand for '${fault.kind}' (${HANDS[missing].how}) on ${process.platform}; leave it out, or run it with --world virtual`,
    )
  }
  refuseImpossibleUrls(file, scenario, speed)
}

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
