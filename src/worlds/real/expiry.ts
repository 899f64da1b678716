// How a presigned URL is dated at a speed: the world's calendar runs ahead of the server's, which judges it.
import { AftershockError, ExitCode } from '../../base/errors.ts'

/** A server accepts a date this far in its future. */
const LARGEST_SKEW_SECONDS = 900
const LONGEST_EXPIRY_SECONDS = 604_800

export interface Dating {
  /** Added to the server's own time, seconds. */
  readonly offsetSeconds: number
  readonly expirySeconds: number
}

/**
 * For an expiry and a skew in seconds of the world. With the skew in the past, the URL has used up the skew already
 * and what is left lasts 1 ÷ speed as long on the server's clock; a date up to 15 minutes in the future only adds to
 * its life; farther in the future the server refuses it by a constant of its own, whatever the speed.
 */
export function dated(expirySeconds: number, skewSeconds: number, speed: number): Dating {
  const whole = (seconds: number) => Math.round(seconds)
  if (skewSeconds > LARGEST_SKEW_SECONDS) return { offsetSeconds: skewSeconds, expirySeconds }
  if (skewSeconds > 0)
    return { offsetSeconds: 0, expirySeconds: whole((expirySeconds + skewSeconds) / speed) }
  return {
    offsetSeconds: skewSeconds,
    expirySeconds: whole((expirySeconds + skewSeconds) / speed - skewSeconds),
  }
}

export function isPossible({ expirySeconds }: Dating): boolean {
  return expirySeconds >= 1 && expirySeconds <= LONGEST_EXPIRY_SECONDS
}

/** The highest whole speed at which the URL can be dated at all; 0 where there is none. */
export function highestSpeed(expirySeconds: number, skewSeconds: number): number {
  for (let speed = 1_000; speed >= 1; speed--)
    if (isPossible(dated(expirySeconds, skewSeconds, speed))) return speed
  return 0
}

/** Throws where no server could be given such a URL at this speed. */
export function mustBeDated(expirySeconds: number, skewSeconds: number, speed: number): Dating {
  const found = dated(expirySeconds, skewSeconds, speed)
  if (isPossible(found)) return found
  const highest = highestSpeed(expirySeconds, skewSeconds)
  throw new AftershockError(
    'speed',
    `a presigned URL of ${expirySeconds} s${skewSeconds === 0 ? '' : ` dated ${skewSeconds} s off`} cannot be had at --speed ${speed}: it would have to live ${found.expirySeconds} s, and a server takes 1 to ${LONGEST_EXPIRY_SECONDS}`,
    {
      exitCode: ExitCode.badScenario,
      hint:
        highest === 0
          ? 'No speed makes it possible.'
          : `The highest speed that works is --speed ${highest}.`,
    },
  )
}
