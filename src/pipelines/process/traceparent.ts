// The W3C trace context of an item: its trace is told from others' by the item's id and the run's seed.
//
// https://www.w3.org/TR/trace-context/
import type { Random } from '../../base/random.ts'

/**
 * The trace id begins with the item's own, so that what passes it on says which item it is about: a route's
 * `key: headers.traceparent` needs no more.
 */
export function traceparentOf(random: Random, id: string): string {
  const hex = (what: string, digits: number) =>
    Math.floor((random.at('traceparent', what, id) || 0.5) * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  const trace = `${id.slice(-8).padStart(8, '0')}${hex('high', 12)}${hex('low', 12)}`
  return `00-${trace}-${hex('span high', 8)}${hex('span low', 8)}-01`
}
