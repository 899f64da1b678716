// Who may call whom: one listener for each pair.
import { STORE_NAME } from '../world.ts'

/** The pipeline's own hosts call everything, upstreams the pipeline's hosts, all of them the store. */
export function pairsOf(
  hosts: readonly { readonly name: string; readonly isUpstream?: boolean }[],
): (readonly [from: string, to: string])[] {
  return hosts.flatMap((from) => [
    [from.name, STORE_NAME] as const,
    ...hosts
      .filter(
        (to) => to.name !== from.name && !(from.isUpstream === true && to.isUpstream === true),
      )
      .map((to) => [from.name, to.name] as const),
  ])
}
