// Hosts die and stay down until healed; what they held in memory is gone.
import { z } from 'zod'
import { glob } from '../base/fields.ts'
import { takeDown } from './down.ts'
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
  hold: (o, hands, evidence) =>
    takeDown(
      hands.hosts(o.host).map((name) => hands.host(name)),
      evidence,
    ),
})
