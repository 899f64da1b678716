// What the real world cannot do at a speed, said before anything starts.
import { BadInputError } from '../base/errors.ts'
import { faultOf, pipelineOf, type Resolved } from '../scenario/schema.ts'
import { dated, highestSpeed, isPossible } from '../worlds/real/expiry.ts'

/** Throws BadInputError for a URL that no server could be given at this speed. */
export function refuseImpossibleUrls(file: string, scenario: Resolved, speed: number): void {
  const { presigns } = pipelineOf(scenario)
  const skews = scenario.faults.map((fault) => faultOf(fault).presignSkewMs?.(fault as never) ?? 0)
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
