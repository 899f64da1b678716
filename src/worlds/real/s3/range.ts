// Byte ranges of a GET: `bytes=1-2`, `bytes=5-` and `bytes=-3`; whatever else is said is the whole object.
import { Refusal } from './refusals.ts'

export interface Range {
  readonly start: number
  /** The first byte that is not part of it. */
  readonly end: number
}

export function rangeOf(header: string | undefined, sizeBytes: number): Range | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  if (first === '') {
    if (Number(last) === 0) throw new Refusal('badRange')
    return { start: Math.max(0, sizeBytes - Number(last)), end: sizeBytes }
  }
  const start = Number(first)
  if (last !== '' && start > Number(last)) throw new Refusal('badRange')
  if (start >= sizeBytes) throw unsatisfiable(first, last, sizeBytes)
  return { start, end: last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) }
}

/** An open end is written as -1 by MinIO. */
function unsatisfiable(first: string, last: string, sizeBytes: number): Refusal {
  const asked = `${first}-${last === '' ? -1 : last}`
  return new Refusal('badRange', {
    message: `The requested range 'bytes=${asked}' is not satisfiable`,
    elements: [
      ['ActualObjectSize', String(sizeBytes)],
      ['RangeRequested', asked],
    ],
  })
}
