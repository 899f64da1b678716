// Conditional requests: by what an object is, and by when it was put.
import type { Headers } from '../sigv4.ts'
import { Refusal } from './refusals.ts'
import type { Found } from './storage.ts'

export function describing({ info, etag }: Found): Headers {
  return { etag: `"${etag}"`, 'last-modified': new Date(info.modifiedMs).toUTCString() }
}

/** Of a GET or HEAD: false where the client has it already (304); a `Refusal` (412) where a condition does not hold. */
export function isWanted(headers: Headers, found: Found): boolean {
  const { 'if-none-match': unlike, 'if-modified-since': since } = headers
  if (unlike && isSameTag(unlike, found.etag)) return false
  if (since && !isNewer(found, since, true)) return false
  mustHold(headers, found)
  return true
}

/** Of a copy's source: its conditions have names of their own. */
export function mustBeWanted(headers: Headers, found: Found): void {
  const renamed = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(COPY))
      .map(([name, value]) => [name.slice(COPY.length), value]),
  )
  if (!isWanted(renamed, found)) throw failed(found)
}

const COPY = 'x-amz-copy-source-'

/** Of a PUT onto what may be there already. */
export function mustBeFree(headers: Headers, found: Found | undefined): void {
  const { 'if-match': like, 'if-none-match': unlike } = headers
  if (found === undefined) {
    if (like) throw new Refusal('noSuchKey')
    return
  }
  if (like && !isSameTag(like, found.etag)) throw failed(found)
  if (unlike && isSameTag(unlike, found.etag)) throw failed(found)
}

function mustHold(headers: Headers, found: Found): void {
  const { 'if-match': like, 'if-unmodified-since': since } = headers
  if (like && !isSameTag(like, found.etag)) throw failed(found)
  if (since && !like && isNewer(found, since, false)) throw failed(found)
}

function failed(found: Found): Refusal {
  return new Refusal('precondition', { headers: describing(found) })
}

function isSameTag(given: string, own: string): boolean {
  return given.trim() === '*' || given.replaceAll('"', '') === own
}

/** HTTP dates are whole seconds. `otherwise`: for what is no date at all. */
function isNewer({ info }: Found, date: string, otherwise: boolean): boolean {
  const ms = Date.parse(date)
  return Number.isNaN(ms) ? otherwise : info.modifiedMs >= ms + 1_000
}
