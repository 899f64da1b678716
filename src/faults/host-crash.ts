// Hosts die and stay down until healed; what they held in memory is gone.
import { z } from 'zod'
import { glob } from '../base/fields.ts'
import { defineFault, timing } from './fault.ts'

const options = z.strictObject({ kind: z.literal('host.crash'), ...timing, host: glob })

export const hostCrash = defineFault({
  kind: 'host.crash',
  help: 'hosts die and stay down until healed',
  options,
  needsHosts: true,
  hands: ['host'],
  describe: (o) => `${o.host} down`,
  targets: (o) => ({ hosts: [o.host] }),
  hold(o, hands, evidence) {
    const victims = hands.hosts(o.host).map((name) => hands.host(name))
    const cut = victims.reduce((sum, host) => sum + host.crash(), 0)
    evidence.touched = (evidence.touched ?? 0) + victims.length
    evidence.connectionsCut = (evidence.connectionsCut ?? 0) + cut
    return {
      [Symbol.dispose]() {
        for (const host of victims) host.start()
      },
    }
  },
})
