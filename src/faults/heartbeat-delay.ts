// Heartbeats arrive late.
import { z } from 'zod'
import { compileDistribution } from '../base/distribution.ts'
import { distribution } from '../base/fields.ts'
import { pass } from '../worlds/world.ts'
import { defineFault, timing } from './fault.ts'
import {
  concerning,
  draw,
  heartbeats,
  isAmong,
  nameServices,
  often,
  selection,
  services,
  serviceTargets,
} from './often.ts'

const options = z.strictObject({
  kind: z.literal('heartbeat.delay'),
  ...timing,
  services,
  route: z.string().min(1).default('heartbeat'),
  by: distribution,
  probability: selection.probability,
  nth: selection.nth,
})

export const heartbeatDelay = defineFault({
  kind: 'heartbeat.delay',
  help: 'heartbeats of some or all services arrive late',
  options,
  describe: (o) => `heartbeats of ${nameServices(o.services)} late`,
  targets: (o) => ({ routes: [o.route], hosts: serviceTargets(o.services) }),
  meets: heartbeats,
  rule(o, random) {
    const isAffected = isAmong(o.services)
    const time = compileDistribution(o.by)
    const inner = often({ probability: o.probability, nth: o.nth }, random, 'request', (call) => ({
      do: 'delay',
      ms: time.sample(draw(random, call, 'delay')),
    }))
    return concerning(
      ({ route }) => route === o.route,
      (call, at) => (call.route === o.route && isAffected(call) ? inner(call, at) : pass),
    )
  },
})
