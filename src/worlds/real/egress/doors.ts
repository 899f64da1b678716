// The ways out of all processes of a run.
import { PROXY_NAME } from '../../foreign.ts'
import type { Exposure } from '../exposure.ts'
import type { LinkAddress } from '../interposer/index.ts'
import type { Egress } from '../protocol.ts'
import { Door, type DoorSetup } from './door.ts'

/** They last as long as the thread. */
export async function openDoors(
  { callers, names, certificates }: Egress,
  exposure: Exposure,
  setupFor: (from: string) => Pick<DoorSetup, 'entranceTo' | 'tell' | 'time'>,
): Promise<LinkAddress[]> {
  const opening = callers.map(async (from) => {
    const door = new Door({ from, names, certificates, ...setupFor(from) })
    return {
      from,
      to: PROXY_NAME,
      port: await door.listen(exposure.ports[`${from} ${PROXY_NAME}`] ?? 0, exposure),
    }
  })
  return Promise.all(opening)
}
