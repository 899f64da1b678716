// What a run needs for its processes' calls to the world outside: an authority, its certificates, and who stands in.
import type { ForeignProcess } from '../../foreign.ts'
import type { Egress } from '../protocol.ts'
import { authorityFor } from './authority.ts'
import { bareNames } from './places.ts'

export interface Outward {
  readonly egress: Egress
  /** PEM; undefined where nobody needs it. */
  readonly authority: string | undefined
}

/** `callers`: whose calls go through a proxy. Where there are none nothing is made or loaded. */
export async function outwardFor(
  hosts: readonly { readonly name: string; readonly standsInFor?: readonly string[] }[],
  callers: readonly string[],
): Promise<Outward> {
  const names = Object.fromEntries(
    hosts.flatMap(({ name, standsInFor = [] }) => standsInFor.map((host) => [host, name])),
  )
  if (callers.length === 0)
    return { egress: { callers, names: {}, certificates: {} }, authority: undefined }
  const { certificate, names: certificates } = await authorityFor(bareNames(names))
  return { egress: { callers, names, certificates }, authority: certificate }
}

/** Processes that are not ours. */
export function foreignIn(
  hosts: readonly { readonly name: string; readonly foreign?: ForeignProcess }[],
): string[] {
  return hosts.filter(({ foreign }) => foreign !== undefined).map(({ name }) => name)
}
