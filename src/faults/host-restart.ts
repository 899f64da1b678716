// Hosts are restarted: at once, or after being down for a while.
import { z } from 'zod'
import { glob } from '../base/fields.ts'
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
  hold(o, hands, evidence) {
    const hosts = hands.hosts(o.host).map((name) => hands.host(name))
    const cut = hosts.reduce((sum, host) => sum + host.crash(), 0)
    evidence.touched = (evidence.touched ?? 0) + hosts.length
    evidence.connectionsCut = (evidence.connectionsCut ?? 0) + cut
    return {
      [Symbol.dispose]() {
        for (const host of hosts) host.start()
      },
    }
  },
})
