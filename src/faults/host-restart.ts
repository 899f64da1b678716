// Hosts are restarted: at once, or after being down for a while.
import { z } from 'zod'
import { glob } from '../base/fields.ts'
import { takeDown } from './down.ts'
import { defineFault, timing } from './fault.ts'

const options = z.strictObject({ kind: z.literal('host.restart'), ...timing, host: glob })

export const hostRestart = defineFault({
  kind: 'host.restart',
  help: 'hosts are restarted, memory lost; down for `for`, by default for no time',
  options,
  instant: true,
  needsHosts: true,
  hands: ['host'],
  describe: (o) => `${o.host} restarted`,
  targets: (o) => ({ hosts: [o.host] }),
  hold: (o, hands, evidence) =>
    takeDown(
      hands.hosts(o.host).map((name) => hands.host(name)),
      evidence,
    ),
})
