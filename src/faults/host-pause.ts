// Hosts stand still: nothing they wait for reaches them until they go on.
import { z } from 'zod'
import { glob } from '../base/fields.ts'
import { defineFault, timing } from './fault.ts'

const options = z.strictObject({ kind: z.literal('host.pause'), ...timing, host: glob })

export const hostPause = defineFault({
  kind: 'host.pause',
  help: 'hosts stand still until healed, as under SIGSTOP',
  options,
  needsHosts: true,
  hands: ['host'],
  describe: (o) => `${o.host} paused`,
  targets: (o) => ({ hosts: [o.host] }),
  hold(o, hands, evidence) {
    const victims = hands
      .hosts(o.host)
      .map((name) => hands.host(name))
      .filter((host) => host.alive())
    const stood = victims.filter((host) => !host.running())
    const count = (hosts: number) => {
      evidence.touched = (evidence.touched ?? 0) + hosts
    }
    for (const host of victims) host.pause()
    count(victims.length - stood.length)
    return {
      [Symbol.dispose]() {
        for (const host of victims) host.resume()
        // One that another fault had stopped first would have gone on since that let go of it.
        count(stood.filter((host) => host.running()).length)
      },
    }
  },
})
